"""Days, hours and zones as people say them."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from groupsite.domain.zones import to_local

HALF_A_DAY = timedelta(hours=12)
MINUTE = timedelta(minutes=1)
MIDNIGHT = time()
HOUR = 60


class Clock(NamedTuple):
    """A date as clocks in one zone show it: `Tuesday 24 November`, `19:00–20:30`, `New York time`."""

    day: str
    hours: str
    zone: str


def clock_words(
    start_utc: datetime, end_utc: datetime, timezone: str, now: datetime, *, says_near: bool = True
) -> Clock:
    """What clocks in `timezone` show from start to end; `now` decides what is today there, if that is said at all."""
    start, end = to_local(start_utc, timezone), to_local(end_utc, timezone)
    day = day_words(start.date(), to_local(now, timezone).date(), says_near=says_near)
    return Clock(day, hours_words(start, end), zone_words(timezone))


def hours_words(start: datetime, end: datetime) -> str:
    """`19:00–20:30`, `23:30 to 01:15 the next day`, `all day`, of two wall-clock times."""
    begins_at_midnight, ends_at_midnight = (moment.time() == MIDNIGHT for moment in (start, end))
    if start.date() == end.date() or (ends_at_midnight and not begins_at_midnight):
        return f"{start:%H:%M}–{end:%H:%M}"
    if begins_at_midnight and ends_at_midnight:
        return "all day"
    return f"{start:%H:%M} to {end:%H:%M} the next day"


def ago_words(span: timedelta) -> str:
    """`just now`, `1 minute ago`, `3 hours ago`: whole minutes up to an hour, whole hours after that."""
    minutes = int(span / MINUTE)
    if minutes < 1:
        return "just now"
    number, unit = (minutes, "minute") if minutes < HOUR else (minutes // HOUR, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'} ago"


def clock_change_words(start_utc: datetime, timezone: str) -> str:
    """A sentence when clocks in `timezone` change within twelve hours of the start, or nothing."""
    before, after = (_offset(start_utc + side * HALF_A_DAY, timezone) for side in (-1, 1))
    if before == after:
        return ""
    direction = "forward" if after > before else "back"
    told = f"The clocks go {direction} around that time. What you read here already takes that into account."
    if not _comes_twice(start_utc, timezone):
        return told
    return f"{told} {to_local(start_utc, timezone):%H:%M} comes twice that day: it is the first one."


def _offset(moment: datetime, timezone: str) -> timedelta:
    return to_local(moment, timezone) - moment.replace(tzinfo=None)


def _comes_twice(start_utc: datetime, timezone: str) -> bool:
    """Whether clocks show the same time again later that day."""
    shown = to_local(start_utc, timezone)
    return any(to_local(start_utc + minutes * MINUTE, timezone) == shown for minutes in (30, 60, 120))


def day_words(day: date, today: date, *, says_near: bool = True) -> str:
    """`Tuesday 24 November`, with `Today` and `Tomorrow` said first, and the year when it is another one."""
    words = f"{day:%A} {day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")
    return near_word(day, today, ", ") + words if says_near else words


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
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    return "1 hour" if minutes == HOUR else f"{minutes // HOUR} hours"
