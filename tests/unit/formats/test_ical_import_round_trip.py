"""What our own calendars say, brought in again, gives the same dates."""

from datetime import UTC, datetime, timedelta

import pytest

from groupsite.domain.recurrence import occurrences
from groupsite.domain.schedule import Schedule
from groupsite.domain.words import OccurrenceStatus
from groupsite.formats.calendar_series import CalendarSeries
from groupsite.formats.ical import calendar, series_block
from groupsite.formats.ical_import import read_calendar
from tests.bombs import NOW
from tests.sample import SampleSeries, sample_series

LAST = NOW + timedelta(days=396)
CHANGED = datetime(2026, 11, 1, tzinfo=UTC)


def dates(schedule: Schedule) -> list[tuple[datetime, datetime, datetime, bool]]:
    return [
        (one.original_utc, one.start_utc, one.end_utc, one.status is OccurrenceStatus.CANCELLED)
        for one in occurrences(schedule, NOW, LAST)
    ]


@pytest.mark.parametrize("sample", sample_series(), ids=str)
def test_own_calendar_brought_in_has_the_same_dates(sample: SampleSeries) -> None:
    schedule = sample.schedule
    told = CalendarSeries("one@example.org", schedule, sequence=1, created=CHANGED, changed=CHANGED, prefix="Lantern")
    written = calendar([series_block(told, now=NOW)], [(schedule.timezone, 2026)], name="Lantern")
    (found,) = read_calendar(written, schedule.timezone, now=NOW).series
    if not dates(schedule):
        assert found.reason == "All its dates are over."
        return
    assert found.draft, found.reason
    assert dates(found.draft.schedule) == dates(schedule)
