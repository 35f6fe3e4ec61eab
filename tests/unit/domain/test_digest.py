"""When the news of a day is told together."""

from datetime import UTC, datetime, time, timedelta

import pytest

from groupsite.domain.digest import can_wait, digest_moment
from groupsite.domain.reminders import QuietHours
from groupsite.domain.words import Notice

NEW_YORK = "America/New_York"
NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
EIGHT = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
"""The next morning in New York."""


def test_news_come_at_eight_or_as_quiet_hours_end() -> None:
    quiet = QuietHours(time(21), time(6, 30), NEW_YORK)
    assert digest_moment(None, NEW_YORK, NOON) == EIGHT
    assert digest_moment(quiet, NEW_YORK, NOON) == EIGHT - timedelta(minutes=90)
    assert digest_moment(None, NEW_YORK, EIGHT - timedelta(minutes=1)) == EIGHT
    assert digest_moment(None, NEW_YORK, EIGHT) == EIGHT + timedelta(days=1)


@pytest.mark.parametrize(
    ("notice", "hours", "waits"),
    [
        (Notice.PLANNED, [72], True),
        (Notice.PLANNED, [71], False),
        (Notice.PLANNED, [100, 71], False),
        (Notice.TEMPORARY, [1000], False),
        (Notice.URGENT, [1000], False),
        (None, [1000], False),
    ],
)
def test_only_what_was_planned_and_is_three_days_off_waits(
    notice: Notice | None, hours: list[int], waits: bool
) -> None:
    begins = [EIGHT + timedelta(hours=count) for count in hours]
    assert can_wait(notice, begins, EIGHT) is waits
