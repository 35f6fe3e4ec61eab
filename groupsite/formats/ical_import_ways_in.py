"""What opens a door in words of a foreign event: links, codes, numbers. Every public word of a file comes through here."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from groupsite.domain.plain_text import unusable_character

LONGEST = 2000
"""Characters of a name or a place that are looked at."""
HOSTS = ("zoom.us", "zoomgov.com", "meet.google.com", "teams.microsoft.com", "teams.live.com", "webex.com", "meet.jit.si",
         "8x8.vc", "whereby.com", "gotomeeting.com", "gotomeet.me", "meet.goto.com", "bluejeans.com", "join.skype.com",
         "freeconferencecall.com")  # fmt: skip
FIRST_WORDS = ("meet", "jitsi", "bbb", "webconf", "conference")
"""First words of hosts on which groups run their own rooms."""
ROOMS = ("/b/", "/call/", "/rooms/", "/j/")
"""How paths begin that lead into rooms of BigBlueButton, Nextcloud Talk and others."""

_REST = r"[^\s<>\"\\^`{|}]"
_SCHEME = re.compile(rf"https?://{_REST}+", re.IGNORECASE)
_LINK = re.compile(
    rf"{_SCHEME.pattern}|(?:{'|'.join(map(re.escape, HOSTS))}){_REST}*|"
    rf"(?<![\w.-])(?:{'|'.join(FIRST_WORDS)})\.[\w-]+\.[\w.-]*(?::\d+)?/{_REST}+",
    re.IGNORECASE,
)
_BEFORE_HOST = re.compile(r"[\w.@:/-]")
_CODE_WORD = (
    r"pass ?(?:code|word|wort|phrase)|kennwort|wachtwoord|contraseña|\bclave\b|\bsenha\b|mot de passe|\bpwd?\b|\bpin\b|"
    r"code\b|\bcódigo\b|\bid ?:|meeting.?id|\btel\b"
)
_NUMBER = r"\bid\W{0,3}\d|\+?\(?(?:\d[ ().\-/]{0,2}){10}|\d{9}|(?<!\d)\d{3}[ -]\d{3}[ -]\d{3}(?!\d)"
_SECRET = re.compile(f"{_CODE_WORD}|{_NUMBER}", re.IGNORECASE)
_CODE_FOLLOWS = re.compile(rf"(?:{_CODE_WORD})\W{{0,3}}\Z", re.IGNORECASE)
"""The end of a link that has swallowed the word before a code: `https://zoom.us/j/1,passcode 4711`."""
_SHORTEST_CODE = 4
_EDGES = " -–—|()[]:,;/"


class PublicWords(NamedTuple):
    """What everybody may read of a text. `hid`: a link, a code or a number was cut out of it."""

    text: str
    hid: bool


def public_words(written: str) -> PublicWords:
    """One line without links. A code takes with it what follows it, and words before it that could be the code."""
    linkless = without_links(written, " ")
    text = " ".join(linkless.split())
    code = _SECRET.search(text)
    if code is None and linkless == cleaned(written):
        return PublicWords(text, hid=False)
    words = _before(text, code.start()) if code else text.split()
    return PublicWords(" ".join(words).strip(_EDGES), hid=True)


def _before(text: str, end: int) -> list[str]:
    """The words before a code, the first half of its own word and those that could be it left out."""
    while end and text[end - 1].isalnum():
        end -= 1
    words = text[:end].split()
    return [
        one for one in words if len(one.strip(_EDGES)) < _SHORTEST_CODE or not any(letter.isdigit() for letter in one)
    ]


def cleaned(written: str) -> str:
    """The text as it will stand, with spaces for what may not stand in it: left out, that would make one word of two."""
    return "".join(" " if unusable_character(one, lines=True) else one for one in written[:LONGEST])


def is_secret(text: str) -> bool:
    """Whether it speaks of a code, or holds a number that could be dialled."""
    return _SECRET.search(text) is not None


def without_links(written: str, instead: str) -> str:
    """The text, cleaned, with `instead` for every link: any that has a scheme, and without one those that lead into rooms."""
    text = cleaned(written)
    pieces, end = [], 0
    for start, stop in _spans(text):
        pieces += [text[end:start], instead]
        end = stop
    return "".join([*pieces, text[end:]])


def links(text: str) -> Iterator[str]:
    """Every link, with a scheme as it stands; without one only what leads into a room, as https."""
    for start, stop in _spans(text):
        written = text[start:stop].rstrip(".,;:!?)]}'*")
        scheme = _SCHEME.search(written)
        if scheme:
            yield scheme[0]
        elif is_room(f"https://{written}"):
            yield f"https://{written}"


def is_room(link: str) -> bool:
    """Whether the address has the shape of a meeting's, and not of a web page about it."""
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    is_known = any(host == known or host.endswith(f".{known}") for known in HOSTS)
    has_path = len(parts.path) > 1
    return has_path and (is_known or host.split(".")[0] in FIRST_WORDS or parts.path.startswith(ROOMS))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where links stand, with what is written right before a host (`us02web.`, `zoommtg://`), without the word before a code."""
    end = 0
    for found in _LINK.finditer(text):
        start = found.start()
        while start > end and _BEFORE_HOST.match(text, start - 1):
            start -= 1
        swallowed = _CODE_FOLLOWS.search(text, start, found.end())
        end = swallowed.start() if swallowed else found.end()
        yield start, end
