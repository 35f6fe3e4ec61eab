"""Calendars as they were last fetched, kept in each web process: given out again without a query while nothing has changed.

It stands in front of Flask, so a program that asks for what it has already costs next to nothing. What changes is told by the
database itself (web/calendar_news.py). When that line is down nothing is given out unasked; and when the records cannot be
reached at all, the last good bytes are, because a failure switches some programs' calendars off.
"""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.http import parse_accept_header, parse_date
from werkzeug.wrappers import Response

from groupsite.config import Settings
from groupsite.web.calendar_news import CalendarNews

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENVIRON_KEY = "groupsite.calendar"
ROOM = 8 * 1024 * 1024
"""Bytes of calendars in one process; the longest unasked go first."""
LARGEST = ROOM // 8
WORTH_PACKING = 512
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")


@dataclass(frozen=True, slots=True)
class Belongs:
    """What a calendar in an answer hangs on: its owners (as CalendarNews names them), and until when (UTC) it holds by itself."""

    owners: frozenset[str]
    until: datetime


@dataclass(slots=True)
class Kept:
    """A calendar's bytes and headers. `era` goes up with each gap in the news: older ones are no longer sure."""

    body: bytes
    headers: list[tuple[str, str]]
    etag: str
    since: datetime | None
    belongs: Belongs
    era: int
    packed: bytes | None = field(default=None)

    @property
    def size(self) -> int:
        return len(self.body) + len(self.packed or b"")


class CalendarShelf:
    """WSGI application around another one. `clock` gives aware UTC."""

    def __init__(self, inner: "WSGIApplication", database_url: str, clock: Callable[[], datetime]) -> None:
        self._inner = inner
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._size = 0
        self._era = 0
        self._told = 0
        self.news = CalendarNews(database_url, self._drop_owned, self._doubt_all)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.endswith(".ics") or environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("QUERY_STRING"):
            return self._inner(environ, start_response)
        self.news.begin()
        key = f"{environ.get('HTTP_HOST', '')} {path}"
        kept = self._kept.get(key)
        if kept is not None and kept.era == self._era and self.news.hears and self._clock() < kept.belongs.until:
            self._was_asked(key)
            return self._answer(key, kept, environ, start_response)
        return self._fetched(key, kept, environ, start_response)

    def _fetched(
        self, key: str, kept: Kept | None, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Ask the application for the whole calendar, keep it if it may be kept, and answer from it."""
        era, told = self._era, self._told
        noted: list[Belongs] = []
        inner = {name: value for name, value in environ.items() if name not in CONDITIONS}
        inner |= {"REQUEST_METHOD": "GET", ENVIRON_KEY: noted}
        answer = Response.from_app(self._inner, inner, buffered=True)
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR and kept is not None:
            return self._answer(key, kept, environ, start_response)
        with self._lock:
            self._forget(key)
        if answer.status_code != HTTPStatus.OK or not noted:
            return answer(environ, start_response)
        etag, since = answer.headers["ETag"], answer.last_modified
        fetched = Kept(answer.get_data(), answer.headers.to_wsgi_list(), etag, since, noted[0], era)
        if "HTTP_COOKIE" not in environ:
            self.keep(key, fetched, told)
        return self._answer(key, fetched, environ, start_response)

    @property
    def size(self) -> int:
        """Bytes of all calendars that are kept, packed ones too."""
        return self._size

    @property
    def kept(self) -> int:
        return len(self._kept)

    def keep(self, key: str, fetched: Kept, told: int) -> None:
        """Put it on the shelf, unless something changed while it was written: then it may be older than the change."""
        with self._lock:
            if told != self._told or fetched.era != self._era or len(fetched.body) > LARGEST:
                return
            self._forget(key)
            self._kept[key] = fetched
            self._grow(fetched.size)

    def _grow(self, size: int) -> None:
        self._size += size
        while self._size > ROOM:
            self._forget(next(iter(self._kept)))

    def _answer(
        self, key: str, kept: Kept, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """200 or 304, packed if the program takes that, without a body for HEAD."""
        known = _known_tag(kept, environ)
        if known:
            headers = [one for one in _tagged(kept.headers, known) if one[0] not in {"Content-Type", "Content-Length"}]
            start_response("304 NOT MODIFIED", headers)
            return [b""]
        body, headers = kept.body, [one for one in kept.headers if one[0] != "Content-Length"]
        if len(body) > WORTH_PACKING and _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            body = self._packed(key, kept)
            headers = [*_tagged(headers, _packed_tag(kept.etag)), ("Content-Encoding", "gzip")]
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _packed(self, key: str, kept: Kept) -> bytes:
        """Its bytes packed: once, outside the lock, and counted as long as it is on the shelf."""
        if kept.packed is not None:
            return kept.packed
        packed = gzip.compress(kept.body, mtime=0)
        with self._lock:
            is_new, kept.packed = kept.packed is None, packed
            if is_new and self._kept.get(key) is kept:
                self._grow(len(packed))
        return packed

    def _was_asked(self, key: str) -> None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)

    def _forget(self, key: str) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._size -= kept.size

    def _drop_owned(self, owner: str) -> None:
        with self._lock:
            self._told += 1
            for key in [key for key, kept in self._kept.items() if owner in kept.belongs.owners]:
                self._forget(key)

    def _doubt_all(self) -> None:
        with self._lock:
            self._era += 1


def _known_tag(kept: Kept, environ: "WSGIEnvironment") -> str:
    """The tag under which the program has just this, or nothing.

    If-None-Match goes before If-Modified-Since (RFC 9110, 13.2.2).
    """
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None:
        tags = {one.strip().removeprefix("W/") for one in known.split(",")}
        packed = _packed_tag(kept.etag)
        return packed if packed in tags else kept.etag if tags & {"*", kept.etag} else ""
    asked = environ.get("HTTP_IF_MODIFIED_SINCE")
    moment = parse_date(asked) if asked else None
    return kept.etag if moment is not None and kept.since is not None and kept.since <= moment else ""


def _takes_gzip(accepted: str) -> bool:
    if "gzip" not in accepted:
        return False
    return "q=" not in accepted or parse_accept_header(accepted).quality("gzip") > 0


def _tagged(headers: list[tuple[str, str]], tag: str) -> list[tuple[str, str]]:
    return [(name, tag if name == "ETag" else value) for name, value in headers]


def _packed_tag(etag: str) -> str:
    """A strong tag speaks of bytes, and packed bytes are others (RFC 9110, 8.8.3)."""
    return f'{etag[:-1]}-gz"'


def note(environ: dict[str, Any], owners: Iterable[str], until: datetime) -> None:
    """Tell the shelf, if there is one, what the calendar in this answer hangs on."""
    environ.get(ENVIRON_KEY, []).append(Belongs(frozenset(owners), until))


def init_calendar_shelf(app: Flask, settings: Settings) -> None:
    """Put the shelf in front. Tests run inside a transaction that the database never tells of, so they do without."""
    if settings.environment != "testing":
        clock = app.extensions["groupsite.clock"]
        app.wsgi_app = CalendarShelf(app.wsgi_app, settings.database_url, clock)  # type: ignore[method-assign]
