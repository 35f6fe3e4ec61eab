"""When a reminder is due and when it stops being of use. Moments are aware UTC, leads are minutes before the start."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from groupsite.domain.zones import to_local, to_utc

SHORTEST_GRACE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Nothing arrives from `begin` to `end` on the clock of `timezone`; they may cross midnight."""

    begin: time
    end: time
    timezone: str


def quiet_hours(begin: time | None, end: time | None, timezone: str) -> QuietHours | None:
    """None for somebody who has not chosen both."""
    return None if begin is None or end is None else QuietHours(begin, end, timezone)


@dataclass(frozen=True, slots=True)
class Timing:
    """Send at `due_at`, or later but before `expires_at`; after that the reminder is of no use."""

    due_at: datetime
    expires_at: datetime


def timing(start_utc: datetime, lead_minutes: int, quiet: QuietHours | None) -> Timing:
    """The reminder's span. Quiet hours move it earlier, to the moment before they begin, never later.

    It may be late by half of its lead, ten minutes at least, and never past the start.
    """
    due = start_utc - timedelta(minutes=lead_minutes)
    if quiet is not None:
        due = _before_quiet(due, quiet)
    grace = max(timedelta(minutes=lead_minutes) / 2, SHORTEST_GRACE)
    return Timing(due, min(due + grace, start_utc))


def _before_quiet(due: datetime, quiet: QuietHours) -> datetime:
    local = to_local(due, quiet.timezone)
    if not is_quiet(local.time(), quiet):
        return due
    night = local.date() if local.time() >= quiet.begin else local.date() - timedelta(days=1)
    return min(due, to_utc(datetime.combine(night, quiet.begin), quiet.timezone) - timedelta(minutes=1))


def is_quiet(clock: time, quiet: QuietHours) -> bool:
    if quiet.begin <= quiet.end:
        return quiet.begin <= clock < quiet.end
    return clock >= quiet.begin or clock < quiet.end
