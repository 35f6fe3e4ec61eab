"""What the kept calendars of a web process may take of its memory, packed ones too."""

from collections.abc import Iterable
from datetime import timedelta
from hashlib import shake_256
from typing import TYPE_CHECKING

from werkzeug.test import Client
from werkzeug.wrappers import Response

from groupsite.web.calendar_news import CalendarNews
from groupsite.web.calendar_shelf import LARGEST, ROOM, Belongs, CalendarShelf, Kept, note
from tests.plugins.application import MORNING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class AlwaysHears(CalendarNews):
    """Nothing changes, and nothing can have been missed."""

    hears = True

    def begin(self) -> None:
        """There is nobody to listen to."""


def shelf_of(bodies: dict[str, bytes]) -> tuple[CalendarShelf, Client]:
    """A shelf in front of these calendars by path, and a program that fetches from it."""

    def inner(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        note(environ, [], MORNING + timedelta(hours=1))
        return Response(bodies[environ["PATH_INFO"]], headers={"ETag": '"one"'})(environ, start_response)

    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    shelf = CalendarShelf(inner, nowhere, lambda: MORNING)
    shelf.news = AlwaysHears(nowhere, lambda _owner: None, lambda: None)
    return shelf, Client(shelf)


PACKED = {"Accept-Encoding": "gzip"}


def test_packed_bytes_count_while_they_are_kept() -> None:
    body = shake_256(b"calendar").digest(LARGEST)
    shelf, program = shelf_of({f"/{number}.ics": body for number in range(3 * ROOM // LARGEST)})
    for number in range(3 * ROOM // LARGEST):
        packed = program.get(f"/{number}.ics", headers=PACKED).data
        program.get(f"/{number}.ics", headers=PACKED)
        assert shelf.size == shelf.kept * (len(body) + len(packed))
        assert 0 < shelf.size <= ROOM


def test_calendar_packed_later_makes_room_for_that_too() -> None:
    body = shake_256(b"calendar").digest(LARGEST)
    paths = [f"/{number}.ics" for number in range(ROOM // LARGEST)]
    shelf, program = shelf_of(dict.fromkeys(paths, body))
    for path in paths:
        program.get(path)
    assert (shelf.size, shelf.kept) == (ROOM, len(paths))
    packed = program.get(paths[-1], headers=PACKED).data
    assert shelf.size == ROOM - 2 * LARGEST + len(packed)


def test_calendar_that_two_fetched_at_once_counts_once() -> None:
    shelf, _ = shelf_of({})
    for _ in range(2):
        shelf.keep("one", Kept(b"x" * 1000, [], "", None, Belongs(frozenset(), MORNING), 0), 0)
    assert (shelf.size, shelf.kept) == (1000, 1)


def test_shelf_never_grows_beyond_its_room() -> None:
    shelf = CalendarShelf(lambda *_: [], "postgresql://nobody@127.0.0.1:1/none", lambda: MORNING)
    for number in range(3 * ROOM // LARGEST):
        shelf.keep(str(number), Kept(b"x" * LARGEST, [], "", None, Belongs(frozenset(), MORNING), 0), 0)
        assert shelf.size <= ROOM
    shelf.keep("too large", Kept(b"x" * (LARGEST + 1), [], "", None, Belongs(frozenset(), MORNING), 0), 0)
    assert (shelf.size, shelf.kept) == (ROOM, ROOM // LARGEST)
