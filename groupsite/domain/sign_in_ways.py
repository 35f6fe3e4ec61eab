"""Ways to sign in: what may change about them, who is asked to have a strong one, how a passkey may be called."""

from datetime import date, timedelta
from enum import StrEnum

from groupsite.domain.errors import InvalidInput
from groupsite.domain.plain_text import unusable_character

LONGEST_NAME = 60
MOST_PASSKEYS = 20
ASKED_AGAIN_AFTER = timedelta(days=90)
"""Who runs something is asked for a passkey again, so long after she has put it off."""
CHANGES_KEPT = timedelta(days=90)


class WaysChange(StrEnum):
    """What somebody who did not do it herself has to hear of."""

    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    CODES_ON = "codes_on"
    CODES_OFF = "codes_off"
    LINKS_ON = "links_on"
    LINKS_OFF = "links_off"
    PASSWORD = "password"  # noqa: S105  the name of a change
    CAME_BACK = "came_back"
    ADDRESS = "address"
    ADDRESS_REMOVED = "address_removed"
    PAPER_MADE = "paper_made"


def checked_name(text: str) -> str:
    """What its owner calls a passkey. Raises InvalidInput for `name`."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or unusable_character(name):
        raise InvalidInput("name", f"Please give it a name of at most {LONGEST_NAME} characters, in one line.")
    return name


def is_asked(put_off_on: date | None, today: date) -> bool:
    """Whether it is time to ask for a strong way to sign in, if there is none."""
    return put_off_on is None or today - put_off_on >= ASKED_AGAIN_AFTER
