"""VTIMEZONE of our own for any IANA zone (RFC 5545, 3.6.5): right for every change in the window, RRULE where the tail is
regular, one observance for each other change, never RDATE (some programs read only the first value of its list)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files

from groupsite.domain.clock_changes import Change, clock_changes
from groupsite.domain.zones import year_of_zone_data, zone

YEARS_AHEAD = 15
WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
LAST_WEEK = 5
_FOOTER = re.compile(
    r"(?:<[^>]+>|[A-Za-z]+)(?P<standard>[-+\d:]+)(?:<[^>]+>|[A-Za-z]+)(?P<daylight>[-+\d:]*)"
    r",(?P<begin>M[^,]+),(?P<end>M[^,]+)"
)
_RULE = re.compile(r"M(?P<month>\d+)\.(?P<week>\d)\.(?P<day>\d)(?:/(?P<hour>-?\d+)(?::(?P<minute>\d+))?)?")


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """`week` 1 to 4, or 5 for the last; `day` 0 = Sunday; `clock` is the local time before the change."""

    month: int
    week: int
    day: int
    clock: timedelta

    def on(self, year: int) -> datetime:
        """Local date and time of the change in this year."""
        first = date(year, self.month, 1)
        ahead = (self.day - (first.weekday() + 1)) % 7
        found = first + timedelta(days=ahead + 7 * (self.week - 1))
        while found.month != self.month:
            found -= timedelta(days=7)
        return datetime.combine(found, datetime.min.time()) + self.clock

    @property
    def rrule(self) -> str:
        week = -1 if self.week == LAST_WEEK else self.week
        return f"FREQ=YEARLY;BYMONTH={self.month};BYDAY={week}{WEEKDAYS[self.day]}"


@lru_cache(maxsize=4096)
def vtimezone(name: str, first_year: int) -> bytes:
    """The component's lines for meetings from `first_year` on. Empty for UTC.

    Right until 15 years after it or after the zone data was made, whichever is later: a series that began long ago still meets.
    """
    if name in {"UTC", "Etc/UTC"}:
        return b""
    begin = datetime(first_year - 1, 1, 1, tzinfo=UTC)
    end = datetime(max(first_year, year_of_zone_data()) + YEARS_AHEAD, 12, 31, tzinfo=UTC)
    changes = list(clock_changes(name, begin, end))
    base = zone(name).utcoffset(begin.astimezone(zone(name)).replace(tzinfo=None)) or timedelta()
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    lines += _observance("STANDARD", begin.replace(tzinfo=None), base, base, _abbreviation(name, begin))
    tail = _regular_tail(name, changes, end)
    for change in changes[: len(changes) - len(tail)]:
        lines += _change_lines(change)
    for change, rule in tail[:2]:
        lines += _change_lines(change, rule)
    lines.append("END:VTIMEZONE")
    return "".join(f"{line}\r\n" for line in lines).encode()


def _abbreviation(name: str, moment: datetime) -> str:
    return moment.astimezone(zone(name)).tzname() or name


def _regular_tail(name: str, changes: list[Change], end: datetime) -> list[tuple[Change, NthWeekday]]:
    """The last changes, as far back as they all follow the zone's own rule without a year left out."""
    rules = _footer_rules(name)
    if rules is None:
        return []
    expected = _expected(*rules, changes, end)
    tail: list[tuple[Change, NthWeekday]] = []
    for change in reversed(changes):
        if not expected or expected[-1][0] != change.at:
            break
        tail.insert(0, (change, expected.pop()[1]))
    return tail if len(tail) >= 4 else []  # noqa: PLR2004  two of each kind, else a rule proves nothing


def _expected(
    standard: timedelta,
    daylight: timedelta,
    begin: NthWeekday,
    finish: NthWeekday,
    changes: list[Change],
    end: datetime,
) -> list[tuple[datetime, NthWeekday]]:
    """Every moment (UTC) that the rule gives from the first change to the end of the window, in order."""
    years = range(changes[0].at.year - 1 if changes else end.year, end.year + 2)
    moments = [((begin.on(year) - standard).replace(tzinfo=UTC), begin) for year in years]
    moments += [((finish.on(year) - daylight).replace(tzinfo=UTC), finish) for year in years]
    return sorted((one for one in moments if one[0] < end), key=lambda one: one[0])


def _footer_rules(name: str) -> tuple[timedelta, timedelta, NthWeekday, NthWeekday] | None:
    """Offsets and rules of the POSIX line that ends a TZif file (RFC 8536, 3.3), if they can be nth weekdays."""
    raw = files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()
    footer = _FOOTER.fullmatch(raw.rstrip(b"\n").rpartition(b"\n")[2].decode())
    if footer is None:
        return None
    begin, end = _nth_weekday(footer["begin"]), _nth_weekday(footer["end"])
    if begin is None or end is None:
        return None
    standard = -_span(footer["standard"])
    daylight = -_span(footer["daylight"]) if footer["daylight"] else standard + timedelta(hours=1)
    return standard, daylight, begin, end


def _nth_weekday(text: str) -> NthWeekday | None:
    rule = _RULE.fullmatch(text)
    if rule is None or not 0 <= int(rule["hour"] or 2) < 24:  # noqa: PLR2004  another day than the rule says
        return None
    clock = timedelta(hours=int(rule["hour"] or 2), minutes=int(rule["minute"] or 0))
    return NthWeekday(int(rule["month"]), int(rule["week"]), int(rule["day"]), clock)


def _span(text: str) -> timedelta:
    sign = -1 if text.startswith("-") else 1
    hours, _, minutes = text.lstrip("+-").partition(":")
    return sign * timedelta(hours=int(hours), minutes=int(minutes or 0))


def _change_lines(change: Change, rule: NthWeekday | None = None) -> list[str]:
    kind = "DAYLIGHT" if change.after > change.before else "STANDARD"
    return _observance(kind, change.local, change.before, change.after, change.name, rule)


def _observance(
    kind: str, local: datetime, before: timedelta, after: timedelta, name: str, rule: NthWeekday | None = None
) -> list[str]:
    lines = [f"BEGIN:{kind}", f"DTSTART:{local:%Y%m%dT%H%M%S}"]
    if rule:
        lines.append(f"RRULE:{rule.rrule}")
    return [
        *lines, f"TZOFFSETFROM:{_written(before)}", f"TZOFFSETTO:{_written(after)}", f"TZNAME:{name}", f"END:{kind}"
    ]  # fmt: skip


def _written(offset: timedelta) -> str:
    minutes = int(abs(offset).total_seconds()) // 60
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}{minutes % 60:02}"
