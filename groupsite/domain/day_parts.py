"""Morning, afternoon, evening, night: which moments they are in somebody's zone."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from enum import StrEnum

from groupsite.domain.zones import to_local, to_utc

MIDNIGHT = time()
ONE_DAY = timedelta(days=1)

Span = tuple[datetime, datetime]


class DayPart(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


HOURS = {
    DayPart.MORNING: ((time(5), time(12)),),
    DayPart.AFTERNOON: ((time(12), time(17)),),
    DayPart.EVENING: ((time(17), time(22)),),
    DayPart.NIGHT: ((MIDNIGHT, time(5)), (time(22), MIDNIGHT)),
}
"""Each from its first time up to, not including, its last; a last of midnight is the end of the day."""
WHOLE_DAY = ((MIDNIGHT, MIDNIGHT),)


def spans(
    timezone: str, first_utc: datetime, last_utc: datetime, *, day: int | None, part: DayPart | None
) -> list[Span]:
    """The spans [begin, end) in UTC that clocks in `timezone` call this weekday (0 = Monday) and part of the day.

    Every local day that [first_utc, last_utc] touches is looked at. Night on a Friday is Friday until 5 and from 22 on.
    """
    return [
        (to_utc(begin, timezone), to_utc(end, timezone))
        for midnight in _days(to_local(first_utc, timezone), to_local(last_utc, timezone))
        if day in {None, midnight.weekday()}
        for begin, end in _pieces(midnight, part)
    ]


def _days(first: datetime, last: datetime) -> Iterator[datetime]:
    midnight = datetime.combine(first, MIDNIGHT)
    while midnight <= last:
        yield midnight
        midnight += ONE_DAY


def _pieces(midnight: datetime, part: DayPart | None) -> Iterator[Span]:
    for begin, end in HOURS[part] if part else WHOLE_DAY:
        ends_at = midnight + ONE_DAY if end == MIDNIGHT else datetime.combine(midnight, end)
        yield datetime.combine(midnight, begin), ends_at
