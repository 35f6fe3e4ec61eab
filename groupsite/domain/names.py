"""Names: the login that nobody else sees, and the display name that one group sees."""

import re
import unicodedata

from groupsite.domain.errors import InvalidInput

SHORTEST_LOGIN = 3
LONGEST_LOGIN = 40
LONGEST_DISPLAY_NAME = 40
MOST_MARKS_IN_A_ROW = 3
"""More accents than this on one letter run over the lines above and below."""

_LOGIN = re.compile(rf"[a-z0-9._-]{{{SHORTEST_LOGIN},{LONGEST_LOGIN}}}")
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0")
"""Letters and marks that show nothing, so that two names would look the same (Unicode TR 36)."""


def checked_login(text: str) -> str:
    """The login as it is kept: lower-case; 3 to 40 letters, digits, dots, dashes, underscores. Raises InvalidInput."""
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise InvalidInput(
            "login",
            f"Please use {SHORTEST_LOGIN} to {LONGEST_LOGIN} letters from a to z, digits, dots, dashes or underscores.",
        )
    return login


def login_of(text: str) -> str | None:
    """The login that this may be meant for, as it is kept; None for what can be no login."""
    try:
        return checked_login(text)
    except InvalidInput:
        return None


def checked_display_name(text: str) -> str:
    """The name as the group will see it, in one spelling (NFKC) with single spaces. Raises InvalidInput."""
    if any(_is_hidden(character) for character in text.strip(" ")):
        raise _wrong_name("Please take out line breaks and characters that nobody can see.")
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    if not name:
        raise _wrong_name("Please choose a name for this group. A first name, a letter or a made-up name is fine.")
    if len(name) > LONGEST_DISPLAY_NAME:
        raise _wrong_name(f"Please keep it to {LONGEST_DISPLAY_NAME} characters.")
    if not any(unicodedata.category(character)[0] in "LNS" for character in name) or _is_overgrown(name):
        raise _wrong_name("Please use letters that others can read.")
    return name


def _is_hidden(character: str) -> bool:
    return (
        unicodedata.category(character) in _HIDDEN_CATEGORIES
        or character in _BLANK_LETTERS
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def _is_overgrown(name: str) -> bool:
    """Whether the name begins with an accent that has no letter, or piles accents up."""
    in_a_row = MOST_MARKS_IN_A_ROW
    for character in name:
        in_a_row = in_a_row + 1 if unicodedata.combining(character) else 0
        if in_a_row > MOST_MARKS_IN_A_ROW:
            return True
    return False


def _wrong_name(reason: str) -> InvalidInput:
    return InvalidInput("display_name", reason)
