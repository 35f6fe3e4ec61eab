"""When a reminder is due, and when it is too late."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupsite.domain.reminders import Night, QuietHours, Timing, night_of, nights, nominal_spans, timing
from groupsite.domain.zones import to_local

MIDNIGHT = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
"""Tuesday Lantern: 19:00 in New York."""
NIGHT = QuietHours(time(21), time(8), "America/New_York")
MINUTE = timedelta(minutes=1)
ZONES = (
    "America/New_York",
    "Europe/Dublin",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/St_Johns",
    "Asia/Gaza",
    "UTC",
)


def test_reminder_is_due_its_lead_before_the_start() -> None:
    assert timing(MIDNIGHT, 60, None) == Timing(MIDNIGHT - timedelta(minutes=60), MIDNIGHT - timedelta(minutes=30))


def test_short_lead_may_be_late_by_ten_minutes_and_never_past_the_start() -> None:
    assert timing(MIDNIGHT, 12, None).expires_at == MIDNIGHT - timedelta(minutes=2)
    assert timing(MIDNIGHT, 5, None).expires_at == MIDNIGHT


def test_quiet_hours_move_a_reminder_to_the_evening_before() -> None:
    early = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # 07:00 in New York
    assert to_local(timing(early, 60, NIGHT).due_at, "America/New_York") == datetime(2026, 11, 24, 20, 59)


def test_quiet_hours_end_at_their_last_minute() -> None:
    whole = Night(datetime(2026, 11, 25, 2, tzinfo=UTC), datetime(2026, 11, 25, 13, tzinfo=UTC))
    assert night_of(whole.begin, NIGHT) == whole
    assert night_of(whole.end - MINUTE, NIGHT) == whole
    assert night_of(whole.end, NIGHT) is None
    assert night_of(whole.begin - MINUTE, NIGHT) is None


def test_hour_that_happens_twice_belongs_to_the_night_once() -> None:
    """New York sets its clocks back on 2026-11-01 at 02:00: the first half past one is 05:30 UTC."""
    quiet = QuietHours(time(23), time(1, 30), "America/New_York")
    first, second = datetime(2026, 11, 1, 5, 15, tzinfo=UTC), datetime(2026, 11, 1, 6, 15, tzinfo=UTC)
    assert night_of(first, quiet) == Night(
        datetime(2026, 11, 1, 3, tzinfo=UTC), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    )
    assert night_of(second, quiet) is None


def test_nights_that_a_clock_change_lets_meet_are_left_before_the_first() -> None:
    """03:00 to 02:59: on 2026-03-08 New York skips from 02:00 to 03:00, and the minute between two nights with it."""
    quiet = QuietHours(time(3), time(2, 59), "America/New_York")
    skipped = datetime(2026, 3, 8, 7, tzinfo=UTC)
    before, after = nights(quiet, skipped - MINUTE, skipped + MINUTE)
    assert (before.end, after.begin) == (skipped, skipped)
    assert timing(skipped + 3 * 60 * MINUTE, 60, quiet).due_at == before.begin - MINUTE


def test_quiet_hours_that_are_skipped_are_none() -> None:
    quiet = QuietHours(time(2), time(3), "America/New_York")
    skipped = datetime(2026, 3, 8, 7, tzinfo=UTC)
    assert nights(quiet, skipped - 60 * MINUTE, skipped + 60 * MINUTE) == []


@given(
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    minute=st.integers(0, 1439),
    lead=st.integers(5, 7 * 1440),
    begin=st.times(),
    end=st.times(),
    zone=st.sampled_from(ZONES),
)
def test_quiet_hours_never_make_a_reminder_later(
    day: date, minute: int, lead: int, begin: time, end: time, zone: str
) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)
    quiet = QuietHours(begin.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0), zone)
    plain, moved = timing(start, lead, None), timing(start, lead, quiet)
    assert moved.due_at <= plain.due_at
    assert moved.due_at < moved.expires_at <= start
    assert plain.due_at - moved.due_at <= timedelta(hours=50)


@given(
    day=st.dates(date(2011, 1, 1), date(2027, 12, 31)),
    begin=st.times(),
    end=st.times(),
    zone=st.sampled_from(ZONES),
    widths=st.lists(st.integers(1, 2000), min_size=1, max_size=40),
    offsets=st.lists(st.integers(0, 2000), min_size=1, max_size=30),
)
def test_each_nominal_moment_is_in_one_span_of_windows_that_follow_each_other(
    day: date, begin: time, end: time, zone: str, widths: list[int], offsets: list[int]
) -> None:
    """The windows reach from three days before the moments that are looked at to a day after."""
    quiet = QuietHours(begin.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0), zone)
    first = datetime(day.year, day.month, day.day, tzinfo=UTC)
    edges = [first - timedelta(days=3)]
    for width in [*widths, 1440 * 6]:
        edges.append(edges[-1] + width * MINUTE)
    spans = [span for window in pairwise(edges) for span in nominal_spans(quiet, *window)]
    for nominal in (first + offset * MINUTE for offset in offsets):
        due = [span.due_at or nominal for span in spans if span.since <= nominal < span.until]
        assert due == [timing(nominal, 0, quiet).due_at]


@pytest.mark.parametrize("zone", [*ZONES, "America/Santiago", "Antarctica/Troll", "Asia/Tehran", "Europe/Dublin"])
@pytest.mark.parametrize(
    ("begin", "end"), [(time(21), time(8)), (time(1, 30), time(2, 30)), (time(2, 45), time(2, 15))]
)
def test_minutes_of_a_year_are_quiet_where_the_nights_say_so(zone: str, begin: time, end: time) -> None:
    """Nights never overlap, and apart from the hours that happen twice or never the clock on the wall says the same."""
    quiet = QuietHours(begin, end, zone)
    year = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    found = nights(quiet, *year)
    assert all(one.end <= following.begin for one, following in pairwise(found))
    strange = 0
    for hour in range(0, 365 * 24, 1):
        moment = year[0] + timedelta(hours=hour, minutes=hour % 60)
        clock = to_local(moment, zone).time()
        says = begin <= clock < end if begin <= end else not end <= clock < begin
        strange += (night_of(moment, quiet) is not None) is not says
    assert strange <= 8
