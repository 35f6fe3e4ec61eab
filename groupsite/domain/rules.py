"""RRULE text that a meeting can have (RFC 5545, 3.3.10): read, checked, and walked on naive wall-clock times."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from dateutil.rrule import rrule, rrulestr

from groupsite.domain.errors import InvalidInput
from groupsite.domain.zones import to_local

FIELD = "rrule"
LAST_YEAR = 2199
LONGEST_TEXT = 200
LARGEST = {"INTERVAL": 52, "COUNT": 5000}
TEN_YEARS = timedelta(days=3660)
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
STEP = {"DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}

_DAYS = r"[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU)"
_NUMBERS = r"-?\d{1,3}"
SHAPES = {
    "FREQ": "|".join(FREQUENCIES),
    "INTERVAL": r"\d{1,3}",
    "COUNT": r"\d{1,5}",
    "UNTIL": r"\d{8}(T\d{6}Z?)?",
    "BYDAY": rf"{_DAYS}(,{_DAYS})*",
    "BYMONTHDAY": rf"{_NUMBERS}(,{_NUMBERS})*",
    "BYMONTH": r"\d{1,2}(,\d{1,2})*",
    "BYSETPOS": rf"{_NUMBERS}(,{_NUMBERS})*",
    "WKST": "MO|TU|WE|TH|FR|SA|SU",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A checked rule. `parts` are the RRULE's, in upper case; UNTIL is a local date-time."""

    parts: Mapping[str, str]

    def between(self, dtstart: datetime, begin: datetime, end: datetime) -> Iterator[datetime]:
        """Wall-clock starts from `begin` to `end` inclusive, DTSTART's own only if the rule gives it."""
        end = min(end, datetime(LAST_YEAR, 12, 31))  # noqa: DTZ001  wall-clock times are naive
        for start in self._walk(self._near(dtstart, begin)):
            if start > end:
                return
            if start >= begin:
                yield start

    def meets(self, dtstart: datetime) -> bool:
        """Whether any date follows within ten years of the start."""
        return next(self.between(dtstart, dtstart, dtstart + TEN_YEARS), None) is not None

    def _walk(self, dtstart: datetime) -> rrule:
        text = ";".join(f"{name}={value}" for name, value in self.parts.items())
        walked = rrulestr(text, dtstart=dtstart)
        if "UNTIL" in self.parts:
            return walked
        return walked if "COUNT" in self.parts else walked.replace(until=datetime(LAST_YEAR, 12, 31))  # noqa: DTZ001

    def _near(self, dtstart: datetime, begin: datetime) -> datetime:
        """A later start that gives the same dates from `begin` on: whole intervals of days or weeks may be skipped."""
        step = STEP.get(self.parts["FREQ"])
        if step is None or "COUNT" in self.parts or begin - dtstart < 2 * step:
            return dtstart
        stride = step * int(self.parts.get("INTERVAL", "1"))
        return dtstart + max((begin - dtstart) // stride - 1, 0) * stride


@lru_cache(maxsize=2048)
def parse_rule(text: str, timezone: str) -> Rule:
    """The rule that `text` says for a series in this zone. Raises InvalidInput("rrule", ...) with what to change."""
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(FIELD, f"The rule is longer than {LONGEST_TEXT} characters.")
    parts: dict[str, str] = {}
    for part in text.strip().removeprefix("RRULE:").split(";"):
        name, _, value = part.upper().partition("=")
        if name in parts:
            raise InvalidInput(FIELD, f"{name} is there twice.")
        parts[name] = _checked(name, value)
    if "FREQ" not in parts:
        raise InvalidInput(FIELD, "The rule needs FREQ, such as FREQ=WEEKLY.")
    if "COUNT" in parts and "UNTIL" in parts:
        raise InvalidInput(FIELD, "A rule ends by COUNT or by UNTIL, not by both.")
    if "UNTIL" in parts:
        parts["UNTIL"] = _local_until(parts["UNTIL"], timezone)
    _try(parts)
    return Rule(parts)


def _checked(name: str, value: str) -> str:
    shape = SHAPES.get(name)
    if shape is None:
        raise InvalidInput(FIELD, "Meetings repeat by days, weeks, months or years; this rule has another part.")
    if not re.fullmatch(shape, value):
        raise InvalidInput(FIELD, f"{name} cannot be read.")
    if name in LARGEST and not 1 <= int(value) <= LARGEST[name]:
        raise InvalidInput(FIELD, f"{name} lies between 1 and {LARGEST[name]}.")
    return value


def _local_until(value: str, timezone: str) -> str:
    """UNTIL on the series' own clock: a date takes that whole day, a time in UTC becomes local (RFC 5545, 3.3.10)."""
    try:
        until = datetime.strptime(value[:15], "%Y%m%dT%H%M%S" if "T" in value else "%Y%m%d")  # noqa: DTZ007
    except ValueError:
        raise InvalidInput(FIELD, "UNTIL is not a date.") from None
    if not 1970 <= until.year <= LAST_YEAR:  # noqa: PLR2004  before that no zone is sure
        raise InvalidInput(FIELD, f"UNTIL lies between 1970 and {LAST_YEAR}.")
    if "T" not in value:
        until = until.replace(hour=23, minute=59, second=59)
    if value.endswith("Z"):
        until = to_local(until.replace(tzinfo=UTC), timezone)
    return until.strftime("%Y%m%dT%H%M%S")


def _try(parts: Mapping[str, str]) -> None:
    try:
        Rule(parts)._walk(datetime(2026, 1, 1))  # noqa: DTZ001
    except (ValueError, TypeError, IndexError, KeyError):
        raise InvalidInput(FIELD, "The parts of this rule do not fit together.") from None


def ended_on(text: str, timezone: str, last_moment: datetime) -> str:
    """The same rule, ending at this moment (aware UTC). An end of its own, COUNT or UNTIL, gives way to it."""
    parse_rule(text, timezone)
    parts = text.strip().removeprefix("RRULE:").split(";")
    kept = [part for part in parts if part.upper().partition("=")[0] not in {"UNTIL", "COUNT"}]
    return ";".join([*kept, f"UNTIL={last_moment:%Y%m%dT%H%M%SZ}"])
