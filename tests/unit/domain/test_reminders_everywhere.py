"""A weekly meeting in every zone for twenty years: the right hour on the wall, and one reminder for each date.

Every week is looked at. Zones whose clocks do the same in these years are one history (tests/tz_histories.py), which is walked
once. What is expected comes from the standard library's zones and from the wall clock, not from the product.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from groupsite.domain.recurrence import occurrences
from groupsite.domain.reminders import QuietHours, nominal_spans, timing
from groupsite.domain.schedule import Schedule
from groupsite.domain.words import Kind, Modality
from groupsite.domain.zones import available_zones
from tests.tz_histories import History, zones_by_history

SINCE, UNTIL = datetime(2011, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
AROUND = timedelta(days=7)
A_MINUTE, A_DAY, A_WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(weeks=1)
SUNDAYS = [date(2011, 1, 2) + number * A_WEEK for number in range(1044)]
"""When most clocks change: all of 2011 to 2030."""
HOURS = (time(2, 30), time(19, 0), time(0, 15))
LEAD = 60
QUIET_FROM, QUIET_UNTIL = time(22), time(7)
LONGEST_NIGHT = timedelta(hours=13)
PARTS = 12


@cache
def histories() -> dict[History, list[str]]:
    return zones_by_history(available_zones(), SINCE - AROUND, UNTIL + AROUND)


def weekly(timezone: str, start: datetime) -> Schedule:
    return Schedule(
        timezone=timezone, dtstart_local=start, duration_minutes=60, rrule="FREQ=WEEKLY", title="Evening",
        kind=Kind.SHARING, modality=Modality.ONLINE,
    )  # fmt: skip


def is_quiet(wall: datetime) -> bool:
    return wall.time() >= QUIET_FROM or wall.time() < QUIET_UNTIL


def due_by_the_wall(nominal: datetime, zone: ZoneInfo) -> datetime:
    """The last minute before the quiet hours that hold this moment: from minute to minute where clocks change near it."""
    wall, earlier = nominal.astimezone(zone), (nominal - LONGEST_NIGHT).astimezone(zone)
    if not is_quiet(wall):
        return nominal
    if wall.utcoffset() == earlier.utcoffset():
        begin = wall.replace(hour=QUIET_FROM.hour, minute=0, tzinfo=None)
        into = wall.replace(tzinfo=None) - begin
        return nominal - (into if into >= timedelta() else into + A_DAY) - A_MINUTE
    due = nominal
    while is_night(due, zone):
        due -= A_MINUTE
    return due


def is_night(moment: datetime, zone: ZoneInfo) -> bool:
    """Also where clocks are set back behind the hour at which a night has begun: Casey, 14 March 2021."""
    wall = moment.astimezone(zone)
    return is_quiet(wall) or (
        wall.fold == 1 and datetime.combine(wall.date(), QUIET_FROM, zone).astimezone(UTC) <= moment
    )


def test_every_zone_has_one_history() -> None:
    found = [name for names in histories().values() for name in names]
    assert sorted(found) == list(available_zones())
    assert len(found) > 550 > len(histories()) > 100


def test_zones_of_one_history_show_the_same_clock() -> None:
    for names in histories().values():
        first, *others = (ZoneInfo(name) for name in names)
        for day in SUNDAYS[::26]:
            moment = datetime.combine(day, time(12), UTC)
            shown = moment.astimezone(first).replace(tzinfo=None)
            assert [moment.astimezone(one).replace(tzinfo=None) for one in others] == [shown] * len(others)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_zone_keeps_its_hour_and_gives_one_reminder_for_each_date(part: int) -> None:
    for number, names in enumerate(list(histories().values())[part::PARTS]):
        walk(names[0], HOURS[number % len(HOURS)])


def walk(timezone: str, hour: time) -> None:
    zone, quiet = ZoneInfo(timezone), QuietHours(QUIET_FROM, QUIET_UNTIL, timezone)
    found = list(occurrences(weekly(timezone, datetime.combine(SUNDAYS[0], hour)), SINCE - A_DAY, UNTIL + A_DAY))
    starts = [datetime.combine(day, hour, zone).astimezone(UTC) for day in SUNDAYS]
    assert [one.start_utc for one in found] == starts
    assert [one.original_local for one in found] == [datetime.combine(day, hour) for day in SUNDAYS]
    for start in starts:
        nominal = start - timedelta(minutes=LEAD)
        due = due_by_the_wall(nominal, zone)
        assert timing(start, LEAD, quiet).due_at == due
        spans = [
            [one.due_at or nominal for one in nominal_spans(quiet, *window) if one.since <= nominal < one.until]
            for window in ((due - A_DAY, due), (due, due + A_DAY))
        ]
        assert spans == [[], [due]]
