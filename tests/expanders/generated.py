"""Series as facilitators may make them, any number of them, the same for the same number: of zones and hours that go wrong."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from random import Random

from groupsite.domain.schedule import Override, Pause, Schedule
from groupsite.domain.words import Kind, Modality, OverrideAction
from tests import calendar_walk
from tests.expanders.walk import originals

ZONES = (
    "Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "America/Asuncion", "America/Havana", "America/Los_Angeles",
    "America/New_York", "America/Nuuk", "America/Phoenix", "America/Santiago", "America/St_Johns", "America/Vancouver",
    "Antarctica/Troll", "Asia/Beirut", "Asia/Gaza", "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata", "Atlantic/Azores",
    "Australia/Adelaide", "Australia/Lord_Howe", "Australia/Sydney", "Etc/UTC", "Europe/Berlin", "Europe/Chisinau",
    "Europe/Dublin", "Europe/London", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Easter",
    "Pacific/Kiritimati", "Pacific/Norfolk", "UTC",
)  # fmt: skip
NIGHT = tuple(time(hour, minute) for hour in (0, 1, 2, 3, 22, 23) for minute in (0, 15, 30, 45))
"""Hours that clock changes touch somewhere."""
DAY = (time(7, 30), time(12, 10), time(18), time(19), time(20, 30))
MINUTES = (30, 60, 90, 105, 180, 480, 1440)
WINDOW = (datetime(2026, 9, 1, tzinfo=UTC), datetime(2027, 10, 1, tzinfo=UTC))
"""Thirteen months."""
FIRST, DAYS = date(2025, 3, 1), 870
"""Of the first dates of series: some begin long before the window, some in it."""


def series(number: int) -> Schedule:
    """The series of this number."""
    draw = Random(number)  # noqa: S311  the same each time is what is wanted
    first = datetime.combine(_day(draw, FIRST, DAYS), _hour(draw))
    plain = Schedule(
        timezone=draw.choice(ZONES),
        dtstart_local=first,
        duration_minutes=draw.choice(MINUTES),
        rrule=None if draw.random() < 0.05 else _rule(draw) + _end(draw, first.date()),
        title=f"Evening {number}",
        kind=Kind.SHARING,
        modality=Modality.IN_PERSON,
    )
    with_extra = replace(plain, rdates_local=tuple(_extra(draw, first) for _ in range(draw.choice((0, 0, 1, 3)))))
    return _changed(draw, with_extra) if draw.random() < 0.7 else with_extra


def _rule(draw: Random) -> str:
    interval = draw.choice((1, 1, 1, 2, 3))
    match draw.choice(("days", "weeks", "weekdays", "weekdays", "nth weekdays", "days of the month", "positions")):
        case "days":
            return calendar_walk.daily(draw.choice((1, 1, 2, 7, 10))).text
        case "weeks":
            return f"FREQ=WEEKLY;INTERVAL={interval}"
        case "weekdays":
            return calendar_walk.weekly(frozenset(draw.sample(range(7), draw.choice((1, 1, 2, 3)))), interval).text
        case "nth weekdays":
            choices = [(draw.choice((1, 2, 3, 4, 5, -1, -2)), draw.randrange(7)) for _ in range(draw.choice((1, 1, 2)))]
            return calendar_walk.monthly_on_weekdays(frozenset(choices), interval).text
        case "days of the month":
            days = frozenset(draw.choice((1, 15, 25, 28, 29, 30, 31, -1, -2)) for _ in range(draw.choice((1, 2))))
            return calendar_walk.monthly_on_days(days, interval).text
        case _:
            weekdays = frozenset(draw.choice((range(5), (5, 6), (draw.randrange(7),))))
            return calendar_walk.monthly_by_position(weekdays, draw.choice((1, 2, 3, -1, -2)), interval).text


def _end(draw: Random, first: date) -> str:
    last = _day(draw, first, 800)
    return draw.choice(
        (
            "",
            "",
            f";COUNT={draw.randint(1, 60)}",
            f";UNTIL={last:%Y%m%d}",
            f";UNTIL={datetime.combine(last, _hour(draw)):%Y%m%dT%H%M%S}",
            f";UNTIL={datetime.combine(last, _hour(draw)):%Y%m%dT%H%M%S}Z",
        )
    )


def _changed(draw: Random, plain: Schedule) -> Schedule:
    """The series with some dates skipped, called off, moved and changed, some days with other words, and a pause."""
    known = [one for one in originals(plain, WINDOW) if one >= datetime(2026, 8, 1)]
    chosen = iter(draw.sample(known, min(len(known), 8)))
    changes = [_change(draw, one) for one in islice(chosen, draw.randrange(6))]
    if draw.random() < 0.3:
        changes.insert(0, _change_of_days(draw))
    return replace(
        plain,
        exdates_local=tuple(islice(chosen, draw.randrange(3))),
        pauses=(Pause(*_days(draw)),) if draw.random() < 0.2 else (),
        overrides=tuple(changes),
    )


def _change(draw: Random, original: datetime) -> Override:
    moved = original + timedelta(minutes=15 * draw.randint(-300, 300))
    minutes = draw.choice((None, *MINUTES))
    return draw.choice(
        (
            Override(OverrideAction.CANCEL, original),
            Override(OverrideAction.MOVE, original, new_start_local=moved),
            Override(OverrideAction.MOVE, original, new_start_local=datetime.combine(moved.date(), _hour(draw))),
            Override(OverrideAction.RETITLE, original, title=f"Of {original:%d %B}", duration_minutes=minutes),
            Override(OverrideAction.RELOCATE, original, duration_minutes=minutes),
        )
    )


def _change_of_days(draw: Random) -> Override:
    first, last = _days(draw)
    action = draw.choice((OverrideAction.CANCEL, OverrideAction.RETITLE))
    title = "Of these days" if action is OverrideAction.RETITLE else None
    return Override(action, first_date=first, last_date=last, title=title)


def _days(draw: Random) -> tuple[date, date]:
    first = _day(draw, date(2026, 8, 20), 400)
    return first, _day(draw, first, 30)


def _extra(draw: Random, first: datetime) -> datetime:
    """A date beside the rule, sometimes on a date of the rule."""
    day = _day(draw, max(first.date(), date(2026, 8, 20)), 300)
    return datetime.combine(day, draw.choice((first.time(), _hour(draw))))


def _day(draw: Random, first: date, days: int) -> date:
    return first + timedelta(days=draw.randrange(days))


def _hour(draw: Random) -> time:
    return draw.choice(draw.choice((NIGHT, DAY)))
