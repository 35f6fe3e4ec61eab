"""A written share: a member's own words, with an end. Nothing answers it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from groupsite.domain.errors import InvalidInput
from groupsite.domain.plain_text import refuse_unfit, unusable_character

LONGEST_BODY = 10_000
LONGEST_CONTENT_NOTE = 80
DAYS = (1, 7, 14, 30)
"""How long a share may stay; the last is the longest that there is."""
USUAL_DAYS = 7
DRAFT_KEPT = timedelta(days=7)
RETURNED_KEPT = timedelta(days=14)
"""How long words that came back wait for their author."""


class ShareAudience(StrEnum):
    """Whom a share is for. `newcomers` is every member too: it says that it is gentle enough for somebody new."""

    MEMBERS = "members"
    NEWCOMERS = "newcomers"
    TRUSTED = "trusted"
    """Share readers and those who run the group."""


@dataclass(frozen=True, slots=True)
class ShareWords:
    """What the author typed and chose. `checked` before anything is stored."""

    body: str
    content_note: str = ""
    audience: ShareAudience = ShareAudience.MEMBERS
    days: int = USUAL_DAYS

    def checked(self) -> "ShareWords":
        """The same, tidied. Raises InvalidInput for `body`, `content_note`, `days`."""
        if self.days not in DAYS:
            raise InvalidInput("days", "Please choose how long it stays: 1, 7, 14 or 30 days.")
        return ShareWords(checked_body(self.body), checked_content_note(self.content_note), self.audience, self.days)


def checked_body(text: str) -> str:
    """The text with line feeds as line ends and without blank lines around it. Raises InvalidInput."""
    body = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not body:
        raise InvalidInput("body", "There is nothing written yet.")
    if len(body) > LONGEST_BODY:
        raise InvalidInput("body", f"Please keep it to {LONGEST_BODY} characters; this has {len(body)}.")
    found = unusable_character(body, lines=True)
    if found:
        raise InvalidInput("body", f"Please take out {found}.")
    return body


def checked_content_note(text: str) -> str:
    """One line that says what the share is about, so that others can decide whether to open it; may be empty."""
    note = text.strip()
    refuse_unfit("content_note", note, LONGEST_CONTENT_NOTE)
    return note


def ends_at(published_at: datetime, days: int) -> datetime:
    """When the share is gone, for one of `DAYS`. Raises InvalidInput."""
    if days not in DAYS:
        raise InvalidInput("days", "Please choose how long it stays: 1, 7, 14 or 30 days.")
    return published_at + timedelta(days=days)
