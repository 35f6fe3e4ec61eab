import pytest

from groupsite.domain.errors import InvalidInput
from groupsite.domain.passwords import LONGEST, checked_password


@pytest.mark.parametrize(
    "password",
    ["seven quiet lanterns", "correct horse battery staple", "🌻🌻 sonnenblumen", "🌻🐝🌙🦉🌊🍂🕯🎻🚲🧵", "x7-lamp " * 12 + "x",
     "tea at ten o'clock", "my group meets late", "kV9#qz!mP2", "a" + "bcq" * 85],
)  # fmt: skip
def test_password_is_taken_whole(password: str) -> None:
    assert checked_password(password, login="charlene") == password


def test_password_typed_on_another_keyboard_is_the_same() -> None:
    assert checked_password("cafe\u0301 au lait noir") == checked_password("café au lait noir")


@pytest.mark.parametrize(
    "password",
    ["", "short", "ninechars", "y" * (LONGEST + 1), "password123", "Password!!2024", "P@ssw0rd1234", "codependent1",
     "Al-Anon2026", "serenity 123", "1234567890", "0987654321", "qwertyuiop", "aaaaaaaaaaaa", "abababababab",
     "passwordpassword1", "charlene99", "sunshine sunshine", "welcome-2026!"],
)  # fmt: skip
def test_password_that_is_short_or_tried_first_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_password(password, login="charlene")
    assert refused.value.field == "password"
