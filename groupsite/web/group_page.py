"""What a group's page says of each of its meetings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from groupsite.domain.cadence import describe
from groupsite.domain.join_info import JoinInfo, revealed
from groupsite.domain.permissions import Identity
from groupsite.domain.schedule import Pause
from groupsite.domain.wording import date_words, length_words, zone_words
from groupsite.domain.words import WITH_A_PLACE, OccurrenceStatus, Reveal
from groupsite.domain.zones import to_local
from groupsite.models import Group, MeetingFormat, MeetingSeries, OccurrenceRow
from groupsite.web.forms.choices import MODALITIES

PAUSE_TOLD_BEFORE = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class MeetingView:
    """One series. `join` is what this reader may see now, or None; `pauses` are sentences."""

    slug: str
    title: str
    sentence: str
    hours: str
    zone_label: str
    length: str
    modality_label: str
    venue: str
    access_notes: str
    pauses: tuple[str, ...]
    join: JoinInfo | None
    has_join: bool
    reveal: str
    window_minutes: int
    format: MeetingFormat | None

    @property
    def shows_what_closes_again(self) -> bool:
        return self.join is not None and self.reveal == Reveal.WINDOW


def current_series(group: Group, following: dict[UUID, OccurrenceRow]) -> list[MeetingSeries]:
    """Series with dates to come; all of them where none has any."""
    return [series for series in group.series if series.id in following] or group.series


def meeting_view(
    series: MeetingSeries, row: OccurrenceRow | None, group: Group, identity: Identity, now: datetime
) -> MeetingView:
    """`row` is the next date of the series, or None; overrides, pauses and the formats of the group have been loaded."""
    venue = series.venue if series.modality in WITH_A_PLACE else None
    join = series.join or JoinInfo()
    return MeetingView(
        slug=series.slug,
        title=series.title,
        sentence=describe(series.schedule),
        hours=f"{series.dtstart_local:%H:%M}",
        zone_label=zone_words(series.timezone),
        length=length_words(series.duration_minutes),
        modality_label=MODALITIES[series.modality],
        venue=", ".join(filter(None, (venue.name, venue.address))) if venue else "",
        access_notes=venue.access_notes if venue else "",
        pauses=tuple(_pauses(series, to_local(now, series.timezone).date())),
        join=shown_join(series, row, identity, now),
        has_join=not join.is_empty,
        reveal=join.reveal,
        window_minutes=join.window_minutes,
        format=next((one for one in group.formats if one.slug == series.format_slug), None),
    )


def shown_join(series: MeetingSeries, row: OccurrenceRow | None, identity: Identity, now: datetime) -> JoinInfo | None:
    """The way in, if this reader may see it now (domain.md, invariant 11). No window opens for a date that is off."""
    is_held = row is not None and row.status is not OccurrenceStatus.CANCELLED
    return revealed(
        series.join,
        is_member=identity.in_group(series.group_id) is not None,
        now=now,
        start_utc=row.start_utc if row and is_held else None,
        end_utc=row.end_utc if row and is_held else None,
    )


def _pauses(series: MeetingSeries, today: date) -> Iterator[str]:
    """Those under way or near, in words."""
    for row in series.pauses:
        pause: Pause = row.value
        if pause.last_date >= today and pause.first_date <= today + PAUSE_TOLD_BEFORE:
            span = f"No dates from {date_words(pause.first_date)} to {date_words(pause.last_date)}."
            yield f"{span} {pause.public_note}".strip()
