"""What may be read over somebody's shoulder."""

import pytest

from groupsite.domain.discretion import USUAL_TITLE, betrayals, own_title


@pytest.mark.parametrize("words", ["A support evening", "CoDA at seven", "Our MEETING", "Anonymous", "codependency"])
def test_telling_word_is_found_whatever_its_case(words: str) -> None:
    assert betrayals(words) != []


def test_name_of_group_or_venue_is_found() -> None:
    assert betrayals("See you at mill lane", ["Tuesday Lantern", "Mill Lane"]) == ["mill lane"]


def test_name_of_a_letter_or_two_tells_nothing() -> None:
    assert betrayals("Library hour", ["L", "ry", ""]) == []


def test_usual_words_betray_nothing() -> None:
    assert betrayals(own_title("  ")) == []
    assert own_title(" Library hour ") == "Library hour"
    assert own_title("") == USUAL_TITLE
