"""Leaving nothing behind: what browsers are asked to forget, and who may make them.

Signed-in pages are hidden three times over: they are never stored (headers.py), a script blanks them when they go out of
sight (static/leave.js), and what a browser has kept all the same is taken away here (Clear-Site-Data evicts the back/forward
cache too). Browsers heed Clear-Site-Data from an image or a frame as well, so it is only sent to somebody who asked for it.
"""

from enum import Enum, auto
from typing import TypeVar

from flask import Request
from werkzeug.wrappers import Response

Answer = TypeVar("Answer", bound=Response)

EVERYTHING = '"cache", "cookies", "storage"'
PAGES = '"cache", "storage"'
"""The cookie stays: it has just been given a new id, or holds the time zone that the reader asked us to keep."""
AHEAD = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
"""Headers of a browser that fetches a page before anybody has asked for it."""
OWN_SITES = {"same-origin", "none"}
"""A page of ours, or an address that was typed."""


class Asker(Enum):
    """Whose wish a request for a page is, as far as the browser says (Fetch Metadata, W3C)."""

    READER = auto()
    """Also when an older browser says nothing: whoever needs to leave is never held up."""
    NOBODY_YET = auto()
    ANOTHER_SITE = auto()
    PART_OF_A_PAGE = auto()


def asker(request: Request) -> Asker:
    """Who asks. A HEAD request looks and wants nothing."""
    if request.method == "HEAD" or any(_is_ahead(request.headers.get(name, "")) for name in AHEAD):
        return Asker.NOBODY_YET
    if request.headers.get("Sec-Fetch-Dest", "document") != "document":
        return Asker.PART_OF_A_PAGE
    if request.headers.get("Sec-Fetch-Site", "none") not in OWN_SITES:
        return Asker.ANOTHER_SITE
    return Asker.READER


def _is_ahead(purpose: str) -> bool:
    return any(word in purpose.lower() for word in ("prefetch", "preview", "prerender"))


def forget(response: Answer, what: str = PAGES) -> Answer:
    """The same answer, with the wish to forget this site; never kept itself."""
    response.headers["Clear-Site-Data"] = what
    response.headers["Cache-Control"] = "no-store"
    return response
