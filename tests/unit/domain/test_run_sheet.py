"""Where a meeting is: what a button does, when it counts from, and until when anything of it can be used."""

from datetime import UTC, datetime, timedelta

import pytest

from groupsite.domain.errors import Conflict, InvalidInput
from groupsite.domain.meeting_format import NEWCOMER, Segment, plan
from groupsite.domain.run_sheet import (
    Progress,
    be_quiet,
    check_version,
    code_as_kept,
    current,
    go_to,
    is_open,
    new_code,
    pressed_at,
    with_reader,
)
from groupsite.domain.visits import sheet_until

START = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
END = START + timedelta(minutes=90)
MINUTE = timedelta(minutes=1)
ORDER = [
    Segment(1, "Welcome", 10, "chair"),
    Segment(2, "Hello to newcomers", 5, "greeter", condition=NEWCOMER),
    Segment(3, "Sharing", 70, "chair"),
    Segment(4, "Closing", 5, "chair"),
]
QUIETLY = plan(ORDER, 90, has_newcomer=False)
WITH_SOMEBODY_NEW = plan(ORDER, 90, has_newcomer=True)


def test_going_to_the_first_part_starts_the_meeting_and_the_next_does_not_start_it_again() -> None:
    begun = go_to(Progress(), QUIETLY, 0, at=START)
    on = go_to(begun, QUIETLY, 2, at=START + 12 * MINUTE)
    assert (begun.started_at, begun.position, begun.since) == (START, 0, START)
    assert (on.started_at, on.position, on.since) == (START, 2, START + 12 * MINUTE)


def test_part_that_is_not_held_tonight_cannot_be_gone_to() -> None:
    with pytest.raises(InvalidInput):
        go_to(Progress(), QUIETLY, 1, at=START)
    assert go_to(Progress(), WITH_SOMEBODY_NEW, 1, at=START).position == 1


def test_thirty_seconds_of_quiet_leave_the_clocks_alone_and_end_with_the_next_step() -> None:
    begun = go_to(Progress(), QUIETLY, 0, at=START)
    still = be_quiet(begun, at=START + MINUTE)
    assert still.quiet_until == START + MINUTE + timedelta(seconds=30)
    assert (still.position, still.since) == (begun.position, begun.since)
    assert go_to(still, QUIETLY, 2, at=START + MINUTE).quiet_until is None


@pytest.mark.parametrize(
    ("position", "parts", "index"),
    [(None, QUIETLY, None), (0, QUIETLY, 0), (2, QUIETLY, 1), (1, QUIETLY, 1), (1, WITH_SOMEBODY_NEW, 1), (3, (), None)],
)  # fmt: skip
def test_meeting_stands_at_its_part_or_at_the_next_one_that_is_held(
    position: int | None, parts: tuple[object, ...], index: int | None
) -> None:
    assert current(parts, position) == index  # type: ignore[arg-type]  # parts


def test_button_pressed_without_a_line_counts_from_when_it_was_pressed() -> None:
    now = START + 20 * MINUTE
    assert pressed_at(START + 15 * MINUTE, START, now=now) == START + 15 * MINUTE
    untrue = (None, now + MINUTE, now - timedelta(hours=1), START + 6 * MINUTE)
    assert [pressed_at(said, START + 7 * MINUTE, now=now) for said in untrue] == [now] * 4


def test_whoever_has_not_seen_the_last_change_is_told() -> None:
    check_version(3, 3)
    with pytest.raises(Conflict, match="Somebody else"):
        check_version(2, 3)


def test_names_are_for_one_part_and_can_be_taken_back() -> None:
    readers = with_reader(with_reader({}, 0, " Ann "), 2, "Wes")
    assert readers == {"0": "Ann", "2": "Wes"}
    assert with_reader(readers, 0, "") == {"2": "Wes"}
    for wrong in ("x" * 41, "A\nB"):
        with pytest.raises(InvalidInput):
            with_reader({}, 0, wrong)


def test_sheet_is_open_from_a_day_before_to_two_hours_after() -> None:
    day, hour = timedelta(days=1), timedelta(hours=1)
    moments = (START - day - MINUTE, START - day, END, END + 2 * hour - MINUTE, END + 2 * hour)
    assert [is_open(START, END, one) for one in moments] == [False, True, True, True, False]


def test_codes_are_random_and_read_however_they_are_typed() -> None:
    codes = {new_code() for _ in range(50)}
    assert len(codes) == 50
    assert all(len(code_as_kept(one)) == 12 for one in codes)
    assert code_as_kept(" K7MP 2xq9-d4tt ") == "k7mp2xq9d4tt"


def test_open_sheet_is_kept_around_the_meeting_alone_and_never_on_a_shared_device() -> None:
    moments = (START - 31 * MINUTE, START - 30 * MINUTE, END + 14 * MINUTE, END + 15 * MINUTE)
    kept = [sheet_until(START, END, one, is_shared=False) for one in moments]
    assert kept == [None, END + 15 * MINUTE, END + 15 * MINUTE, None]
    assert sheet_until(START, END, START, is_shared=True) is None
    assert sheet_until(START, START + timedelta(hours=20), START, is_shared=False) == START + timedelta(hours=4)
