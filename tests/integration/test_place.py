"""A date that goes online for once sends nobody to the room."""

import pytest

from tests.browser import Browser

ROOM = "Mill Lane Community Rooms"
USUAL = "/groups/tuesday-lantern/meetings/main/2026-12-01T1900"
ONLINE_FOR_ONCE = "/groups/tuesday-lantern/meetings/main/2027-01-26T1900"


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(("path", "shows_room"), [(USUAL, True), (ONLINE_FOR_ONCE, False)])
def test_place_is_shown_only_where_there_is_a_door_to_go_to(client: Browser, path: str, shows_room: bool) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert (ROOM in page.text, "Side door" in page.text) == (shows_room, shows_room)
