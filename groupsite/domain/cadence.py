"""How often a group meets, as people say it: from a form's choices to an RRULE, and from an RRULE to a sentence."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from groupsite.domain.errors import InvalidInput
from groupsite.domain.rules import LAST_YEAR, Rule, parse_rule
from groupsite.domain.schedule import Schedule
from groupsite.domain.zones import to_utc

DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "second to last"}
LAST_SECOND = time(23, 59, 59)
IRREGULAR = "On the dates listed"


class Repeats(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class Cadence:
    """A form's choices. Weekdays: 0 = Monday .. 6 = Sunday; weeks of the month: 1..5 and -1 for the last.

    No weekday means the weekday of the first date. `interval` counts weeks and matters for `WEEKLY` alone.
    """

    repeats: Repeats
    weekdays: tuple[int, ...] = ()
    interval: int = 1
    weeks_of_month: tuple[int, ...] = ()
    until: date | None = None
    count: int | None = None


def to_rrule(cadence: Cadence, first: datetime, timezone: str) -> str | None:
    """RRULE text for a series that starts at or after `first` (local); None when it meets once.

    Raises InvalidInput for choices that make no rule.
    """
    if cadence.repeats is Repeats.ONCE:
        return None
    days = [DAY_CODES[day] for day in sorted(set(cadence.weekdays)) or [first.weekday()]]
    if cadence.repeats is Repeats.WEEKLY:
        interval = f";INTERVAL={cadence.interval}" if cadence.interval != 1 else ""
        return f"FREQ=WEEKLY{interval};BYDAY={','.join(days)}{_end(cadence, timezone)}"
    if not cadence.weeks_of_month:
        raise InvalidInput("weeks_of_month", "Please say in which weeks of the month.")
    weeks = sorted(set(cadence.weeks_of_month), key=lambda week: week % 7)
    return f"FREQ=MONTHLY;BYDAY={','.join(f'{week}{day}' for week in weeks for day in days)}{_end(cadence, timezone)}"


def _end(cadence: Cadence, timezone: str) -> str:
    """UNTIL takes the whole of its local day and is written in UTC (RFC 5545, 3.3.10)."""
    if cadence.count is not None:
        return f";COUNT={cadence.count}"
    if cadence.until is None:
        return ""
    if not 1970 <= cadence.until.year <= LAST_YEAR:  # noqa: PLR2004  before that no zone is sure
        raise InvalidInput("until", f"Dates lie between 1970 and {LAST_YEAR}.")
    return f";UNTIL={to_utc(datetime.combine(cadence.until, LAST_SECOND), timezone):%Y%m%dT%H%M%SZ}"


def align_start(rrule: str | None, first: datetime, timezone: str) -> datetime:
    """The first date of the rule at or after `first` (local), which becomes DTSTART (RFC 5545, 3.8.5.3).

    Raises InvalidInput when the rule has none within ten years.
    """
    if rrule is None:
        return first
    rule = parse_rule(rrule, timezone)
    start = next(rule.between(first, first, first + timedelta(days=3660)), None)
    if start is None:
        raise InvalidInput("first_date", "No date follows from these choices. Look at the first and the last day.")
    return start


def describe(schedule: Schedule) -> str:
    """The rule in a few plain words, without the hour: "The last Friday of each month"."""
    if schedule.rrule is None:
        return f"Once, on {_day(schedule.dtstart_local.date())}"
    rule = parse_rule(schedule.rrule, schedule.timezone)
    return _often(rule, schedule.dtstart_local) + _until(rule)


def _often(rule: Rule, start: datetime) -> str:
    parts = rule.parts
    interval = int(parts.get("INTERVAL", "1"))
    match parts["FREQ"]:
        case "DAILY" if "BYDAY" not in parts:
            return "Every day" if interval == 1 else f"Every {interval} days"
        case "WEEKLY" | "DAILY":
            return _weekly(parts.get("BYDAY", DAY_CODES[start.weekday()]), interval)
        case "MONTHLY":
            return _monthly(parts.get("BYDAY", ""), parts.get("BYMONTHDAY", ""), parts.get("BYSETPOS", ""), interval)
        case _:
            return IRREGULAR


def _weekly(by_day: str, interval: int) -> str:
    days = _listed([DAYS[DAY_CODES.index(code)] for code in by_day.split(",")])
    if interval == 1:
        return f"Every {days}"
    return f"Every other {days}" if interval == 2 else f"Every {interval} weeks on {days}"  # noqa: PLR2004


def _monthly(by_day: str, by_month_day: str, by_set_pos: str, interval: int) -> str:
    month = "each month" if interval == 1 else f"every {interval} months"
    if by_day and not by_month_day:
        weeks = _weeks_and_days(by_day, by_set_pos)
        return f"The {weeks} of {month}" if weeks else IRREGULAR
    if by_month_day and not by_day and "-" not in by_month_day:
        return f"Day {_listed(by_month_day.split(','))} of {month}"
    return IRREGULAR


def _weeks_and_days(by_day: str, by_set_pos: str) -> str:
    """`first and third Tuesday` from `1TU,3TU`, or nothing when the parts do not share their days."""
    pairs = [(int(one[:-2] or by_set_pos or 0), one[-2:]) for one in by_day.split(",") if "," not in by_set_pos]
    weeks = list(dict.fromkeys(week for week, _ in pairs))
    days = list(dict.fromkeys(day for _, day in pairs))
    if not pairs or len(pairs) != len(weeks) * len(days) or not all(week in WEEKS for week in weeks):
        return ""
    return f"{_listed([WEEKS[week] for week in weeks])} {_listed([DAYS[DAY_CODES.index(day)] for day in days])}"


def _until(rule: Rule) -> str:
    if "COUNT" in rule.parts:
        return f", {rule.parts['COUNT']} times"
    if "UNTIL" in rule.parts:
        return f", until {_day(datetime.strptime(rule.parts['UNTIL'], '%Y%m%dT%H%M%S').date())}"  # noqa: DTZ007
    return ""


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
