"""A foreign RRULE as one that the house takes, and a long series from lately on."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from groupsite.domain.cadence import DAY_CODES
from groupsite.domain.rules import END_OF_TIME, LAST_YEAR, Rule, parse_rule
from groupsite.domain.schedule import Schedule
from groupsite.formats.ical_import_dates import SeriesClock, Unusable

LONGEST_TEXT = 500
"""Characters; what is longer is not taken apart."""
TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
HOURS = {"BYHOUR": "%H", "BYMINUTE": "%M", "BYSECOND": "%S"}
PLAIN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"}
"""Parts that can be turned by a day."""
COSTLY = {"BYMONTHDAY", "BYSETPOS"}
"""With days or weeks no group meets by them, and a rule that never comes true would be looked for until the year 9999."""
MANY = 100
"""Longer counts become an end by date: to know the last of 5000 dates a rule is walked from its start each time it is asked."""
LATELY = timedelta(days=100)
"""Dates before that are left behind: nobody looks for them, and long series stay quick."""
FAR = timedelta(days=3660)
"""Single changes further ahead than ten years are left out."""


def rule_text(written: str, clock: SeriesClock) -> str:
    """The rule as the house writes rules, on the clock of the series. Raises Unusable; the domain checks the rest."""
    if len(written) > LONGEST_TEXT:
        raise Unusable("Its rule is longer than any that we know.")
    pairs = [_pair(part) for part in written.upper().replace(" ", "").strip(";").split(";")]
    parts = dict(pairs)
    frequency = parts.get("FREQ", "")
    if frequency in TOO_OFTEN:
        raise Unusable("It repeats by the hour or faster. Meetings repeat by days, weeks, months or years.")
    if frequency in {"DAILY", "WEEKLY"} and COSTLY & set(parts):
        raise Unusable("Its rule picks single days out of its weeks, which we cannot repeat. Add it by hand.")
    if clock.days_off and (frequency not in {"DAILY", "WEEKLY"} or set(parts) - PLAIN):
        raise Unusable("Its rule counts days in UTC, which are other days in your time zone. Add it by hand.")
    start = clock.counted_in_utc or clock.start
    kept = [(name, value) for name, value in pairs if not _says_the_hour(name, value, start)]
    turned = [(name, _turned(name, value, clock)) for name, value in kept]
    return ";".join(f"{name}={value}" for name, value in turned if value)


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name, value


def _says_the_hour(name: str, value: str, start: datetime) -> bool:
    """Some programs repeat the hour of the start in the rule."""
    return name in HOURS and value.isascii() and value.isdigit() and f"{value:0>2}" == start.strftime(HOURS[name])


def _turned(name: str, value: str, clock: SeriesClock) -> str:
    """The part on the clock of the series; nothing for an end that is later than time."""
    if name == "UNTIL":
        return _until(value, clock)
    if clock.days_off and name in {"BYDAY", "WKST"}:
        return ",".join(_next_day(day, clock.days_off) for day in value.split(","))
    return value


def _until(value: str, clock: SeriesClock) -> str:
    if re.fullmatch(r"[0-9]{8}.*", value) and int(value[:4]) > LAST_YEAR:
        return ""
    if clock.counted_in_utc is None or not re.fullmatch(r"[0-9]{8}T[0-9]{6}Z", value):
        return value
    try:
        until = datetime.strptime(value, "%Y%m%dT%H%M%SZ")  # noqa: DTZ007  UTC, as the start beside it
    except ValueError:
        return value
    return f"{clock.start + (until - clock.counted_in_utc):%Y%m%dT%H%M%S}"


def _next_day(code: str, days: int) -> str:
    if code not in DAY_CODES:
        raise Unusable("Its rule counts days in UTC, which are other days in your time zone. Add it by hand.")
    return DAY_CODES[(DAY_CODES.index(code) + days) % len(DAY_CODES)]


def with_first_date(schedule: Schedule) -> Schedule:
    """The start is a date even if the rule does not give it, and COUNT counts it (RFC 5545, 3.8.5.3). Raises InvalidInput."""
    start = schedule.dtstart_local
    if schedule.rrule is None:
        return schedule
    rule = parse_rule(schedule.rrule, schedule.timezone)
    if next(rule.between(start, start, start), None) is not None:
        return schedule
    extra = replace(schedule, rdates_local=(start, *schedule.rdates_local))
    return replace(extra, rrule=_with_fewer(schedule.rrule, rule, 1)) if "COUNT" in rule.parts else extra


def from_lately(schedule: Schedule, begin: datetime) -> Schedule:
    """The same dates from `begin` (local) on; a series that ended before that stays as it is. Raises InvalidInput."""
    if schedule.rrule is None or schedule.dtstart_local >= begin:
        return schedule
    rule = parse_rule(schedule.rrule, schedule.timezone)
    first = next(rule.between(schedule.dtstart_local, begin, END_OF_TIME), None)
    if first is None:
        return schedule
    text: str | None = schedule.rrule
    if "COUNT" in rule.parts:
        gone = sum(1 for one in rule.between(schedule.dtstart_local, schedule.dtstart_local, first) if one < first)
        text = _with_fewer(schedule.rrule, rule, gone)
    return replace(
        schedule,
        dtstart_local=first,
        rrule=text,
        rdates_local=tuple(one for one in schedule.rdates_local if one >= begin),
        exdates_local=tuple(one for one in schedule.exdates_local if one >= begin),
    )


def with_end_by_date(schedule: Schedule) -> Schedule:
    """The same dates; a rule that counts many of them ends on the day of the last one instead. Raises InvalidInput."""
    if schedule.rrule is None:
        return schedule
    rule = parse_rule(schedule.rrule, schedule.timezone)
    if int(rule.parts.get("COUNT", "0")) <= MANY:
        return schedule
    start = schedule.dtstart_local
    last = max(rule.between(start, start, END_OF_TIME), default=start)
    return replace(schedule, rrule=re.sub(r"COUNT=[0-9]+", f"UNTIL={last:%Y%m%dT%H%M%S}", schedule.rrule))


def _with_fewer(text: str, rule: Rule, gone: int) -> str | None:
    """The rule without so many of its counted dates; None when none is left, so that the start stands alone."""
    left = int(rule.parts["COUNT"]) - gone
    return re.sub(r"COUNT=[0-9]+", f"COUNT={left}", text) if left > 0 else None
