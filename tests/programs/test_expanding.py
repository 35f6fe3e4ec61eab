"""What four independent programs make of our calendars over thirteen months: the dates of the pages, to the minute."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from groupsite.domain.recurrence import occurrences
from groupsite.domain.schedule import Schedule
from groupsite.formats.calendar_series import CalendarSeries
from groupsite.formats.ical import calendar, series_block
from tests.expanders import generated
from tests.expanders.generated import WINDOW
from tests.expanders.icaljs import icaljs
from tests.expanders.libical import libical
from tests.expanders.reading import Date, Expander, shown
from tests.expanders.recurring import recurring
from tests.expanders.walk import walk
from tests.sample import sample_series

NOW = datetime(2026, 8, 1, tzinfo=UTC)
READERS: tuple[Expander, ...] = (icaljs, libical, recurring)
"""The programs that read bytes; the fourth walks from day to day and knows the schedule alone."""
HOW_MANY, BATCH = int(os.environ.get("GENERATED_SERIES", "2000")), 250
EVERY = 10
"""recurring-ical-events reads one series of so many: it is slow."""
SAMPLE = sample_series()
HOURS = timedelta(hours=3)


def written(schedule: Schedule) -> bytes:
    series = CalendarSeries(uid="0f8fad5b@dates.invalid", schedule=schedule, sequence=0, created=NOW, changed=NOW)
    return calendar([series_block(series, now=NOW)], [(schedule.timezone, schedule.dtstart_local.year)], name="Dates")


def pages(schedule: Schedule) -> list[Date]:
    return shown(occurrences(schedule, *WINDOW), WINDOW)


@pytest.mark.parametrize("read", READERS)
def test_every_program_reads_the_sample_as_the_pages_show_it(read: Expander) -> None:
    found = read([written(one.schedule) for one in SAMPLE], WINDOW)
    assert dict(zip(map(str, SAMPLE), found, strict=True)) == {str(one): pages(one.schedule) for one in SAMPLE}


def test_walk_from_day_to_day_finds_the_dates_of_the_sample() -> None:
    found = walk([one.schedule for one in SAMPLE], WINDOW)
    assert dict(zip(map(str, SAMPLE), found, strict=True)) == {str(one): pages(one.schedule) for one in SAMPLE}


@pytest.mark.parametrize("first", range(0, HOW_MANY, BATCH))
def test_every_program_reads_generated_series_as_the_pages_show_them(first: int) -> None:
    schedules = [generated.series(number) for number in range(first, min(first + BATCH, HOW_MANY))]
    calendars, expected = [written(one) for one in schedules], [pages(one) for one in schedules]
    assert walk(schedules, WINDOW) == expected
    assert icaljs(calendars, WINDOW) == expected
    assert libical(calendars, WINDOW) == expected
    assert recurring(calendars[::EVERY], WINDOW) == expected[::EVERY]


@pytest.mark.parametrize("read", READERS)
def test_program_believes_the_zones_of_the_file(read: Expander) -> None:
    evening = SAMPLE[0].schedule
    (honest,) = read([written(evening)], WINDOW)
    moved = written(evening).replace(b"OFFSETTO:-0500", b"OFFSETTO:-0800").replace(b"OFFSETTO:-0400", b"OFFSETTO:-0700")
    (later,) = read([moved], WINDOW)
    assert [one.start - HOURS for one in later] == [one.start for one in honest]
