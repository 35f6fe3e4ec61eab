"""Dates as people read them: the meeting's own clock first, the reader's beside it where the two differ."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import url_for

from groupsite.domain.recurrence import occurrence_key
from groupsite.domain.words import WITH_A_PLACE, OccurrenceStatus
from groupsite.domain.zones import to_local
from groupsite.models import Group, OccurrenceRow
from groupsite.web.forms.choices import KINDS, MODALITIES

STATUS_LABELS = {
    OccurrenceStatus.SCHEDULED: "",
    OccurrenceStatus.CHANGED: "Changed",
    OccurrenceStatus.MOVED: "Moved",
    OccurrenceStatus.RELOCATED: "Elsewhere",
    OccurrenceStatus.CANCELLED: "Cancelled",
}
WHOLE_DAY = 24 * 60
HOUR = 60


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


def date_view(
    row: OccurrenceRow, group: Group, *, reader_zone: str | None, now: datetime, doubt: str = ""
) -> DateView:
    """`reader_zone` is an IANA name that exists, or None when the reader told none; `doubt` is added to the note."""
    own = _clock(row, row.timezone, now)
    theirs = _clock(row, reader_zone, now) if reader_zone else own
    is_same = theirs[:2] == own[:2]
    return DateView(
        href=date_href(row, group),
        title=row.title,
        group_name=group.name,
        group_href=url_for("groups.show", slug=group.slug),
        day=own[0],
        time=own[1],
        zone_label=own[2],
        your_day="" if is_same else theirs[0],
        your_time="" if is_same else theirs[1],
        your_zone_label="" if is_same else theirs[2],
        length=length_words(minutes_of(row)),
        status_label=STATUS_LABELS[row.status],
        note=" ".join(filter(None, (row.public_note, doubt))),
        kind_label=KINDS[row.kind],
        modality_label=MODALITIES[row.modality],
        place=row.venue.name if row.venue and row.modality in WITH_A_PLACE else "",
        is_cancelled=row.status is OccurrenceStatus.CANCELLED,
        iso_start=row.start_utc.isoformat(timespec="minutes"),
    )


def date_href(row: OccurrenceRow, group: Group) -> str:
    key = occurrence_key(row.original_local)
    return url_for("dates.show", slug=group.slug, series=row.series_slug, key=key)


def minutes_of(row: OccurrenceRow) -> int:
    return int((row.end_utc - row.start_utc) / timedelta(minutes=1))


def length_words(minutes: int) -> str:
    """`90 minutes`, `1 hour`, `24 hours`."""
    if minutes % HOUR:
        return f"{minutes} minutes"
    return "1 hour" if minutes == HOUR else f"{minutes // HOUR} hours"


def day_words(day: date, today: date) -> str:
    """`Tuesday 24 November`, with `Today` and `Tomorrow` said first, and the year when it is another one."""
    words = f"{day:%A} {day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")
    near = {today: "Today, ", today + timedelta(days=1): "Tomorrow, "}
    return near.get(day, "") + words


def date_words(day: date) -> str:
    """`20 April 2026`."""
    return f"{day.day} {day:%B %Y}"


def zone_words(timezone: str) -> str:
    """`New York time` for America/New_York."""
    place = timezone.rpartition("/")[2].replace("_", " ")
    return place if place == "UTC" else f"{place} time"


def _clock(row: OccurrenceRow, timezone: str, now: datetime) -> tuple[str, str, str]:
    """Day, hours and zone as a clock in this zone shows them."""
    start, end = to_local(row.start_utc, timezone), to_local(row.end_utc, timezone)
    hours = f"{start:%H:%M}–{end:%H:%M}"
    if minutes_of(row) == WHOLE_DAY and start.time() == end.time():
        hours = "all day" if f"{start:%H:%M}" == "00:00" else f"{start:%H:%M} to {end:%H:%M} the next day"
    return day_words(start.date(), to_local(now, timezone).date()), hours, zone_words(timezone)
