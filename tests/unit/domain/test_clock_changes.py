"""Which dates of a series a change of clocks touches, and no others."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from groupsite.domain.clock_changes import clock_changes, dates_at_clock_changes
from groupsite.domain.schedule import Override, Schedule
from groupsite.domain.words import Kind, Modality, OverrideAction

YEAR = (datetime(2026, 9, 1, tzinfo=UTC), datetime(2027, 9, 1, tzinfo=UTC))
"""London's clocks go back on 25 October at 02:00 and forward on 28 March at 01:00."""


def nightly(hour: int, minute: int, minutes: int) -> Schedule:
    return Schedule(
        timezone="Europe/London",
        dtstart_local=datetime(2026, 9, 1, hour, minute),
        duration_minutes=minutes,
        rrule="FREQ=DAILY",
        title="Late",
        kind=Kind.SHARING,
        modality=Modality.ONLINE,
    )


def touched(schedule: Schedule) -> list[str]:
    return [f"{one.original_local:%d %B}" for one in dates_at_clock_changes(schedule, *YEAR)]


@pytest.mark.parametrize(
    ("schedule", "dates"),
    [
        (nightly(1, 30, 60), ["25 October", "28 March"]),
        (nightly(1, 0, 15), ["25 October", "28 March"]),
        (nightly(0, 30, 45), ["25 October", "28 March"]),
        (nightly(0, 30, 30), ["25 October", "28 March"]),
        (nightly(0, 30, 15), []),
        (nightly(2, 0, 60), []),
        (nightly(23, 30, 120), ["24 October", "27 March"]),
        (nightly(12, 0, 1440), ["24 October", "27 March"]),
        (nightly(19, 0, 90), []),
        (replace(nightly(1, 30, 60), timezone="Asia/Kolkata"), []),
        (replace(nightly(1, 30, 60), timezone="Africa/Cairo"), []),
        (replace(nightly(23, 30, 60), timezone="Africa/Cairo"), ["29 October", "29 April"]),
        (replace(nightly(23, 30, 1440), timezone="Africa/Cairo"), ["28 October", "29 October", "29 April"]),
    ],
)
def test_dates_at_clock_changes_are_those_that_begin_end_or_last_in_one(schedule: Schedule, dates: list[str]) -> None:
    assert touched(schedule) == dates


def test_date_that_the_series_does_not_have_is_not_touched() -> None:
    weekly = replace(nightly(1, 30, 60), rrule="FREQ=WEEKLY;BYDAY=MO")
    assert touched(weekly) == []
    assert touched(replace(weekly, rdates_local=(datetime(2027, 3, 28, 1, 45),))) == ["28 March"]
    assert touched(replace(nightly(1, 30, 60), exdates_local=(datetime(2027, 3, 28, 1, 30),))) == ["25 October"]


def test_touched_date_has_its_changes() -> None:
    off = Override(OverrideAction.CANCEL, datetime(2027, 3, 28, 1, 30))
    *_, last = dates_at_clock_changes(replace(nightly(1, 30, 60), overrides=(off,)), *YEAR)
    assert last.status == "cancelled"


def test_changes_of_a_zone_are_the_first_seconds_of_new_offsets() -> None:
    found = clock_changes("Australia/Lord_Howe", *YEAR)
    assert [(one.at, one.local) for one in found] == [
        (datetime(2026, 10, 3, 15, 30, tzinfo=UTC), datetime(2026, 10, 4, 2)),
        (datetime(2027, 4, 3, 15, tzinfo=UTC), datetime(2027, 4, 4, 2)),
    ]
