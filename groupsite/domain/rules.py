"""RRULE text that a meeting can have (RFC 5545, 3.3.10): read, checked, and walked on naive wall-clock times."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import cast

from dateutil.rrule import rrule, rrulestr

from groupsite.domain.errors import InvalidInput
from groupsite.domain.zones import to_local

FIELD = "rrule"
FIRST_YEAR = 1970
"""Before that no zone is sure of its clocks."""
LAST_YEAR = 2199
END_OF_TIME = datetime(LAST_YEAR, 12, 31)
LONGEST_TEXT = 200
TEN_YEARS = timedelta(days=3660)
CYCLES = timedelta(days=146_097 * 19)
"""After 400 years every date has its weekday again. dateutil looks for a next date until the year 9999: walked 7,600 years
later, a rule that has none is told in a tenth of a second and not in three."""
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
STEP = {"DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}
LARGEST = {"INTERVAL": 52, "COUNT": 5000, "BYMONTH": 12, "BYMONTHDAY": 31, "BYSETPOS": 366}
WEEKS_IN = {"DAILY": 0, "WEEKLY": 0, "MONTHLY": 5, "YEARLY": 53}
"""How far BYDAY may count: `2TU` makes sense in a month or a year, not in a week (RFC 5545, 3.3.10)."""
WEEKS_IN_A_MONTH = 5

_DAYS = r"[+-]?[0-9]{0,2}(MO|TU|WE|TH|FR|SA|SU)"
_NUMBERS = r"-?[0-9]{1,3}(,-?[0-9]{1,3})*"
SHAPES = {
    "FREQ": "|".join(FREQUENCIES),
    "INTERVAL": r"[0-9]{1,3}",
    "COUNT": r"[0-9]{1,5}",
    "UNTIL": r"[0-9]{8}(T[0-9]{6}Z?)?",
    "BYDAY": rf"{_DAYS}(,{_DAYS})*",
    "BYMONTHDAY": _NUMBERS,
    "BYMONTH": r"[0-9]{1,2}(,[0-9]{1,2})*",
    "BYSETPOS": _NUMBERS,
    "WKST": "MO|TU|WE|TH|FR|SA|SU",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A checked rule: the RRULE's parts, UNTIL on the series' own clock; the same UNTIL as a wall-clock moment."""

    parts: Mapping[str, str]
    until: datetime | None = None

    def between(self, dtstart: datetime, begin: datetime, end: datetime) -> Iterator[datetime]:
        """Wall-clock starts from `begin` to `end` inclusive, DTSTART's own only if the rule gives it."""
        end = min(end, self.until or END_OF_TIME, END_OF_TIME)
        for later in self._walk(self._near(dtstart, begin) + CYCLES):
            start = later - CYCLES
            if start > end:
                return
            if start >= begin:
                yield start

    def first_from(self, moment: datetime) -> datetime | None:
        """The first date at or after this wall-clock moment, which may lie between two turns of the rule."""
        every_turn = Rule({name: value for name, value in self.parts.items() if name != "INTERVAL"}, self.until)
        return next(every_turn.between(moment, moment, moment + TEN_YEARS), None)

    def meets(self, dtstart: datetime) -> bool:
        """Whether any date follows within ten years of the start."""
        return next(self.between(dtstart, dtstart, dtstart + TEN_YEARS), None) is not None

    def _walk(self, dtstart: datetime) -> rrule:
        text = ";".join(f"{name}={value}" for name, value in self.parts.items() if name != "UNTIL")
        walked = rrulestr(text, dtstart=dtstart)
        return cast("rrule", walked)

    def _near(self, dtstart: datetime, begin: datetime) -> datetime:
        """A later start that gives the same dates from `begin` on: whole intervals of days or weeks may be skipped."""
        step = STEP.get(self.parts["FREQ"])
        if step is None or "COUNT" in self.parts or begin - dtstart < 2 * step:
            return dtstart
        stride = step * int(self.parts.get("INTERVAL", "1"))
        return dtstart + max((min(begin, END_OF_TIME) - dtstart) // stride - 1, 0) * stride


@lru_cache(maxsize=2048)
def parse_rule(text: str, timezone: str) -> Rule:
    """The rule that `text` says for a series in this zone. Raises InvalidInput("rrule", ...) with what to change.

    Only the canonical spelling passes (capital letters, no spaces, no `RRULE:`): calendars get the text as it is.
    """
    if len(text) > LONGEST_TEXT:
        raise _refusal(f"The rule is longer than {LONGEST_TEXT} characters.")
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        if name in parts:
            raise _refusal(f"{name} is there twice.")
        parts[name] = _checked(name, value)
    if "FREQ" not in parts:
        raise _refusal("The rule needs FREQ, such as FREQ=WEEKLY.")
    _check_together(parts)
    if "UNTIL" not in parts:
        return Rule(parts)
    until = _local_until(parts["UNTIL"], timezone)
    return Rule(parts | {"UNTIL": f"{until:%Y%m%dT%H%M%S}"}, until)


def _checked(name: str, value: str) -> str:
    shape = SHAPES.get(name)
    if shape is None:
        raise _refusal("Meetings repeat by days, weeks, months or years; this rule has another part.")
    if not re.fullmatch(shape, value):
        raise _refusal(f"{name} cannot be read.")
    largest = LARGEST.get(name)
    if largest and any(not 1 <= abs(int(number)) <= largest for number in value.split(",")):
        raise _refusal(f"{name} lies between 1 and {largest}.")
    return value


def _check_together(parts: Mapping[str, str]) -> None:
    """What RFC 5545, 3.3.10 says about parts that need or exclude each other."""
    if "COUNT" in parts and "UNTIL" in parts:
        raise _refusal("A rule ends by COUNT or by UNTIL, not by both.")
    if "BYSETPOS" in parts and not {"BYDAY", "BYMONTHDAY", "BYMONTH"} & set(parts):
        raise _refusal("BYSETPOS needs the days that it chooses from, such as BYDAY.")
    if parts["FREQ"] == "WEEKLY" and "BYMONTHDAY" in parts:
        raise _refusal("BYMONTHDAY does not go with weeks.")
    weeks = [abs(int(day[:-2])) for day in parts.get("BYDAY", "").split(",") if day[:-2]]
    most = min(WEEKS_IN[parts["FREQ"]], WEEKS_IN_A_MONTH if "BYMONTH" in parts else max(WEEKS_IN.values()))
    if any(not 1 <= week <= most for week in weeks):
        raise _refusal("BYDAY counts weeks that are not there.")


def _local_until(value: str, timezone: str) -> datetime:
    """UNTIL on the series' own clock: a date takes that whole day, a time in UTC becomes local (RFC 5545, 3.3.10)."""
    try:
        until = datetime.strptime(value[:15], "%Y%m%dT%H%M%S" if "T" in value else "%Y%m%d")
    except ValueError:
        raise _refusal("UNTIL is not a date.") from None
    if not FIRST_YEAR <= until.year <= LAST_YEAR:
        raise _refusal(f"UNTIL lies between {FIRST_YEAR} and {LAST_YEAR}.")
    if "T" not in value:
        until = until.replace(hour=23, minute=59, second=59)
    return to_local(until.replace(tzinfo=UTC), timezone) if value.endswith("Z") else until


def _refusal(reason: str) -> InvalidInput:
    return InvalidInput(FIELD, reason)


def ended_on(text: str, timezone: str, last_moment: datetime) -> str:
    """The same rule, ending at this moment (aware UTC). An end of its own, COUNT or UNTIL, gives way to it."""
    parse_rule(text, timezone)
    kept = [part for part in text.split(";") if part.partition("=")[0] not in {"UNTIL", "COUNT"}]
    return ";".join([*kept, f"UNTIL={last_moment:%Y%m%dT%H%M%SZ}"])
