"""Content lines of iCalendar (RFC 5545, 3.1): folded at 75 octets, unfolded, TEXT with its escapes."""

import re
from collections.abc import Iterable

from groupsite.domain.plain_text import without_unusable_characters

ESCAPED = re.compile(r"\\(.)")
LONGEST = 75
"""Octets in a line, its CRLF not counted."""


def usable(value: str, *, lines: bool = False) -> str:
    """The text without what no calendar may hold, tabs too: programs differ on them. Without `lines`, on one line."""
    return without_unusable_characters(value, lines=lines).replace("\t", " ")


def text(value: str, *, lines: bool = False) -> str:
    """TEXT with its escapes (3.3.11), made of what is usable."""
    plain = usable(value, lines=lines)
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def plain(escaped: str) -> str:
    """What TEXT with its escapes reads as."""
    return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], escaped)


def folded(line: str) -> bytes:
    """One content line for the wire: at most 75 octets in each piece, never cut inside a character."""
    whole = line.encode()
    if len(whole) <= LONGEST:
        return whole + b"\r\n"
    pieces, start, room = [], 0, LONGEST
    while len(whole) - start > room:
        end = start + room
        while whole[end] & 0xC0 == 0x80:  # noqa: PLR2004  a byte that goes on with a UTF-8 character
            end -= 1
        pieces.append(whole[start:end])
        start, room = end, LONGEST - 1
    pieces.append(whole[start:])
    return b"\r\n ".join(pieces) + b"\r\n"


def joined(lines: Iterable[str]) -> bytes:
    """Content lines for the wire, each folded."""
    return b"".join(folded(line) for line in lines)


def unfolded(wire: bytes) -> list[str]:
    """The content lines of what `joined`, or icalendar, has written."""
    return wire.replace(b"\r\n ", b"").decode().splitlines()
