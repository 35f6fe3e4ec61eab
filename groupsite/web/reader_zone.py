"""The zone in which the reader wants to see times: from the address, or from a cookie that the reader asked us to keep."""

from flask import request
from werkzeug.wrappers import Response

from groupsite.domain.zones import is_known

COOKIE = "tz"
HALF_A_YEAR = 180 * 24 * 3600


def reader_zone() -> str | None:
    """An IANA name that exists, or None: then the meeting's own zone is shown.

    What the address says counts, an empty `tz` too; the cookie speaks when the address has none that we know.
    """
    told = request.args.get("tz")
    if told == "" or (told and is_known(told)):
        return told or None
    kept = request.cookies.get(COOKIE, "")
    return kept if is_known(kept) else None


def zone_in_address() -> str | None:
    """The zone that this page's address names: links to other pages about dates take it along."""
    told = request.args.get("tz", "")
    return told if is_known(told) else None


def keep_zone(response: Response, timezone: str | None, *, is_https: bool) -> None:
    """Remember the zone in this browser for half a year; None forgets it."""
    if timezone is None:
        response.delete_cookie(COOKIE, samesite="Lax", secure=is_https, httponly=True)
        return
    response.set_cookie(COOKIE, timezone, max_age=HALF_A_YEAR, samesite="Lax", secure=is_https, httponly=True)
