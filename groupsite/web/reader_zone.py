"""The zone in which the reader wants to see times: from the address, or from a cookie that the reader asked us to keep."""

from flask import request
from werkzeug.wrappers import Response

from groupsite.domain.zones import is_known

COOKIE = "tz"
HALF_A_YEAR = 180 * 24 * 3600


def reader_zone() -> str | None:
    """An IANA name that exists, or None: then the meeting's own zone is shown."""
    for told in (request.args.get("tz", ""), request.cookies.get(COOKIE, "")):
        if is_known(told):
            return told
    return None


def keep_zone(response: Response, timezone: str, *, is_https: bool) -> None:
    """Remember the zone in this browser for half a year."""
    response.set_cookie(COOKIE, timezone, max_age=HALF_A_YEAR, samesite="Lax", secure=is_https, httponly=True)
