"""Domain errors and HTTP errors as pages: what happened, what was kept, what to do now. One file for all of them."""

from uuid import uuid4

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from groupsite.domain.errors import Conflict, DomainError, Expired, InvalidInput, NotAllowed, NotFound
from groupsite.extensions import db
from groupsite.logging import get_logger
from groupsite.web.auth import forget_records

FROM_MAIL = ("/a/", "/u/", "/calendar/")
"""Where mails and calendars lead without a sign-in: the page says no more than they do. Nor than a code on paper."""
FROM_PAPER = "/now"
STATUS = {NotAllowed: 403, NotFound: 404, Conflict: 409, Expired: 410, InvalidInput: 400}

PAGES = {
    400: ("That did not arrive whole", "Something in the request was missing or out of order. Nothing was changed.",
          "Go back, load the page again and try once more."),
    403: ("This is not open to you", "Your sign-in does not reach this page.", "If you expected it to, sign in again."),
    404: ("There is nothing here", "The page may have moved, or the address has a slip in it.",
          "The finder shows everything that is listed."),
    405: ("That cannot be done here", "This address does not answer that kind of request. Nothing was changed.",
          "Use the buttons on the page."),
    409: ("Something stands in the way", "Nothing was changed.", "Go back and choose another way."),
    410: ("This is gone", "It was here and has ended: a used link, or something that was taken back.",
          "Ask for a new one where you found it."),
    413: ("That is too much at once", "The text was longer than this page takes. Nothing was stored.",
          "Go back and make it shorter."),
    429: ("A short wait, please", "There were many tries from here just now.", "Wait a minute, then try again."),
    500: ("Something broke on our side", "It is not your doing. Nothing was half-stored.",
          "Try again in a moment. If it stays, tell the people who run this site the reference below."),
    503: ("We are not ready just now", "The site cannot reach its records. Nothing was lost.",
          "Try again in a minute."),
}  # fmt: skip


def init_errors(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, _database_gone)
    app.register_error_handler(Exception, _unexpected)


def _page(status: int, message: str | None = None, reference: str | None = None) -> tuple[str, int]:
    title, what, next_step = PAGES.get(status, PAGES[500])
    is_bare = request.path.startswith(FROM_MAIL) or request.path == FROM_PAPER
    page = render_template(
        "errors/error.html",
        title=title,
        message=message or what,
        what_now="" if is_bare else next_step,
        reference=reference,
        is_bare=is_bare,
    )
    return page, status


def _domain_error(error: DomainError) -> tuple[str, int]:
    return _page(STATUS.get(type(error), 400), error.message)


def _csrf_error(_error: CSRFError) -> tuple[str, int]:
    return _page(400, "The page had been open too long, or was opened in another window. Nothing was changed.")


def http_error(error: HTTPException) -> tuple[str, int]:
    """The general page for it, for those to whom a page of their own is not open."""
    return _page(error.code or 500)


def _database_gone(error: OperationalError) -> tuple[str, int]:
    forget_records()
    return _logged(error, 503)


def _unexpected(error: Exception) -> tuple[str, int]:
    return _logged(error, 500)


def _logged(error: Exception, status: int) -> tuple[str, int]:
    db.session.rollback()
    reference = uuid4().hex[:12]
    get_logger().error("request_failed", exc_info=error, reason=reference, status=status)
    return _page(status, reference=reference)
