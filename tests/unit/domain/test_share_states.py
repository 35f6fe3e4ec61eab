from datetime import UTC, datetime, timedelta

import pytest

from groupsite.domain.errors import Conflict, InvalidInput
from groupsite.domain.share_states import OVERDUE_AFTER, ReportReason, ShareState, Step, after, holds, is_overdue
from groupsite.domain.sharing import STAYS_HERE, Sharing
from groupsite.domain.written_day import may_open, may_write, shown_from

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
START, END = datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC)
ALLOWED = {
    ("draft", "show"): "published",
    ("draft", "hold"): "held",
    ("returned", "hold"): "held",
    ("published", "hold"): "held",
    ("published", "show"): "published",
    ("published", "return"): "returned",
    ("held", "show"): "published",
    ("held", "return"): "returned",
}


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("state", ShareState)
def test_share_takes_the_steps_of_the_table_and_no_other(state: ShareState, step: Step) -> None:
    following = ALLOWED.get((state.value, step.value))
    if following is None:
        with pytest.raises(Conflict):
            after(state, step)
    else:
        assert after(state, step) == following


@pytest.mark.parametrize(
    ("reasons", "was_kept", "out_of_sight"),
    [
        (["names_a_person"], False, True),
        (["method"], False, True),
        (["advice"], False, False),
        (["advice", "other"], False, False),
        (["advice", "other", "approach"], False, True),
        (["advice", "advice", "advice"], False, True),
        (["names_a_person"], True, False),
        (["method", "advice", "other"], True, False),
        ([], False, False),
    ],
)
def test_what_harms_is_put_out_of_sight_at_once_and_the_rest_when_three_say_so(
    reasons: list[str], was_kept: bool, out_of_sight: bool
) -> None:
    assert holds([ReportReason(reason) for reason in reasons], was_kept=was_kept) is out_of_sight


def test_share_is_overdue_after_a_day() -> None:
    assert [is_overdue(NOON, NOON + OVERDUE_AFTER + late) for late in (timedelta(seconds=-1), timedelta())] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("moment", "writes", "opens"),
    [
        (START - timedelta(days=7, seconds=1), False, False),
        (START - timedelta(days=7), False, True),
        (START - timedelta(seconds=1), False, True),
        (START, True, True),
        (END - timedelta(seconds=1), True, True),
        (END, False, False),
    ],
)
def test_day_takes_words_while_it_lasts_and_what_opens_it_a_week_ahead(
    moment: datetime, writes: bool, opens: bool
) -> None:
    assert (may_write(START, END, moment), may_open(START, END, moment)) == (writes, opens)
    for is_opening, may in ((False, writes), (True, opens)):
        if may:
            assert shown_from(START, END, is_opening=is_opening, now=moment) == max(moment, START)
        else:
            with pytest.raises(Conflict):
                shown_from(START, END, is_opening=is_opening, now=moment)


def test_topic_follows_the_weekday_and_may_be_empty() -> None:
    topics = ("Rest", "", "Limits", "", "", "", "Hope")
    days = [Sharing(topics=topics).topic_on(datetime(2026, 11, 23 + day)) for day in range(7)]
    assert tuple(days) == topics
    assert Sharing().topic_on(START) == ""
    assert Sharing(topics=("",) * 7) == Sharing()


def test_group_without_a_line_of_its_own_has_the_usual_one() -> None:
    assert (Sharing().line, Sharing(own_line="It stays here.").line) == (STAYS_HERE, "It stays here.")


@pytest.mark.parametrize(
    ("sharing", "field"),
    [
        (Sharing(own_line="x" * 201), "own_line"),
        (Sharing(own_line="a\u202eb"), "own_line"),
        (Sharing(topics=("x" * 81, *("",) * 6)), "topics"),
        (Sharing(topics=("one",)), "topics"),
    ],
)
def test_line_or_topic_that_cannot_be_is_refused(sharing: Sharing, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        sharing.checked()
    assert refused.value.field == field
