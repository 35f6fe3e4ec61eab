"""What may be read over somebody's shoulder: with discreet mode on, nothing we emit says what this is (domain.md, invariant 6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from groupsite.domain.errors import InvalidInput
from groupsite.domain.plain_text import unusable_character
from groupsite.domain.words import FeedLevel

Said = TypeVar("Said")

USUAL_TITLE = "Appointment"
"""Stands for every date until the member has chosen words of her own."""
BUSY_TITLE = "Busy"
LONGEST_OWN_WORDS = 60
SHORTEST_NAME = 3
"""Shorter names of groups and places stand in every other word and tell nothing."""

FORBIDDEN = ("support", "codependen", "anonymous", "meeting", "al-anon", "alanon", "coda", "twelve step", "12 step",
             "alcohol", "drink", "addict", "recovery", "sponsor", "share", "group")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What may be said of a date to whoever looks. Pages, mails and calendars ask here and nowhere else.

    `words` stand for every title; None when all may be said.
    """

    words: str | None

    @property
    def is_full(self) -> bool:
        return self.words is None

    def title(self, full: str) -> str:
        """What stands for a title."""
        return full if self.words is None else self.words

    def details(self, full: Said, instead: Said) -> Said:
        """Everything but the title: all of it, or what stands for nothing."""
        return full if self.is_full else instead


def disclosure(level: FeedLevel, own_words: str = "") -> Disclosure:
    """What may be said at this level; `own_words` may be empty."""
    match level:
        case FeedLevel.BUSY:
            return Disclosure(BUSY_TITLE)
        case FeedLevel.OWN_WORDS:
            return Disclosure(own_title(own_words))
        case FeedLevel.FULL:
            return Disclosure(None)


def own_title(chosen: str) -> str:
    """The words that stand for a date: the member's own, or the usual ones."""
    return chosen.strip() or USUAL_TITLE


def checked_own_words(text: str, names: Iterable[str], *, field: str) -> str:
    """Words that give nothing away, whoever reads them; they may be empty. `names` are of the member's groups and of the places

    where they meet. Raises InvalidInput for `field`.
    """
    words = text.strip()
    if len(words) > LONGEST_OWN_WORDS or unusable_character(words):
        raise InvalidInput(field, f"Please use one line of at most {LONGEST_OWN_WORDS} characters.")
    told = betrayals(words, names)
    if told:
        raise InvalidInput(field, f"Please leave out “{told[0]}”: somebody could guess from it.")
    return words


def betrayals(text: str, names: Iterable[str] = ()) -> list[str]:
    """Every forbidden word, and every one of these names (of groups, venues), that the text contains."""
    found = text.casefold()
    telling = (name.casefold() for name in names if len(name) >= SHORTEST_NAME)
    return [word for word in (*FORBIDDEN, *telling) if word in found]
