"""When a reminder is due, and when it is too late."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from groupsite.domain.reminders import Night, QuietHours, Timing, night_of, nominal_spans, nights, timing
from groupsite.domain.zones import to_local

MIDNIGHT = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
"""Tuesday Lantern: 19:00 in New York."""
NIGHT = QuietHours(time(21), time(8), "America/New_York")
ZONES = ("America/New_York", "Europe/Dublin", "Asia/Kolkata", "Pacific/Auckland", "Australia/Lord_Howe", "UTC")


def test_reminder_is_due_its_lead_before_the_start() -> None:
    assert timing(MIDNIGHT, 60, None) == Timing(MIDNIGHT - timedelta(minutes=60), MIDNIGHT - timedelta(minutes=30))


def test_short_lead_may_be_late_by_ten_minutes_and_never_past_the_start() -> None:
    assert timing(MIDNIGHT, 12, None).expires_at == MIDNIGHT - timedelta(minutes=2)
    assert timing(MIDNIGHT, 5, None).expires_at == MIDNIGHT


def test_quiet_hours_move_a_reminder_to_the_evening_before() -> None:
    early = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # 07:00 in New York
    assert to_local(timing(early, 60, NIGHT).due_at, "America/New_York") == datetime(2026, 11, 24, 20, 59)


def test_quiet_hours_end_at_their_last_minute() -> None:
    assert is_quiet(time(7, 59), NIGHT)
    assert not is_quiet(time(8), NIGHT)
    assert not is_quiet(time(20, 59), NIGHT)


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
    assert plain.due_at - moved.due_at <= timedelta(hours=26)
