"""Where a foreign event takes place: a room, a link to a meeting, or both. Nothing that opens a door becomes a public place."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from groupsite.domain.schedule import Venue
from groupsite.domain.words import Modality
from groupsite.formats.content_lines import plain
from groupsite.formats.ical_import_lines import RawEvent
from groupsite.formats.ical_import_ways_in import is_room, is_secret, links, without_links
from groupsite.formats.plain_text import https_problem

LONGEST_NAME = 120
LONGEST_ADDRESS = 300
MOST_LINKS = 20
LINKED = ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "LOCATION", "SUMMARY")
"""Where every link leads to the meeting, in the order in which they are believed."""
MAYBE_LINKED = ("URL", "DESCRIPTION")
"""Here only a link that looks like a meeting's is taken."""

_ONLINE = re.compile(
    r"(?:on-?line|virtual|remote|video ?call|zoom|skype|jitsi|webex|google meet|(?:microsoft )?teams)"
    r"(?:[ -](?:meeting|call|besprechung|room))?",
    re.IGNORECASE,
)
MEMBERS_ONLY = "It has a link. Only members of the group will see it."
NO_PLACE = "It names no place. Say on the page of the group where people meet."
NO_LINK = "It is online, but no link was found. Members need another way to get it."
CODES = "A code or a number in its place is left out with what follows it, because everybody reads the place."
INSECURE = "Its link does not begin with https:// and is left out."


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """`link` is for members alone; `notes` are whole sentences on what was taken how."""

    modality: Modality
    venue: Venue | None
    link: str
    notes: tuple[str, ...]


def whereabouts(event: RawEvent) -> Whereabouts:
    """What the event says of its place; it is read from LOCATION, CONFERENCE, URL, and links in SUMMARY and DESCRIPTION."""
    found = list(islice(_links(event), MOST_LINKS))
    link = next((one for one in found if https_problem(one) is None), "")
    parts, is_online, had_codes = _parts(plain(event.value("LOCATION")))
    venue = _venue(parts)
    modality = _modality(has_place=venue is not None, has_way_in=bool(link) or is_online)
    notes = [
        MEMBERS_ONLY if link else "",
        INSECURE if found and not link else "",
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
            yield from links(plain(line.value))
    for name in MAYBE_LINKED:
        for line in event.all(name):
            yield from (one for one in links(html.unescape(plain(line.value))) if is_room(one))


def _parts(location: str) -> tuple[list[str], bool, bool]:
    """The words of a place between commas and line ends; whether they say "online"; whether there were codes among them."""
    cut = (" ".join(one.split()).strip(" -–|()") for one in re.split(r"[,;\n]", without_links(location, ",")))
    words = [one for one in cut if one]
    first_secret = next((number for number, one in enumerate(words) if is_secret(one)), None)
    online = {one for one in words if (_ONLINE.match if is_secret(one) else _ONLINE.fullmatch)(one)}
    usable = [one for one in words[:first_secret] if one not in online and (_has_letters(one) or first_secret is None)]
    return usable, bool(online), first_secret is not None


def _venue(parts: list[str]) -> Venue | None:
    """The first words are the name of the place; a number alone belongs to the words behind it."""
    named = next((number for number, part in enumerate(parts, 1) if _has_letters(part)), None)
    if named is None:
        return None
    name, address = ", ".join(parts[:named]), ", ".join(parts[named:])
    return Venue(name[:LONGEST_NAME].rstrip(), address[:LONGEST_ADDRESS].rstrip())


def _has_letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text)
