"""What may be read over somebody's shoulder: with discreet mode on, nothing we emit says what this is (domain.md, invariant 6)."""

from collections.abc import Iterable

USUAL_TITLE = "Appointment"
"""Stands for every date until the member has chosen words of her own."""

FORBIDDEN = ("support", "codependen", "anonymous", "meeting", "al-anon", "alanon", "coda", "twelve step", "12 step",
             "alcohol", "drink", "addict", "recovery", "sponsor", "share", "group")  # fmt: skip


def own_title(chosen: str) -> str:
    """The words that stand for a date: the member's own, or the usual ones."""
    return chosen.strip() or USUAL_TITLE


def betrayals(text: str, names: Iterable[str] = ()) -> list[str]:
    """Every forbidden word, and every one of these names (of groups, venues), that the text contains."""
    found = text.casefold()
    return [word for word in (*FORBIDDEN, *(name.casefold() for name in names if name)) if word in found]
