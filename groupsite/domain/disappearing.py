"""How far somebody goes out of sight, and the codes on paper that do it without a sign-in."""

from enum import StrEnum

from groupsite.domain.errors import InvalidInput
from groupsite.domain.paper_codes import LETTERS, in_blocks, letters_in, random_letters


class Extent(StrEnum):
    """Each does what those before it do."""

    STOP = "stop"
    """Signed out everywhere, no calendar address, no mail."""
    HIDE = "hide"
    """Nobody sees her in a group, and nobody can sign in, until she takes the account back."""
    DELETE = "delete"


LENGTH = 16
"""15 random letters of 31 (74 bits) and one that checks them. 31 is a prime: no slip and no two swapped letters keep the check."""
_NOT_WHOLE = (
    "This is not a whole code. Please compare it with the paper: 16 letters and digits, and never 0, 1, i, l or o."
)


def new_code() -> str:
    """As it stands on the paper: `abcd-efgh-jkmn-pqrs`."""
    letters = random_letters(LENGTH - 1)
    return in_blocks(letters + next(last for last in LETTERS if _checks(letters + last)))


def checked_code(text: str) -> str:
    """The code's letters however it was typed. Raises InvalidInput for `code` when it cannot be one.

    What is typed wrongly is noticed by the letters alone, so that the site need never say which codes there are.
    """
    letters = letters_in(text.lower())
    if len(letters) != LENGTH or not set(letters) <= set(LETTERS) or not _checks(letters):
        raise InvalidInput("code", _NOT_WHOLE)
    return letters


def _checks(letters: str) -> bool:
    return sum(place * LETTERS.index(letter) for place, letter in enumerate(letters, 1)) % len(LETTERS) == 0
