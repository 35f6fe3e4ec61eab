"""Weekdays and parts of the day as moments: together they are the whole week, each moment once."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupsite.domain.day_parts import HOURS, DayPart, spans
from groupsite.domain.zones import to_local

FIRST = datetime(2026, 10, 20, tzinfo=UTC)
LAST = FIRST + timedelta(days=200)
ZONES = (
    "UTC",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Pacific/Apia",
    "America/Havana",
)
MOMENTS = st.integers(0, int((LAST - FIRST).total_seconds()) - 1).map(
    lambda seconds: FIRST + timedelta(seconds=seconds)
)


def holds(moment: datetime, zone: str, day: int | None, part: DayPart | None) -> int:
    return sum(begin <= moment < end for begin, end in spans(zone, FIRST, LAST, day=day, part=part))


@given(MOMENTS, st.sampled_from(ZONES))
def test_each_moment_is_in_one_part_of_one_day(moment: datetime, zone: str) -> None:
    found = [(day, part) for day in range(7) for part in DayPart if holds(moment, zone, day, part)]
    local = to_local(moment, zone)
    assert [day for day, _ in found] == [local.weekday()]
    assert holds(moment, zone, local.weekday(), None) == holds(moment, zone, None, found[0][1]) == 1


@given(MOMENTS, st.sampled_from(ZONES))
def test_part_is_what_the_clock_says(moment: datetime, zone: str) -> None:
    hour = to_local(moment, zone).hour
    for part in DayPart:
        says_so = any(begin.hour <= hour < (end.hour or 24) for begin, end in HOURS[part])
        assert holds(moment, zone, None, part) == says_so


@pytest.mark.parametrize("part", list(DayPart))
def test_spans_come_in_their_order_and_never_overlap(part: DayPart) -> None:
    found = spans("America/New_York", FIRST, LAST, day=None, part=part)
    assert found == sorted(found)
    assert all(one[1] <= following[0] for one, following in itertools.pairwise(found))


def test_friday_night_is_friday_before_five_and_after_ten() -> None:
    found = spans(
        "UTC", datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 29, tzinfo=UTC), day=4, part=DayPart.NIGHT
    )
    hours = [(f"{begin:%d %H}", f"{end:%d %H}") for begin, end in found]
    assert hours == [("27 00", "27 05"), ("27 22", "28 00")]
