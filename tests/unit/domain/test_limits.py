"""When mail may reach somebody who has said when it may not."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from groupsite.domain.limits import Limits, Matter, is_asked_again, leaves_out, waits_until
from groupsite.domain.reminders import QuietHours

NIGHT = QuietHours(time(21), time(8), "Europe/London")
EVENING = datetime(2026, 11, 24, 22, tzinfo=UTC)
MORNING = datetime(2026, 11, 25, 8, tzinfo=UTC)
QUIET = Limits("Europe/London", quiet=NIGHT)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (EVENING, MORNING),
        (EVENING + timedelta(hours=4), MORNING),
        (MORNING - timedelta(minutes=1), MORNING),
        (MORNING, None),
        (EVENING - timedelta(hours=1, minutes=1), None),
        (datetime(2027, 3, 27, 23, tzinfo=UTC), datetime(2027, 3, 28, 7, tzinfo=UTC)),
    ],
)
def test_mail_waits_for_the_end_of_the_night(now: datetime, until: datetime | None) -> None:
    assert waits_until(QUIET, Matter.DATES, now) == until
    assert waits_until(QUIET, Matter.CALENDAR, now) == until


def test_end_of_the_night_lies_ahead_in_the_hour_that_happens_twice() -> None:
    """London sets its clocks back on 2026-10-25 at 02:00: at the second quarter past one the night is over."""
    short = Limits("Europe/London", quiet=QuietHours(time(21), time(1, 30), "Europe/London"))
    first, second = datetime(2026, 10, 25, 0, 15, tzinfo=UTC), datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    assert waits_until(short, Matter.DATES, first) == first.replace(minute=30)
    assert waits_until(short, Matter.DATES, second) is None


def test_quiet_hours_within_a_day_end_on_that_day() -> None:
    nap = Limits("Europe/London", quiet=QuietHours(time(13), time(15), "Europe/London"))
    noon = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
    assert waits_until(nap, Matter.DATES, noon) == noon.replace(hour=15, minute=0)


@pytest.mark.parametrize(
    ("matter", "allows", "waits"),
    [
        (Matter.ASKED_NOW, False, False),
        (Matter.URGENT, True, False),
        (Matter.URGENT, False, True),
        (Matter.DATES, True, True),
        (Matter.CALENDAR, True, True),
    ],
)
def test_only_what_she_allowed_comes_at_night(matter: Matter, allows: bool, waits: bool) -> None:
    limits = Limits("Europe/London", quiet=NIGHT, allows_urgent=allows)
    assert (waits_until(limits, matter, EVENING) is not None) is waits


@pytest.mark.parametrize(
    ("matter", "allows", "is_left_out"),
    [
        (Matter.DATES, True, True),
        (Matter.URGENT, False, True),
        (Matter.URGENT, True, False),
        (Matter.CALENDAR, False, False),
        (Matter.ASKED_NOW, False, False),
    ],
)
def test_rest_leaves_out_what_is_about_dates(matter: Matter, allows: bool, is_left_out: bool) -> None:
    resting = Limits("America/New_York", rest_until=date(2026, 11, 24), allows_urgent=allows)
    assert leaves_out(resting, matter, EVENING) is is_left_out


def test_rest_ends_with_her_own_day() -> None:
    resting = Limits("America/New_York", rest_until=date(2026, 11, 24))
    assert leaves_out(resting, Matter.DATES, datetime(2026, 11, 25, 4, 59, tzinfo=UTC))
    assert not leaves_out(resting, Matter.DATES, datetime(2026, 11, 25, 5, tzinfo=UTC))


@pytest.mark.parametrize(("since", "asked"), [(None, False), (89, False), (90, True), (400, True)])
def test_question_comes_after_ninety_days(since: int | None, asked: bool) -> None:
    today = date(2026, 11, 24)
    assert is_asked_again(today - timedelta(days=since) if since is not None else None, today) is asked
