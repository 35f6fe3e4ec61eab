"""What any program makes of a calendar: dates, each with its two moments, its mark and its title."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from groupsite.domain.schedule import Occurrence
from groupsite.domain.words import OccurrenceStatus
from groupsite.formats.ical import CANCELLED_MARK


@dataclass(frozen=True, order=True)
class Date:
    """One date as it is read; times in UTC."""

    start: datetime
    end: datetime
    is_cancelled: bool
    title: str


TZID = re.compile(rb"TZID[:=]")
Window = tuple[datetime, datetime]
"""From the first moment to the second, which is not in it; UTC."""


class Expander(Protocol):
    """A program that reads calendars."""

    def __call__(self, calendars: Sequence[bytes], window: Window) -> list[list[Date]]:
        """The dates of each calendar that begin in the window, sorted."""


def shown(dates: Sequence[Occurrence], window: Window) -> list[Date]:
    """What the pages show, in the same shape; a calendar marks the titles of cancelled dates."""
    return sorted(
        Date(one.start_utc, one.end_utc, is_off, CANCELLED_MARK * is_off + one.title)
        for one in dates
        if window[0] <= one.start_utc < window[1]
        for is_off in (one.status is OccurrenceStatus.CANCELLED,)
    )


def with_unknown_zones(calendar: bytes) -> bytes:
    """The calendar with other names for its zones: programs that have zones of their own now have to believe the file."""
    mark = zlib.crc32(calendar.partition(b"BEGIN:VEVENT")[0])
    return TZID.sub(rb"\g<0>%x-" % mark, calendar)


def inside(dates: Sequence[Date], window: Window) -> list[Date]:
    return sorted(one for one in dates if window[0] <= one.start < window[1])


def moment(seconds: float) -> datetime:
    """UTC from seconds since 1970, as most programs count."""
    return datetime.fromtimestamp(seconds, UTC)
