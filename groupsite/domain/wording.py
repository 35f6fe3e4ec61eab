"""Days, hours and zones as people say them."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from groupsite.domain.zones import to_local

WHOLE_DAY = timedelta(days=1)
HOUR = 60


class Clock(NamedTuple):
    """A date as clocks in one zone show it: `Tuesday 24 November`, `19:00–20:30`, `New York time`."""

    day: str
    hours: str
    zone: str


def clock_words(start_utc: datetime, end_utc: datetime, timezone: str, now: datetime) -> Clock:
    """What clocks in `timezone` show from start to end; `now` decides what is today."""
    start, end = to_local(start_utc, timezone), to_local(end_utc, timezone)
    hours = f"{start:%H:%M}–{end:%H:%M}"
    if end_utc - start_utc == WHOLE_DAY and start.time() == end.time():
        hours = "all day" if f"{start:%H:%M}" == "00:00" else f"{start:%H:%M} to {end:%H:%M} the next day"
    return Clock(day_words(start.date(), to_local(now, timezone).date()), hours, zone_words(timezone))


def day_words(day: date, today: date) -> str:
    """`Tuesday 24 November`, with `Today` and `Tomorrow` said first, and the year when it is another one."""
    words = f"{day:%A} {day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")
    return near_word(day, today, ", ") + words


def near_word(day: date, today: date, then: str = "") -> str:
    """`Today` or `Tomorrow` followed by `then`, or nothing."""
    near = {today: "Today", today + timedelta(days=1): "Tomorrow"}
    return near[day] + then if day in near else ""


def date_words(day: date) -> str:
    """`20 April 2026`."""
    return f"{day.day} {day:%B %Y}"


def zone_words(timezone: str) -> str:
    """`New York time` for America/New_York."""
    place = timezone.rpartition("/")[2].replace("_", " ")
    return place if place == "UTC" else f"{place} time"


def length_words(minutes: int) -> str:
    """`90 minutes`, `1 hour`, `24 hours`."""
    if minutes % HOUR:
        return f"{minutes} minutes"
    return "1 hour" if minutes == HOUR else f"{minutes // HOUR} hours"
