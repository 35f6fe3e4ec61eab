from datetime import UTC, datetime, timedelta

import pytest

from groupsite.domain.errors import InvalidInput
from groupsite.domain.shares import LONGEST_BODY, checked_body, checked_content_note, ends_at

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("days", [1, 7, 14, 30])
def test_share_ends_after_the_chosen_days(days: int) -> None:
    assert ends_at(NOW, days) == NOW + timedelta(days=days)


@pytest.mark.parametrize("days", [0, -1, 2, 31, 10**9])
def test_share_cannot_stay_for_other_spans(days: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        ends_at(NOW, days)
    assert refused.value.field == "days"


def test_body_keeps_its_lines() -> None:
    assert checked_body("\r\nI rested.\r\n\r\nIt helped.\n") == "I rested.\n\nIt helped."
    assert checked_body("x" * LONGEST_BODY) == "x" * LONGEST_BODY


@pytest.mark.parametrize("body", ["", " \r\n ", "x" * (LONGEST_BODY + 1), "a\0b", "a\u202eb"])
def test_body_that_is_empty_or_too_long_is_refused(body: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_body(body)
    assert refused.value.field == "body"


def test_content_note_is_one_short_line() -> None:
    assert checked_content_note(" about money ") == "about money"
    for note in ("x" * 81, "a\r\nb", "a\u202eb"):
        with pytest.raises(InvalidInput):
            checked_content_note(note)
