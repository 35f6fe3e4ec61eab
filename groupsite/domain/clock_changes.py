"""When a zone's clocks change, and the dates of a series that such a change touches."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from groupsite.domain.recurrence import is_date_of, occurrence_at
from groupsite.domain.schedule import Occurrence, Schedule
from groupsite.domain.zones import A_DAY, to_utc, zone

STEP = timedelta(days=6)
"""Shorter than the time between any two changes of a zone."""


@dataclass(frozen=True, slots=True)
class Change:
    """The clocks change at this moment (UTC) from one offset to another."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def local(self) -> datetime:
        """What clocks show when it happens, before they are changed."""
        return self.at.replace(tzinfo=None) + self.before


@lru_cache(maxsize=4096)
def clock_changes(name: str, begin: datetime, end: datetime) -> tuple[Change, ...]:
    """The changes of the zone between two moments (UTC), in order."""
    return tuple(_changes(zone(name), begin, end))


def dates_at_clock_changes(schedule: Schedule, begin: datetime, end: datetime) -> list[Occurrence]:
    """The dates that a change between two moments (UTC) touches, in order of their original start."""
    at, changes = schedule.dtstart_local.time(), clock_changes(schedule.timezone, begin, end)
    nights = {change.local.date() + A_DAY * shift for change in changes for shift in (-2, -1, 0, 1)}
    asked = {datetime.combine(night, at) for night in nights} | set(schedule.rdates_local)
    length = timedelta(minutes=schedule.duration_minutes)
    touched = (one for one in sorted(asked) if _is_touched(one, length, schedule.timezone))
    return [occurrence_at(schedule, one) for one in touched if is_date_of(schedule, one)]


def is_at_clock_change(one: Occurrence) -> bool:
    """Whether programs may differ on this date: it begins or ends in an hour that is skipped or comes twice, or lasts
    over a change."""
    length = one.end_utc - one.start_utc
    return _is_doubtful(one.original_local, zone(one.timezone)) or _is_touched(one.start_local, length, one.timezone)


def _is_touched(start: datetime, length: timedelta, timezone: str) -> bool:
    """Whether clocks before and after a change disagree on this wall-clock start or on its end, or the change lies between."""
    tz, begins = zone(timezone), to_utc(start, timezone)
    return (
        _is_doubtful(start, tz)
        or _is_doubtful(start + length, tz)
        or _offset(tz, begins) != _offset(tz, begins + length)
    )


def _is_doubtful(local: datetime, tz: tzinfo) -> bool:
    """Whether this wall-clock time is skipped or comes twice (PEP 495)."""
    return local.replace(tzinfo=tz, fold=0).utcoffset() != local.replace(tzinfo=tz, fold=1).utcoffset()


def _changes(tz: tzinfo, begin: datetime, end: datetime) -> Iterator[Change]:
    earlier, before = begin, _offset(tz, begin)
    while earlier < end:
        later = earlier + STEP
        after = _offset(tz, later)
        if before != after:
            at = _moment(tz, earlier, later, before)
            yield Change(at, before, after, at.astimezone(tz).tzname() or str(tz))
        earlier, before = later, after


def _offset(tz: tzinfo, moment: datetime) -> timedelta:
    return moment.astimezone(tz).utcoffset() or timedelta()


def _moment(tz: tzinfo, earlier: datetime, later: datetime, before: timedelta) -> datetime:
    """The first second at which the offset is no longer `before`."""
    span = int((later - earlier).total_seconds())
    found = bisect_left(range(span), 1, key=lambda s: int(_offset(tz, earlier + timedelta(seconds=s)) != before))
    return earlier + timedelta(seconds=found)
