"""Names that somebody must never be let in with, compared without being read.

A name is a weak key: whoever calls himself something else is not recognised. It is compared however it is written in capitals,
with which accents, signs between the words and order of words, and with first name and initial for a whole name.
"""

import re
from dataclasses import dataclass
from itertools import permutations

from groupsite.domain.errors import InvalidInput
from groupsite.domain.plain_text import bare

MOST_NAMES = 10
"""For each membership."""
MOST_WORDS = 6
LONGEST_NAME = 80

_INSIDE_A_WORD = re.compile("['\u2019\u02bc`\u00b4]")


@dataclass(frozen=True, slots=True)
class NameForms:
    """`whole` is the name with its words in the order of the alphabet; `short` are forms that leave a part of it out."""

    whole: str
    short: frozenset[str]


def forms_of(name: str) -> NameForms | None:
    """The forms by which a name is recognised, or None for one without a letter or digit."""
    words = _words(name)
    if not words:
        return None
    whole = _joined(*words)
    short = {_joined(word, other[0]) for word, other in permutations(words, 2) if len(word) > 1}
    if len(words) > 2:  # noqa: PLR2004  a middle name may be left out
        short |= {_joined(word, other) for word, other in permutations(words, 2)}
    return NameForms(whole, frozenset(short - {whole}))


def checked_forms(name: str) -> NameForms:
    """As `forms_of`. Raises InvalidInput for what is no name."""
    if len(name) > LONGEST_NAME:
        raise InvalidInput("name", f"Please keep it to {LONGEST_NAME} characters.")
    forms = forms_of(name)
    if forms is None:
        raise InvalidInput("name", "Please type a name, with letters.")
    return forms


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", bare(_INSIDE_A_WORD.sub("", name)))[:MOST_WORDS]


def _joined(*words: str) -> str:
    return " ".join(sorted(words))
