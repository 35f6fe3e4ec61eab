"""A text that a group reads aloud: its own words, or words that it says it may use."""

from dataclasses import dataclass, replace

from groupsite.domain.errors import InvalidInput
from groupsite.domain.plain_text import unusable_character
from groupsite.domain.words import TextVisibility

LONGEST_BODY = 10_000
LONGEST_SOURCE = 200
MOST_TEXTS = 60
CALM_CARD = "calm_card"
"""The slot whose words stand on the calm card of the run sheet."""
STALE = "Somebody else changed this text meanwhile. Nothing of yours was stored. Copy what you wrote, and load the page again."


@dataclass(frozen=True, slots=True)
class TextDraft:
    body: str
    visibility: TextVisibility
    source_note: str = ""
    may_be_used: bool = False

    def checked(self) -> "TextDraft":
        """The text as it is kept. Raises InvalidInput. An empty text needs nobody's leave."""
        body = self.body.replace("\r\n", "\n").replace("\r", "\n").strip()
        _check("body", body, LONGEST_BODY, lines=True)
        _check("source_note", self.source_note, LONGEST_SOURCE)
        if body and not self.may_be_used:
            raise InvalidInput(
                "may_be_used", "Please tick this only if your group may use the text, and leave it empty if not."
            )
        return replace(self, body=body, source_note=self.source_note.strip(), may_be_used=bool(body))


def _check(field: str, text: str, longest: int, *, lines: bool = False) -> None:
    if len(text) > longest:
        raise InvalidInput(field, f"Please keep it to {longest} characters; this has {len(text)}.")
    found = unusable_character(text, lines=lines)
    if found:
        raise InvalidInput(field, f"Please take out {found}.")
