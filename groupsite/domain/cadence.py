"""How often a group meets, as people say it: from a form's choices to an RRULE, and from an RRULE to a sentence."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from groupsite.domain.errors import InvalidInput
from groupsite.domain.rules import FIRST_YEAR, LARGEST, LAST_YEAR, Rule, parse_rule
from groupsite.domain.schedule import Schedule
from groupsite.domain.zones import to_utc

DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "second to last"}
OFFERED_WEEKS = frozenset(WEEKS) - {-2}
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
    _check_choices(cadence)
    days = [DAY_CODES[day] for day in sorted(set(cadence.weekdays)) or [first.weekday()]]
    if cadence.repeats is Repeats.WEEKLY:
        interval = f";INTERVAL={cadence.interval}" if cadence.interval != 1 else ""
        return f"FREQ=WEEKLY{interval};BYDAY={','.join(days)}{_end(cadence, timezone)}"
    if not cadence.weeks_of_month:
        raise InvalidInput("weeks_of_month", "Please say in which weeks of the month.")
    weeks = sorted(set(cadence.weeks_of_month), key=lambda week: week % 7)
    return f"FREQ=MONTHLY;BYDAY={','.join(f'{week}{day}' for week in weeks for day in days)}{_end(cadence, timezone)}"


def cadence_of(schedule: Schedule) -> Cadence | None:
    """The choices that give the rule of this series, its end left out; None when no choices do."""
    if schedule.rrule is None:
        return Cadence(Repeats.ONCE)
    rule = parse_rule(schedule.rrule, schedule.timezone)
    said = set(rule.parts) - {"FREQ", "INTERVAL", "COUNT", "UNTIL"}
    interval = int(rule.parts.get("INTERVAL", "1"))
    days = rule.parts.get("BYDAY", DAY_CODES[schedule.dtstart_local.weekday()]).split(",")
    if said <= {"BYDAY"} and rule.parts["FREQ"] == "WEEKLY":
        return Cadence(Repeats.WEEKLY, tuple(DAY_CODES.index(day) for day in days), interval)
    if said == {"BYDAY"} and rule.parts["FREQ"] == "MONTHLY" and interval == 1:
        return _monthly_cadence([(int(day[:-2] or 0), DAY_CODES.index(day[-2:])) for day in days])
    return None


def _monthly_cadence(pairs: list[tuple[int, int]]) -> Cadence | None:
    """The choices of weeks and days that give just these pairs of them."""
    weeks, days = {week for week, _ in pairs}, {day for _, day in pairs}
    if len(pairs) != len(weeks) * len(days) or not weeks <= OFFERED_WEEKS:
        return None
    return Cadence(Repeats.MONTHLY, tuple(sorted(days)), weeks_of_month=tuple(sorted(weeks)))


def _check_choices(cadence: Cadence) -> None:
    if not all(day in range(7) for day in cadence.weekdays):
        raise InvalidInput("weekdays", "Please choose among the seven days of the week.")
    if not all(week in WEEKS for week in cadence.weeks_of_month):
        raise InvalidInput("weeks_of_month", "Please choose among the weeks of a month.")
    if not 1 <= cadence.interval <= LARGEST["INTERVAL"]:
        raise InvalidInput("interval", f"Please give 1 to {LARGEST['INTERVAL']} weeks.")
    if cadence.count is not None and not 1 <= cadence.count <= LARGEST["COUNT"]:
        raise InvalidInput("count", f"Please give 1 to {LARGEST['COUNT']} times.")


def _end(cadence: Cadence, timezone: str) -> str:
    """UNTIL takes the whole of its local day and is written in UTC (RFC 5545, 3.3.10)."""
    if cadence.count is not None:
        return f";COUNT={cadence.count}"
    if cadence.until is None:
        return ""
    if not FIRST_YEAR <= cadence.until.year <= LAST_YEAR:
        raise InvalidInput("until", f"Dates lie between {FIRST_YEAR} and {LAST_YEAR}.")
    return f";UNTIL={to_utc(datetime.combine(cadence.until, LAST_SECOND), timezone):%Y%m%dT%H%M%SZ}"


def align_start(rrule: str | None, first: datetime, timezone: str) -> datetime:
    """The first date of the rule at or after `first` (local), which becomes DTSTART (RFC 5545, 3.8.5.3).

    Raises InvalidInput when the rule has none within ten years.
    """
    if rrule is None:
        return first
    start = parse_rule(rrule, timezone).first_from(first)
    if start is None:
        raise InvalidInput("first_date", "No date follows from these choices. Look at the first and the last day.")
    return start


def describe(schedule: Schedule) -> str:
    """The rule in a few plain words, without the hour: "The last Friday of each month"."""
    if schedule.rrule is None and schedule.rdates_local:
        return IRREGULAR
    if schedule.rrule is None:
        return f"Once, on {_day(schedule.dtstart_local.date())}"
    rule = parse_rule(schedule.rrule, schedule.timezone)
    return _often(rule, schedule.dtstart_local) + _until(rule)


def _often(rule: Rule, start: datetime) -> str:
    """Only what these words say completely; a rule with any other part is not described."""
    parts = rule.parts
    interval = int(parts.get("INTERVAL", "1"))
    match parts["FREQ"], set(parts) - {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}:
        case "DAILY", said if not said:
            return "Every day" if interval == 1 else f"Every {interval} days"
        case "WEEKLY", said if said <= {"BYDAY"}:
            return _weekly(parts.get("BYDAY", DAY_CODES[start.weekday()]), interval)
        case "MONTHLY", said if said <= {"BYDAY", "BYSETPOS"} or said == {"BYMONTHDAY"}:
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
    if by_set_pos and ("," in by_set_pos or len(by_day) > 2):  # noqa: PLR2004  it chooses among several weekdays
        return ""
    pairs = [(int(one[:-2] or by_set_pos or 0), one[-2:]) for one in by_day.split(",")]
    weeks = list(dict.fromkeys(week for week, _ in pairs))
    days = list(dict.fromkeys(day for _, day in pairs))
    if not pairs or len(pairs) != len(weeks) * len(days) or not all(week in WEEKS for week in weeks):
        return ""
    return f"{_listed([WEEKS[week] for week in weeks])} {_listed([DAYS[DAY_CODES.index(day)] for day in days])}"


def _until(rule: Rule) -> str:
    if "COUNT" in rule.parts:
        return f", {rule.parts['COUNT']} times"
    return f", until {_day(rule.until.date())}" if rule.until else ""


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
