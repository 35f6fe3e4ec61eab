"""Which changes can be published, and which of them decide whether somebody can come (RFC 5546, 2.1.4)."""

from datetime import datetime, timedelta

from groupsite.domain.errors import InvalidInput
from groupsite.domain.recurrence import occurrence_at, occurrences
from groupsite.domain.rules import FIRST_YEAR, LAST_YEAR
from groupsite.domain.schedule import Occurrence, Schedule, Venue
from groupsite.domain.words import OccurrenceStatus
from groupsite.domain.zones import to_utc

FIELD = "new_start_local"
OF_ATTENDANCE = (
    "timezone", "dtstart_local", "duration_minutes", "rrule", "exdates_local", "rdates_local", "modality",
)  # fmt: skip


def refuse_past(schedule: Schedule, original_local: datetime, now: datetime) -> None:
    """Raises InvalidInput for a date whose present start, wherever it was moved to, is behind; NotFound for no date."""
    if occurrence_at(schedule, original_local).start_utc < now:
        raise InvalidInput("recurrence_id_local", "This date is over and stays as it was.")


def refuse_bad_start(schedule: Schedule, original_local: datetime, new_start: datetime, now: datetime) -> None:
    """Raises InvalidInput for a start that one date cannot be moved to: past, its own, or another date's."""
    if not FIRST_YEAR <= new_start.year <= LAST_YEAR:
        raise InvalidInput(FIELD, f"Choose a day before {LAST_YEAR + 1}.")
    moment = to_utc(new_start, schedule.timezone)
    if moment <= now:
        raise InvalidInput(FIELD, "Choose a time that lies ahead.")
    if new_start == original_local:
        raise InvalidInput(FIELD, "This is its usual start. To bring it back there, undo the change.")
    there = occurrences(schedule, moment, moment + timedelta(minutes=1))
    if any(one.original_local != original_local for one in there):
        raise InvalidInput(FIELD, "The meeting has another date at this time.")


def decides_attendance(before: Occurrence, after: Occurrence) -> bool:
    """Whether somebody who meant to come, or not to, has to think again: its times, whether it is held, where."""
    seen = [
        (one.start_utc, one.end_utc, one.status is OccurrenceStatus.CANCELLED, one.modality, _place(one.venue))
        for one in (before, after)
    ]
    return seen[0] != seen[1]


def takes_place_again(before: Occurrence, after: Occurrence) -> bool:
    """Whether a date that was called off is not any more: calendars that left it out have a gap less in their rule."""
    return before.status is OccurrenceStatus.CANCELLED is not after.status


def moves_rule(before: Schedule, after: Schedule) -> bool:
    """The same about a whole series, apart from the exceptions to it."""
    days = [{(pause.first_date, pause.last_date) for pause in one.pauses} for one in (before, after)]
    is_elsewhere = _place(before.venue) != _place(after.venue)
    others = any(getattr(before, name) != getattr(after, name) for name in OF_ATTENDANCE)
    return days[0] != days[1] or is_elsewhere or others


def _place(venue: Venue | None) -> tuple[str, str] | None:
    """What calendars say of it; how to get in is on the page."""
    return (venue.name, venue.address) if venue else None
