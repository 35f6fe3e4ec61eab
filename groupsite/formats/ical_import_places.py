"""Where a foreign event takes place: a room, a link to a meeting, or both. Nothing that opens a door becomes a public place."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from groupsite.domain.plain_text import without_unusable_characters
from groupsite.domain.schedule import Venue
from groupsite.domain.words import Modality
from groupsite.formats.content_lines import plain
from groupsite.formats.ical_import_lines import RawEvent
from groupsite.formats.plain_text import https_problem

LONGEST_NAME = 120
LONGEST_ADDRESS = 300
LONGEST_LOCATION = 2000
MOST_LINKS = 20
LINKED = ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "LOCATION")
"""Where every link leads to the meeting, in the order in which they are believed."""
MAYBE_LINKED = ("URL", "DESCRIPTION")
"""Here only a link that looks like a meeting's is taken."""
HOSTS = ("zoom.us", "zoomgov.com", "meet.google.com", "teams.microsoft.com", "teams.live.com", "webex.com", "meet.jit.si",
         "8x8.vc", "whereby.com", "gotomeeting.com", "gotomeet.me", "meet.goto.com", "bluejeans.com", "join.skype.com",
         "freeconferencecall.com")  # fmt: skip
FIRST_WORDS = {"meet", "jitsi", "bbb", "webconf", "conference"}
"""First words of hosts on which groups run their own rooms."""
ROOMS = ("/b/", "/call/", "/rooms/", "/j/")
"""How paths begin that lead into rooms of BigBlueButton, Nextcloud Talk and others."""

_LINK = re.compile(r"https?://[^\s<>\"\\^`{|}]+", re.IGNORECASE)
_ONLINE = re.compile(
    r"(?:on-?line|virtual|remote|video ?call|zoom|skype|jitsi|webex|google meet|(?:microsoft )?teams)"
    r"(?:[ -](?:meeting|call|besprechung|room))?",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"pass ?(?:code|word|wort)|kennwort|contraseña|mot de passe|\bpwd\b|\bpin\b|\bcode\b|\bid ?:|meeting.?id|\btel\b|"
    r"(?:\d[ -]?){10}",
    re.IGNORECASE,
)
MEMBERS_ONLY = "It has a link. Only members of the group will see it."
NO_PLACE = "It names no place. Say on the page of the group where people meet."
NO_LINK = "It is online, but no link was found. Members need another way to get it."
CODES = "A code or a number in its place is left out, because everybody reads the place."
INSECURE = "Its link does not begin with https:// and is left out."


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """`link` is for members alone; `notes` are whole sentences on what was taken how."""

    modality: Modality
    venue: Venue | None
    link: str
    notes: tuple[str, ...]


def whereabouts(event: RawEvent) -> Whereabouts:
    """What the event says of its place; it is read from LOCATION, CONFERENCE, URL, and links in DESCRIPTION."""
    links = list(islice(_links(event), MOST_LINKS))
    link = next((one for one in links if https_problem(one) is None), "")
    parts, is_online, had_codes = _parts(plain(event.value("LOCATION"))[:LONGEST_LOCATION])
    venue = _venue(parts)
    modality = _modality(has_place=venue is not None, has_way_in=bool(link) or is_online)
    notes = [
        MEMBERS_ONLY if link else "",
        INSECURE if links and not link else "",
        NO_LINK if is_online and not link else "",
        CODES if had_codes else "",
        NO_PLACE if modality is Modality.IN_PERSON and venue is None else "",
    ]
    return Whereabouts(modality, venue, link, tuple(filter(None, notes)))


def _modality(*, has_place: bool, has_way_in: bool) -> Modality:
    if has_place and has_way_in:
        return Modality.HYBRID
    return Modality.ONLINE if has_way_in else Modality.IN_PERSON


def _links(event: RawEvent) -> Iterator[str]:
    for name in LINKED:
        for line in event.all(name):
            yield from _found(plain(line.value))
    for name in MAYBE_LINKED:
        for line in event.all(name):
            yield from (one for one in _found(html.unescape(plain(line.value))) if _is_room(one))


def _found(text: str) -> Iterator[str]:
    return (found[0].rstrip(".,;:!?)]}'*") for found in _LINK.finditer(text))


def _is_room(link: str) -> bool:
    """Whether the address has the shape of a meeting's, and not of a web page about it."""
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    is_known = any(host == known or host.endswith(f".{known}") for known in HOSTS)
    has_path = len(parts.path) > 1
    return has_path and (is_known or host.split(".")[0] in FIRST_WORDS or parts.path.startswith(ROOMS))


def _parts(location: str) -> tuple[list[str], bool, bool]:
    """The words of a place between commas and line ends; whether they say "online"; whether there were codes among them."""
    cut = (without_unusable_characters(one).strip(" -–|()") for one in re.split(r"[,;\n]", _LINK.sub(",", location)))
    words = [one for one in cut if one]
    secret = {one for one in words if _SECRET.search(one)}
    online = {one for one in words if (_ONLINE.match if one in secret else _ONLINE.fullmatch)(one)}
    usable = [one for one in words if one not in secret and one not in online and (_has_letters(one) or not secret)]
    return usable, bool(online), bool(secret)


def _venue(parts: list[str]) -> Venue | None:
    """The first words are the name of the place; a number alone belongs to the words behind it."""
    named = next((number for number, part in enumerate(parts, 1) if _has_letters(part)), None)
    if named is None:
        return None
    name, address = ", ".join(parts[:named]), ", ".join(parts[named:])
    return Venue(name[:LONGEST_NAME].rstrip(), address[:LONGEST_ADDRESS].rstrip())


def _has_letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text)
