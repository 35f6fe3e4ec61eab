"""The seam between requests and permissions: the only module that knows Flask-Login.

Each endpoint declares the permission it needs with `@requires`. An endpoint that declares none answers 404. What can
be decided without a target is decided before the view; the view loads its target and calls `authorise(target)`. What
gives an account away to whoever sits there is `fresh`: it first asks for the password, unless that was just given.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from flask import Flask, Request, abort, current_app, g, redirect, request, url_for
from flask_login import UserMixin, current_user
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from groupsite.domain.devices import device_words
from groupsite.domain.errors import NotAllowed, NotFound
from groupsite.domain.permissions import VISITOR, Identity, Permission, Target, needs_sign_in, permits
from groupsite.extensions import db, login_manager
from groupsite.queries.groups import NO_GROUP
from groupsite.services import half_sign_in, sessions
from groupsite.services.sessions import Visit
from groupsite.web.clock import now
from groupsite.web.forgetting import forget
from groupsite.web.sessions import cookie_session

View = TypeVar("View", bound=Callable[..., object])
OPEN_ENDPOINTS = frozenset({"static"})


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    def __init__(self, visit: Visit) -> None:
        self.id = str(visit.identity.account_id)
        self.visit = visit


def requires(
    permission: Permission, *, fresh: bool = False, is_sheet: bool = False, is_use: bool = True
) -> Callable[[View], View]:
    """Declare what the endpoint needs; tests/contracts walk every endpoint for it.

    `fresh`: only for a browser in which the password was given within the last ten minutes (ASVS 7.5.1); any other is
    led to the page that asks for it, and back. `is_sheet`: part of a run sheet, which goes on during a meeting although
    nobody presses anything; `is_use` is False for what a page asks by itself (services/sessions.resume).
    """

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        view.fresh = fresh  # type: ignore[attr-defined]
        view.resuming = {"is_sheet": is_sheet, "is_use": is_use}  # type: ignore[attr-defined]
        return view

    return declare


def visit() -> Visit | None:
    """The signed-in browser that asks, None for a visitor."""
    return current_user.visit if isinstance(current_user._get_current_object(), SignedIn) else None


def viewer() -> Identity:
    """Who asks, in this request."""
    here = visit()
    return here.identity if here else VISITOR


def declared_permission(endpoint: str | None) -> Permission | None:
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "permission", None)


def authorise(target: Target, *, hidden: str = "") -> Identity:
    """The viewer, if the endpoint's permission holds for `target`. Raises NotAllowed.

    Raises NotFound where the viewer must not learn that there is something: a group that is not listed, what runs the
    site, and whatever is `hidden`: these are the words for one that is not there.
    """
    permission = declared_permission(request.endpoint)
    if permission is not None and permits(viewer(), permission, target):
        return viewer()
    if not permits(viewer(), Permission.SEE_LISTING, target):
        raise NotFound(NO_GROUP)
    if hidden or permission in {None, Permission.RUN_SITE}:
        raise NotFound(hidden or "There is nothing here.")
    raise NotAllowed("This is not open to you.")


def forget_records() -> None:
    """The database does not answer: until this request ends everybody is a visitor, and pages can be made."""
    db.session.rollback()
    g.records_gone = True


def sign_in(account_id: UUID, moment: datetime, *, is_shared: bool = False, is_sure: bool = True) -> None:
    """Start a new session for this browser: the old one ends, the id is new.

    `is_shared`: others use the device too. `is_sure`: as for services/sessions.start.
    """
    sign_out(moment)
    sessions.start(
        db.session(),
        account_id,
        cookie_session().renew(),
        now=moment,
        device=device_words(request.user_agent.string),
        is_shared=is_shared,
        is_sure=is_sure,
    )


def sign_in_half(account_id: UUID, moment: datetime, *, is_shared: bool, is_sure: bool) -> None:
    """The code is still missing: this browser is a visitor's, under a new id by which it can send one."""
    sign_out(moment)
    half_sign_in.begin(
        db.session(), account_id, cookie_session().renew(), now=moment, is_shared=is_shared, is_sure=is_sure
    )


def go_on_surely(moment: datetime) -> None:
    """Somebody has just shown who they are: this session goes on under a new id, and counts as fresh."""
    old = cookie_session().session_id
    if old is not None:
        sessions.confirm(db.session(), old, cookie_session().renew(), now=moment)


def keep_sheet(until: datetime | None) -> int:
    """Let the run sheet that is open here go on until then; returns after how many seconds this page has to go blank."""
    here, session_id = visit(), cookie_session().session_id
    if here is None or session_id is None:
        return 0
    limit = int(here.idle_limit.total_seconds())
    if until is None:
        return limit
    if not here.is_sheet_alone:
        sessions.keep_sheet(db.session(), session_id, until=until)
    left = int((until - now()).total_seconds())
    return left if here.is_sheet_alone else max(limit, left)


def sign_out(moment: datetime) -> None:
    old = cookie_session().session_id
    if old is not None:
        sessions.end(db.session(), old)
        half_sign_in.end(db.session(), old, now=moment)
    cookie_session().renew()


def init_auth(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.request_loader(_load_viewer)
    app.before_request(_deny_by_default)
    app.after_request(_forget_what_timed_out)


def _load_viewer(_request: Request) -> SignedIn | None:
    session_id = cookie_session().session_id
    if session_id is None or g.get("records_gone"):
        return None
    view = current_app.view_functions.get(request.endpoint or "")
    try:
        found = sessions.resume(db.session(), session_id, now=now(), **getattr(view, "resuming", {}))
    except OperationalError:
        if declared_permission(request.endpoint) is not Permission.SEE_PUBLIC:
            raise
        forget_records()
        return None
    if isinstance(found, sessions.Over):
        g.timed_out = True
        if not found.is_sheet_left:
            sessions.end(db.session(), session_id)
            cookie_session().renew()
        return None
    return SignedIn(found) if found else None


def _deny_by_default() -> Response | None:
    if request.endpoint is None or request.endpoint in OPEN_ENDPOINTS:
        return None
    permission = declared_permission(request.endpoint)
    if permission is None:
        abort(404)
    here = visit()
    if not needs_sign_in(permission):
        return None
    if here is None:
        return _ask_to_sign_in()
    if getattr(current_app.view_functions[request.endpoint], "fresh", False) and not here.is_sure:
        return redirect(url_for("accounts.confirm", next=_page_of_the_form()), 303)
    return None


def _forget_what_timed_out(response: Response) -> Response:
    """A visit has ended by itself: the browser drops what it keeps of it, Back included."""
    return forget(response) if g.get("timed_out") and "Clear-Site-Data" not in response.headers else response


def _page_of_the_form() -> str:
    """Where this request was asked for: the same address if it has a page, else the account."""
    try:
        current_app.url_map.bind("").match(request.path, method="GET")
    except HTTPException:
        return url_for("accounts.account")
    return request.path


def _ask_to_sign_in() -> Response:
    if request.method != "GET":
        raise NotAllowed("Please sign in first. Nothing was changed.")
    done = "idle" if g.get("timed_out") else None
    return redirect(url_for("accounts.sign_in", next=request.path, done=done))
