"""A weekly meeting in every zone for twenty years: the right hour on the wall, and one reminder for each date.

All weeks in which a zone sets its clocks are looked at with the week on either side, and of the others each seventeenth: some
600 zones, of which those that never change give the samples alone.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest

from groupsite.domain.recurrence import occurrences
from groupsite.domain.reminders import QuietHours, nominal_spans, timing
from groupsite.domain.schedule import Schedule
from groupsite.domain.words import Kind, Modality
from groupsite.domain.zones import available_zones, to_local, to_utc, zone

FIRST_YEAR, YEARS, SAMPLED = 2011, 20, 17
A_DAY, A_WEEK = timedelta(days=1), timedelta(weeks=1)
HOURS = (time(2, 30), time(19, 0), time(0, 15))
LEAD = 60
PARTS = 12


@cache
def weeks() -> list[date]:
    first = date(FIRST_YEAR, 1, 2)
    return [first + number * A_WEEK for number in range(YEARS * 52)]


def looked_at(timezone: str) -> Iterator[date]:
    """First days of the weeks (Sundays, when most clocks change) that are looked at in this zone."""
    offsets = [datetime.combine(day, time(12), zone(timezone)).utcoffset() for day in weeks()]
    for number, day in enumerate(weeks()):
        around = offsets[max(number - 1, 0) : number + 3]
        if len(set(around)) > 1 or number % SAMPLED == 0:
            yield day


def weekly(timezone: str, start: datetime) -> Schedule:
    return Schedule(
        timezone=timezone, dtstart_local=start, duration_minutes=60, rrule="FREQ=WEEKLY", title="Evening",
        kind=Kind.SHARING, modality=Modality.ONLINE,
    )  # fmt: skip


def is_on_the_wall(start_local: datetime, timezone: str) -> bool:
    """Whether clocks show this hour at all: it may lie in a gap."""
    return to_local(to_utc(start_local, timezone), timezone) == start_local


@pytest.mark.parametrize("part", range(PARTS))
def test_every_zone_keeps_its_hour_and_gives_one_reminder_for_each_date(part: int) -> None:
    seen = 0
    for number, timezone in enumerate(available_zones()[part::PARTS]):
        hour = HOURS[number % len(HOURS)]
        quiet = QuietHours(time(22), time(7), timezone)
        starts = {
            one.original_local: one
            for one in occurrences(
                weekly(timezone, datetime.combine(weeks()[0], hour)),
                datetime(FIRST_YEAR, 1, 1, tzinfo=UTC),
                datetime(FIRST_YEAR + YEARS, 1, 1, tzinfo=UTC),
            )
        }
        for day in looked_at(timezone):
            original = datetime.combine(day, hour)
            start = starts[original].start_utc
            assert start == to_utc(original, timezone)
            if is_on_the_wall(original, timezone):
                assert to_local(start, timezone) == original
            nominal = start - timedelta(minutes=LEAD)
            due = timing(start, LEAD, quiet).due_at
            assert due <= nominal < start
            windows = (due - A_DAY, due), (due, due + A_DAY)
            found = [
                [one for one in nominal_spans(quiet, *window) if one.since <= nominal < one.until] for window in windows
            ]
            assert [[span.due_at or nominal for span in spans] for spans in found] == [[], [due]]
            seen += 1
    assert seen > 40 * YEARS * 3
