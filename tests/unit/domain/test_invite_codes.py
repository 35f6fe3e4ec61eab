import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupsite.domain.errors import InvalidInput
from groupsite.domain.invite_codes import ALPHABET, DAYS, LENGTH, USES, as_kept, check_terms, new_code


def test_code_is_sixteen_letters_in_blocks_and_never_the_same() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert {tuple(map(len, code.split("-"))) for code in codes} == {(4, 4, 4, 4)}
    assert {letter for code in codes for letter in code} <= {*ALPHABET, "-"}


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH), st.sampled_from(["", " ", "-", " - ", "."]))
def test_code_is_taken_however_it_is_typed(code: str, sign: str) -> None:
    typed = (
        sign.join(code[start : start + 4] for start in range(0, LENGTH, 4)).lower().replace("0", "o").replace("1", "l")
    )
    assert as_kept(f" {typed} ") == code


@pytest.mark.parametrize("typed", ["", "🌻", "x" * 100_000, "\0", "\ud800"])
def test_anything_can_be_typed(typed: str) -> None:
    assert len(as_kept(typed)) <= 60


@pytest.mark.parametrize(
    ("uses", "days", "field"), [(0, 7, "uses"), (-1, 7, "uses"), (10**9, 7, "uses"), (1, 0, "days"), (1, 10**9, "days")]
)
def test_terms_that_are_not_offered_are_refused(uses: int, days: int, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_terms(uses, days)
    assert refused.value.field == field


def test_terms_that_are_offered_are_taken() -> None:
    for uses in USES:
        for days in DAYS:
            check_terms(uses, days)
