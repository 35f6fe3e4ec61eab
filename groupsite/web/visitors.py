"""Public pages as visitors get them: kept by their own browser alone, and asked for anew each time."""

from flask import make_response, request
from werkzeug.wrappers import Response

from groupsite.web.auth import viewer

KEPT_BY_THE_BROWSER = "private, max-age=0, must-revalidate"


def for_visitors(page: str, *, may_be_kept: bool = True) -> Response:
    """The page with an ETag, or 304 when the browser has just this; nothing is kept of a page with a way in that closes again.

    Somebody signed in gets it as every page of theirs (web/headers.py).
    """
    response: Response = make_response(page)
    if viewer().account_id is not None:
        return response
    if not may_be_kept:
        response.headers["Cache-Control"] = "no-store"
        return response
    response.add_etag()
    response.headers["Cache-Control"] = KEPT_BY_THE_BROWSER
    return response.make_conditional(request)
