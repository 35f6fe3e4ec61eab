"""Words for addresses, made from names."""

import re
import unicodedata
from collections.abc import Collection

from groupsite.domain.errors import Conflict, InvalidInput

LONGEST = 60
LONGEST_ASKED_FOR = 80
RESERVED = frozenset({"new", "import"})
"""Words that pages of ours have at the place of a slug."""


def slug_of(name: str, otherwise: str) -> str:
    """Lower-case letters, digits and hyphens; `otherwise` when the name has none of them (another script, say)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-") or otherwise


def free_slug(wanted: str, taken: Collection[str]) -> str:
    """`wanted`, or the first of `wanted-2`, `wanted-3` ... that is not taken or reserved."""
    candidates = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 3))
    return next(slug for slug in candidates if slug not in taken and slug not in RESERVED)


def refuse_unusable(slug: str) -> None:
    """Raises InvalidInput for an address that somebody asked for and that cannot stand in a URL."""
    if not re.fullmatch(rf"(?=.{{1,{LONGEST_ASKED_FOR}}}$)[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise InvalidInput(
            "slug", f"Please use up to {LONGEST_ASKED_FOR} small letters, digits and single dashes between them."
        )


def refuse_taken(slug: str, taken: Collection[str]) -> None:
    """Raises Conflict for an address that somebody asked for and that is in use."""
    if slug in taken or slug in RESERVED:
        raise Conflict("This address is taken. Nothing was stored. Choose another one.")
