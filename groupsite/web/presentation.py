"""Dates as people read them: the meeting's own clock first, the reader's beside it where the two differ."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for

from groupsite.domain.recurrence import occurrence_key
from groupsite.domain.wording import clock_words, length_words
from groupsite.domain.words import WITH_A_PLACE, OccurrenceStatus
from groupsite.domain.zones import to_local
from groupsite.models import Group, OccurrenceRow
from groupsite.web.forms.choices import KINDS, MODALITIES
from groupsite.web.reader_zone import zone_in_address

STATUS_LABELS = {
    OccurrenceStatus.SCHEDULED: "",
    OccurrenceStatus.CHANGED: "Changed",
    OccurrenceStatus.MOVED: "Moved",
    OccurrenceStatus.RELOCATED: "Elsewhere",
    OccurrenceStatus.CANCELLED: "Cancelled",
}


@dataclass(frozen=True, slots=True)
class DateView:
    """One date, ready to be shown. The `your_...` fields are empty when the reader's clock shows the same."""

    href: str
    title: str
    group_name: str
    group_href: str
    day: str
    time: str
    zone_label: str
    your_day: str
    your_time: str
    your_zone_label: str
    length: str
    status_label: str
    note: str
    kind_label: str
    modality_label: str
    place: str
    is_cancelled: bool
    iso_start: str
    answer: str = ""
    """What the reader herself has said about it."""


def date_view(
    row: OccurrenceRow,
    group: Group,
    *,
    reader_zone: str | None,
    now: datetime,
    doubt: str = "",
    is_among_zones: bool = False,
) -> DateView:
    """`reader_zone` is an IANA name that exists, or None when the reader told none; `doubt` is added to the note.

    `Today` and `Tomorrow` are the reader's. Without a zone of hers they are the meeting's, unless it stands in a list of
    many zones: there the same word would mean different days.
    """
    is_same = reader_zone is None or _shows_the_same(row, reader_zone)
    says_near = is_same and not (is_among_zones and reader_zone is None)
    own = clock_words(row.start_utc, row.end_utc, row.timezone, now, says_near=says_near)
    theirs = clock_words(row.start_utc, row.end_utc, reader_zone or row.timezone, now)
    return DateView(
        href=date_href(row, group),
        title=row.title,
        group_name=group.name,
        group_href=url_for("groups.show", slug=group.slug, tz=zone_in_address()),
        day=own.day,
        time=own.hours,
        zone_label=own.zone,
        your_day="" if is_same else theirs.day,
        your_time="" if is_same else theirs.hours,
        your_zone_label="" if is_same else theirs.zone,
        length=length_words(minutes_of(row)),
        status_label=STATUS_LABELS[row.status],
        note=" ".join(filter(None, (row.public_note, doubt))),
        kind_label=KINDS[row.kind],
        modality_label=MODALITIES[row.modality],
        place=row.venue.name if row.venue and row.modality in WITH_A_PLACE else "",
        is_cancelled=row.status is OccurrenceStatus.CANCELLED,
        iso_start=row.start_utc.isoformat(timespec="minutes"),
    )


def _shows_the_same(row: OccurrenceRow, timezone: str) -> bool:
    """Whether clocks in `timezone` read as the meeting's do, from start to end."""
    return all(to_local(moment, timezone) == to_local(moment, row.timezone) for moment in (row.start_utc, row.end_utc))


def date_href(row: OccurrenceRow, group: Group) -> str:
    """The page of this date."""
    key = occurrence_key(row.original_local)
    return url_for("dates.show", slug=group.slug, series=row.series_slug, key=key, tz=zone_in_address())


def minutes_of(row: OccurrenceRow) -> int:
    return int((row.end_utc - row.start_utc) / timedelta(minutes=1))
