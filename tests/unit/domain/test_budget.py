"""How many mails a day, on the clock of the person who gets them."""

from datetime import UTC, datetime, timedelta

import pytest

from groupsite.domain.budget import cannot_wait, is_spent, next_day
from groupsite.domain.words import Notice

NEW_YORK = "America/New_York"
NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
LAST_NIGHT = datetime(2026, 11, 24, 4, 59, tzinfo=UTC)
"""A minute before midnight in New York, today by UTC."""


@pytest.mark.parametrize(
    ("budget", "sent", "spent"),
    [
        (None, [NOON] * 50, False),
        (2, [], False),
        (2, [NOON], False),
        (2, [NOON, NOON], True),
        (1, [LAST_NIGHT], False),
        (1, [LAST_NIGHT + timedelta(minutes=1)], True),
    ],
)
def test_budget_counts_the_mails_of_her_own_day(budget: int | None, sent: list[datetime], spent: bool) -> None:
    assert is_spent(budget, sent, NEW_YORK, NOON) is spent


def test_next_day_begins_at_midnight_where_she_is() -> None:
    assert next_day(NEW_YORK, NOON) == datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
    assert next_day("Pacific/Auckland", NOON) == datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("notice", "hours", "tells"),
    [
        (Notice.PLANNED, [24], False),
        (Notice.PLANNED, [23], True),
        (Notice.PLANNED, [120, 1], True),
        (Notice.TEMPORARY, [120], True),
        (Notice.URGENT, [120], True),
        (None, [120], True),
    ],
)
def test_only_what_was_planned_and_is_a_day_off_waits_for_the_next_day(
    notice: Notice | None, hours: list[int], tells: bool
) -> None:
    assert cannot_wait(notice, [NOON + timedelta(hours=count) for count in hours], NOON) is tells
