from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupsite.domain.errors import InvalidInput
from groupsite.domain.kept_out import NameForms, checked_forms, forms_of


def is_recognised(kept: str, typed: str) -> bool:
    """The comparison as services/kept_out makes it, with marks in place of forms."""
    mine, theirs = forms_of(kept), forms_of(typed)
    assert mine
    return theirs is not None and (mine.whole in {theirs.whole, *theirs.short} or theirs.whole in mine.short)


@pytest.mark.parametrize(
    "typed",
    [
        "Tom Baker",
        "tom  BAKER",
        "Baker, Tom",
        "T\u00f3m Bak\u00e8r",
        "Tom-Baker",
        "TOM B.",
        "Tom B",
        "B. Tom",
        "T. Baker",
        "Tom Peter Baker",
        "tom.baker",
    ],
)
def test_name_is_recognised_however_it_is_written(typed: str) -> None:
    assert is_recognised("Tom Baker", typed)
    assert is_recognised(typed, "Tom Baker")


@pytest.mark.parametrize(
    "typed", ["Tom", "Baker", "T. B.", "Tom C.", "Tom Barker", "Tim Baker", "Tom Brown", "B", "", "🌻", "..."]
)
def test_other_names_are_not_recognised(typed: str) -> None:
    """Two whole names that share first name and initial are two names."""
    assert not is_recognised("Tom Baker", typed)


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("Søren Łukasz", "soren lukasz"),
        ("Weiß", "WEISS"),
        ("O'Brien Pat", "Pat OBrien"),
        ("小明", "小明"),
        ("Ｔｏｍ", "tom"),
        ("İbo", "ibo"),
        ("X Æ", "x ae"),
    ],
)
def test_name_is_recognised_in_other_letters(kept: str, typed: str) -> None:
    assert is_recognised(kept, typed)


@given(
    st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=12),
    st.text(st.characters(categories=["Lu", "Ll"]), min_size=1, max_size=12),
)
def test_every_name_recognises_itself_turned_round_and_decomposed(first: str, last: str) -> None:
    assert forms_of(f"{first} {last}") == forms_of(normalize("NFD", f" {last},  {first}"))


def test_short_forms_never_hold_initials_alone() -> None:
    assert forms_of("Tom Baker") == NameForms("baker tom", frozenset({"b tom", "baker t"}))
    assert forms_of("T. B.") == NameForms("b t", frozenset())


@pytest.mark.parametrize("name", ["", "   ", "...", "🌻", "x" * 81])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_forms(name)
    assert refused.value.field == "name"
