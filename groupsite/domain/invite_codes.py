"""Codes that are handed over on paper or by telephone: easy to read, hard to guess."""

from groupsite.domain.errors import InvalidInput
from groupsite.domain.paper_codes import in_blocks, letters_in, random_letters

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that looks like a digit."""
LENGTH = 16
"""80 random bits."""
LONGEST_TYPED = 60
USES = (1, 5, 20)
"""How many people may come with one code."""
DAYS = (1, 7, 30)
MOST_AT_ONCE = 20
"""Codes of one group that work at the same time."""

_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """A code as it is handed over, in blocks of four: `7K2M-0XQ9-D4TT-W1ZB`."""
    return in_blocks(random_letters(LENGTH, ALPHABET))


def as_kept(typed: str) -> str:
    """The code's letters however it was typed: capitals, spaces, dashes, O for 0, I or L for 1."""
    return letters_in(typed[:LONGEST_TYPED].upper()).translate(_MISREAD)


def check_terms(uses: int, days: int) -> None:
    """Raises InvalidInput for what the page does not offer."""
    if uses not in USES:
        raise InvalidInput("uses", "Please choose how many people may come with it.")
    if days not in DAYS:
        raise InvalidInput("days", "Please choose how long it works.")
