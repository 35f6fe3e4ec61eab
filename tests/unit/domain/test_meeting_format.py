"""The order of a meeting fits itself to any length, keeps its proportions, and holds some parts only when they are wanted."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupsite.domain.errors import Conflict, InvalidInput, NotFound
from groupsite.domain.format_presets import LENGTHS, preset
from groupsite.domain.meeting_format import (
    NEWCOMER,
    Outside,
    Segment,
    Step,
    as_kept,
    at,
    checked,
    is_slot,
    moved,
    plan,
    scaled,
    segments_of,
    slot_named,
    slot_words,
    total,
    with_remark,
)
from groupsite.domain.words import Family

minutes = st.lists(st.integers(0, 240), max_size=40)


def segment(title: str = "Sharing", lasts: int = 10, **more: object) -> Segment:
    return Segment(1, title, lasts, "chair", **more)  # type: ignore[arg-type]  # what the test says


anything = st.builds(
    Segment,
    order=st.integers(1, 40),
    title=st.text("ab", min_size=1),
    minutes=st.integers(0, 240),
    led_by=st.just("chair"),
    condition=st.sampled_from(["", NEWCOMER, "raining"]),
    optional=st.booleans(),
    outside=st.sampled_from([None, None, *Outside]),
)


@given(minutes, st.integers(1, 600))
def test_scaled_minutes_are_whole_fill_the_length_and_none_is_below_one(parts: list[int], length: int) -> None:
    if len(parts) > length:
        with pytest.raises(Conflict):
            scaled(parts, length)
        return
    fitted = scaled(parts, length)
    assert sum(fitted) == (length if parts else 0)
    assert all(one >= 1 for one in fitted)


@given(minutes, st.integers(40, 600))
def test_longer_part_never_gets_less_than_a_shorter_one(parts: list[int], length: int) -> None:
    pairs = sorted(zip(parts, scaled(parts, length), strict=True))
    assert all(one[1] <= other[1] + 1 for one, other in pairwise(pairs))


@given(st.lists(st.integers(1, 240), min_size=1, max_size=40))
def test_format_that_fits_already_stays_as_it_is(parts: list[int]) -> None:
    assert scaled(parts, sum(parts)) == tuple(parts)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=40))
def test_twice_the_length_gives_twice_the_minutes(parts: list[int]) -> None:
    assert scaled(parts, 2 * sum(parts)) == tuple(2 * one for one in parts)


def test_sixty_minutes_in_fifty() -> None:
    assert scaled([4, 6, 10, 3, 27, 6, 4], 50) == (3, 5, 8, 3, 23, 5, 3)


def test_more_parts_than_minutes_are_refused_in_words() -> None:
    with pytest.raises(Conflict, match="Take some parts out"):
        scaled([1, 1, 1], 2)


@given(st.lists(anything, max_size=30), st.integers(30, 300), st.booleans())
def test_plan_fills_the_meeting_and_leaves_the_rest_around_it(
    segments: list[Segment], length: int, has_newcomer: bool
) -> None:
    parts = plan(segments, length, has_newcomer=has_newcomer)
    inside = [one for one in parts if one.segment.outside is None]
    assert sum(one.minutes for one in inside) == (length if inside else 0)
    assert all(one.starts_after + one.minutes <= 0 for one in parts if one.segment.outside is Outside.BEFORE)
    assert all(0 <= one.starts_after < length for one in inside)
    if inside:
        assert all(one.starts_after >= length for one in parts if one.segment.outside is Outside.AFTER)
    assert all(one.starts_after + one.minutes == other.starts_after for one, other in pairwise(parts))
    assert all(segments[one.position] is one.segment for one in parts)


@given(st.lists(anything, max_size=30), st.integers(30, 300))
def test_newcomers_parts_are_held_only_when_somebody_new_is_here(segments: list[Segment], length: int) -> None:
    without, with_them = (
        {one.position for one in plan(segments, length, has_newcomer=is_here)} for is_here in (False, True)
    )
    assert with_them == set(range(len(segments)))
    assert with_them - without == {index for index, one in enumerate(segments) if one.condition == NEWCOMER}


@given(st.lists(anything, max_size=30))
def test_segments_are_kept_and_read_back(segments: list[Segment]) -> None:
    assert segments_of(as_kept(segments)) == tuple(segments)


@given(st.lists(anything, min_size=1, max_size=12), st.data())
def test_moving_up_and_down_again_changes_nothing(segments: list[Segment], data: st.DataObject) -> None:
    index = data.draw(st.integers(1, len(segments)), label="number") - 1
    after = moved(segments, index, Step.UP)
    assert [one.order for one in after] == list(range(1, len(segments) + 1))
    if index > 0:
        assert [one.title for one in moved(after, index - 1, Step.DOWN)] == [one.title for one in segments]
    else:
        assert [one.title for one in after] == [one.title for one in segments]


def test_part_that_is_another_one_by_now_is_not_touched() -> None:
    order = [segment("Welcome"), segment("Sharing")]
    assert at(order, 2, "Sharing") == 1
    with pytest.raises(Conflict):
        at(order, 2, "Welcome")
    with pytest.raises(NotFound):
        at(order, 3, "Sharing")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"lasts": 0}, "minutes"),
        ({"lasts": 1441}, "minutes"),
        ({"note": "a\0b"}, "note"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_part_that_cannot_stand_on_a_page_is_refused(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked(segment(**wrong))  # type: ignore[arg-type]  # what the test says
    assert refused.value.field == field


def test_condition_of_a_group_file_survives_a_change_of_the_part() -> None:
    remarked = segment(condition="last_week_of_month")
    assert with_remark(segment("Other"), remarked).condition == "last_week_of_month"
    assert with_remark(segment("Other"), segment(condition=NEWCOMER)).condition == ""
    assert with_remark(segment("Other", condition=NEWCOMER), remarked).condition == NEWCOMER


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("style", Family)
def test_preset_fills_its_length_and_every_text_of_it_is_an_empty_slot(style: Family, length: int) -> None:
    segments = preset(style, length)
    assert total(segments) == length
    assert [one.order for one in segments] == list(range(1, len(segments) + 1))
    assert {one.text_slot for one in segments if one.text_slot} >= {"opening", "closing"}
    assert all(is_slot(one.text_slot) and checked(one) == one for one in segments if one.text_slot)
    assert any(one.condition == NEWCOMER for one in segments)


def test_presets_name_no_fellowship_and_hold_no_text_of_one() -> None:
    forbidden = ("coda", "anon", "codepend", "alcohol", "serenity", "tradition", "prayer", "preamble", "promise", "god")
    words = " ".join(one.title.lower() + one.note.lower() for style in Family for one in preset(style, 90))
    assert [word for word in forbidden if word in words] == []


def test_preset_of_another_length_is_refused() -> None:
    with pytest.raises(InvalidInput):
        preset(Family.INDEPENDENT, 45)


def test_slots_have_names_that_lead_back() -> None:
    assert slot_named("Foundational readings") == "foundational_readings"
    assert slot_words("foundational_readings") == "Foundational readings"
    assert (slot_named("  "), slot_named("…")) == ("", "text")
    assert [is_slot(one) for one in ("opening", "", "a-b", "A", "x" * 61)] == [True, False, False, False, False]
