"""A code on paper: what is typed wrongly is noticed by its letters alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupsite.domain.disappearing import LENGTH, checked_code, new_code
from groupsite.domain.errors import InvalidInput
from groupsite.domain.paper_codes import LETTERS

CODES = st.builds(lambda _: new_code(), st.integers())


def is_refused(text: str) -> bool:
    try:
        checked_code(text)
    except InvalidInput as error:
        return error.field == "code"
    return False


def test_code_is_written_in_groups_of_letters_that_look_different() -> None:
    code = new_code()
    assert [len(part) for part in code.split("-")] == [4, 4, 4, 4]
    assert set("".join(code.split("-"))) <= set(LETTERS)
    assert set("01ilo") & set(LETTERS) == set()


def test_code_is_taken_however_it_is_typed() -> None:
    code = new_code()
    letters = code.replace("-", "")
    assert [checked_code(text) for text in (code, code.upper(), f" {letters} ", letters.replace("a", "A"))] == [
        letters
    ] * 4


@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(LETTERS))
def test_one_wrong_letter_is_noticed(code: str, place: int, letter: str) -> None:
    letters = code.replace("-", "")
    wrong = letters[:place] + letter + letters[place + 1 :]
    assert is_refused(wrong) is (wrong != letters)


@given(CODES, st.integers(0, LENGTH - 2))
def test_two_swapped_letters_are_noticed(code: str, place: int) -> None:
    letters = code.replace("-", "")
    wrong = letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]
    assert is_refused(wrong) is (wrong != letters)


@pytest.mark.parametrize("text", ["", "2222", "2" * 17, "0" * 16, "l" * 16, "\0" * 16, "²" * 16, "x" * 5000])
def test_what_is_no_code_is_refused(text: str) -> None:
    assert is_refused(text)


@given(st.text(max_size=40))
def test_any_text_is_taken_or_refused(text: str) -> None:
    letters = "".join(character for character in text.lower() if character.isalnum())
    assert is_refused(text) or len(letters) == LENGTH
