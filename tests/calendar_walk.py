"""An oracle for recurrence: the calendar walked day by day, without the libraries that the product uses for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Walk:
    """A rule as text for the product, and as a question to each day for the oracle."""

    text: str
    matches: Callable[[date, date], bool]
    """Called with the series' first date and the day in question."""


def daily(interval: int) -> Walk:
    return Walk(f"FREQ=DAILY;INTERVAL={interval}", lambda first, day: (day - first).days % interval == 0)


def weekly(weekdays: frozenset[int], interval: int) -> Walk:
    def matches(first: date, day: date) -> bool:
        weeks = (_monday(day) - _monday(first)).days // 7
        return day.weekday() in weekdays and weeks % interval == 0

    days = ",".join(CODES[day] for day in sorted(weekdays))
    return Walk(f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={days}", matches)


def monthly_on_weekdays(choices: frozenset[tuple[int, int]], interval: int) -> Walk:
    """`choices` are pairs of week (1..5, or -1..-5 from the end) and weekday."""

    def matches(first: date, day: date) -> bool:
        weeks = {(day.day - 1) // 7 + 1, -((_days_in_month(day) - day.day) // 7 + 1)}
        return _months(first, day) % interval == 0 and any((week, day.weekday()) in choices for week in weeks)

    days = ",".join(f"{week}{CODES[day]}" for week, day in sorted(choices))
    return Walk(f"FREQ=MONTHLY;INTERVAL={interval};BYDAY={days}", matches)


def monthly_on_days(days: frozenset[int], interval: int) -> Walk:
    """`days` count from the start of the month (1..31) or from its end (-1..-31)."""

    def matches(first: date, day: date) -> bool:
        is_chosen = day.day in days or day.day - _days_in_month(day) - 1 in days
        return _months(first, day) % interval == 0 and is_chosen

    return Walk(f"FREQ=MONTHLY;INTERVAL={interval};BYMONTHDAY={','.join(map(str, sorted(days)))}", matches)


def monthly_by_position(weekdays: frozenset[int], position: int, interval: int) -> Walk:
    """The first, second ... (or from the end: -1, -2 ...) of all days of the month that are such weekdays."""

    def matches(first: date, day: date) -> bool:
        month = _days(day.replace(day=1), day.replace(day=_days_in_month(day)))
        chosen = [one for one in month if one.weekday() in weekdays]
        return _months(first, day) % interval == 0 and chosen[position - 1 if position > 0 else position] == day

    days = ",".join(CODES[day] for day in sorted(weekdays))
    return Walk(f"FREQ=MONTHLY;INTERVAL={interval};BYDAY={days};BYSETPOS={position}", matches)


def read(text: str, first: date) -> Walk:
    """The walk that a rule's text asks for, as far as it is of a kind above; COUNT and UNTIL are left to `starts`."""
    parts = dict(part.split("=") for part in text.split(";"))
    interval = int(parts.get("INTERVAL", "1"))
    days = [
        (int(day[:-2] or "0"), CODES.index(day[-2:])) for day in parts.get("BYDAY", CODES[first.weekday()]).split(",")
    ]
    if parts["FREQ"] == "DAILY":
        return daily(interval)
    if parts["FREQ"] == "WEEKLY":
        return weekly(frozenset(day for _, day in days), interval)
    assert parts["FREQ"] == "MONTHLY", text
    if "BYMONTHDAY" in parts:
        return monthly_on_days(frozenset(map(int, parts["BYMONTHDAY"].split(","))), interval)
    if "BYSETPOS" in parts:
        return monthly_by_position(frozenset(day for _, day in days), int(parts["BYSETPOS"]), interval)
    return monthly_on_weekdays(frozenset(days), interval)


def end_of(text: str, zone: str) -> tuple[int | None, datetime | None]:
    """COUNT and UNTIL of a rule, UNTIL as a wall-clock moment."""
    parts = dict(part.split("=") for part in text.split(";"))
    count, until = parts.get("COUNT"), parts.get("UNTIL")
    if until is None:
        return (int(count) if count else None), None
    if "T" not in until:
        until += "T235959"
    moment = datetime.strptime(until[:15], "%Y%m%dT%H%M%S")
    return None, wall_clock(moment.replace(tzinfo=UTC), zone) if until.endswith("Z") else moment


def starts(walk: Walk, first: datetime, last_day: date, count: int | None, until: datetime | None) -> list[datetime]:
    """Wall-clock starts from `first` to `last_day`; `until` is a wall-clock moment."""
    found: list[datetime] = []
    for day in _days(first.date(), last_day):
        start = datetime.combine(day, first.time())
        if (count is not None and len(found) == count) or (until is not None and start > until):
            break
        if walk.matches(first.date(), day):
            found.append(start)
    return found


def moment_of(local: datetime, zone: str) -> datetime:
    """UTC for a wall-clock time, by trying: the earliest moment at which the clocks show it, else by the offset before."""
    before, after = (_offset(local + shift, zone) for shift in (timedelta(hours=-36), timedelta(hours=36)))
    guesses = [(local - offset).replace(tzinfo=UTC) for offset in (before, after)]
    shown = [guess for guess in guesses if wall_clock(guess, zone) == local]
    return min(shown, default=guesses[0])


def wall_clock(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def _offset(about: datetime, zone: str) -> timedelta:
    moment = about.replace(tzinfo=UTC)
    return wall_clock(moment, zone) - about


def _days(first: date, last: date) -> Iterator[date]:
    return (first + DAY * number for number in range((last - first).days + 1))


def _monday(day: date) -> date:
    return day - DAY * day.weekday()


def _months(first: date, day: date) -> int:
    return (day.year - first.year) * 12 + day.month - first.month


def _days_in_month(day: date) -> int:
    following = (day.replace(day=28) + 4 * DAY).replace(day=1)
    return (following - DAY).day


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())
