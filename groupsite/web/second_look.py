"""Asks once about what could tell who somebody is, and takes "keep it" for an answer."""

from dataclasses import dataclass

from flask import request

from groupsite.domain.exposures import Exposure

SENTENCES = {
    Exposure.FULL_NAME: "It looks as if a first and a last name stood in it. Whoever reads it could find that person.",
    Exposure.EMAIL: "It looks as if an e-mail address stood in it.",
    Exposure.TELEPHONE: "It looks as if a telephone number stood in it.",
}
KEPT = "kept"
"""What the second button sends: everything that the page had asked about."""


@dataclass(frozen=True, slots=True)
class SecondLook:
    sentences: tuple[str, ...]
    asked: str


def second_look(found: frozenset[Exposure]) -> SecondLook | None:
    """What the page has to ask before the words are taken; None if nothing was found, or nothing that was not asked before."""
    if found <= set(request.form.get(KEPT, "").split()):
        return None
    kinds = sorted(found)
    return SecondLook(tuple(SENTENCES[kind] for kind in kinds), " ".join(kinds))
