"""What a foreign event says of its place: nothing that opens a door becomes one that everybody reads."""

import pytest

from groupsite.domain.schedule import Venue
from groupsite.domain.words import Modality
from groupsite.formats.ical_import_lines import Property, RawEvent
from groupsite.formats.ical_import_places import (
    CODES,
    INSECURE,
    MEMBERS_ONLY,
    NO_LINK,
    NO_PLACE,
    Whereabouts,
    whereabouts,
)

ZOOM = "https://us02web.zoom.us/j/123456789?pwd=example"
HALL = Venue("Hall", "4 Hill Street")


def where(**lines: str) -> Whereabouts:
    return whereabouts(RawEvent({name: [Property(value)] for name, value in lines.items()}))


@pytest.mark.parametrize(
    ("location", "venue"),
    [
        (r"Hall\, 4 Hill Street", HALL),
        (r"Hall\n4 Hill Street", HALL),
        (r"Hall\, 4 Hill Street\, door code 1234", HALL),
        (r"12\, Rue Longue\, Lyon", Venue("12, Rue Longue", "Lyon")),
        ("Hall\x07", Venue("Hall")),
    ],
)
def test_place_is_name_and_address(location: str, venue: Venue) -> None:
    found = where(LOCATION=location)
    assert (found.modality, found.venue, found.link) == (Modality.IN_PERSON, venue, "")


@pytest.mark.parametrize(
    ("lines", "modality", "venue", "notes"),
    [
        ({"LOCATION": ZOOM}, Modality.ONLINE, None, (MEMBERS_ONLY,)),
        ({"LOCATION": rf"Hall\, 4 Hill Street {ZOOM}"}, Modality.HYBRID, HALL, (MEMBERS_ONLY,)),
        ({"LOCATION": r"Hall\, 4 Hill Street", "CONFERENCE": ZOOM}, Modality.HYBRID, HALL, (MEMBERS_ONLY,)),
        ({"LOCATION": "Zoom", "DESCRIPTION": rf"Join:\n{ZOOM}\nPasscode 1"}, Modality.ONLINE, None, (MEMBERS_ONLY,)),
        ({"DESCRIPTION": f'<a href="{ZOOM}">join</a>'}, Modality.ONLINE, None, (MEMBERS_ONLY,)),
        ({"URL": ZOOM}, Modality.ONLINE, None, (MEMBERS_ONLY,)),
        ({"LOCATION": "Online meeting"}, Modality.ONLINE, None, (NO_LINK,)),
        ({"LOCATION": r"Zoom ID: 123 456 7890\, passcode 4711"}, Modality.ONLINE, None, (NO_LINK, CODES)),
        ({"LOCATION": "+1 555 010 0123 45"}, Modality.IN_PERSON, None, (CODES, NO_PLACE)),
        ({"LOCATION": "http://zoom.us/j/1"}, Modality.IN_PERSON, None, (INSECURE, NO_PLACE)),
        ({"URL": "https://example.org/about"}, Modality.IN_PERSON, None, (NO_PLACE,)),
        ({"DESCRIPTION": "https://example.org/news https://zoom.us/"}, Modality.IN_PERSON, None, (NO_PLACE,)),
        ({}, Modality.IN_PERSON, None, (NO_PLACE,)),
    ],
)
def test_way_in_is_told_from_place(
    lines: dict[str, str], modality: Modality, venue: Venue | None, notes: tuple[str, ...]
) -> None:
    found = where(**lines)
    assert (found.modality, found.venue, found.notes) == (modality, venue, notes)
    assert found.link == (ZOOM if MEMBERS_ONLY in notes else "")
