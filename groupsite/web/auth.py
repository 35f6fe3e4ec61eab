"""The seam between requests and permissions: the only module that knows Flask-Login.

Each endpoint declares the permission it needs with `@requires`. An endpoint that declares none answers 404. What can
be decided without a target is decided before the view; the view loads its target and calls `authorise(target)`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from flask import Flask, Request, abort, current_app, g, redirect, request, url_for
from flask_login import UserMixin, current_user
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from groupsite.domain.errors import NotAllowed, NotFound
from groupsite.domain.permissions import VISITOR, Identity, Permission, Target, needs_sign_in, permits
from groupsite.domain.tokens import token_hash
from groupsite.extensions import db, login_manager
from groupsite.queries.identities import identity_of_session
from groupsite.services import sessions
from groupsite.web.clock import now
from groupsite.web.forgetting import forget
from groupsite.web.sessions import cookie_session

View = TypeVar("View", bound=Callable[..., object])
OPEN_ENDPOINTS = frozenset({"static"})


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    def __init__(self, identity: Identity) -> None:
        self.id = str(identity.account_id)
        self.identity = identity


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare what the endpoint needs; tests/contracts walk every endpoint for it."""

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return declare


def viewer() -> Identity:
    """Who asks, in this request."""
    return current_user.identity if isinstance(current_user._get_current_object(), SignedIn) else VISITOR


def declared_permission(endpoint: str | None) -> Permission | None:
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "permission", None)


def authorise(target: Target) -> Identity:
    """The viewer, if the endpoint's permission holds for `target`; NotAllowed otherwise, NotFound for what is hidden."""
    permission = declared_permission(request.endpoint)
    if permission is None or not permits(viewer(), permission, target):
        raise NotFound("There is nothing here.") if _is_hidden(permission) else NotAllowed("This is not open to you.")
    g.authorised = True
    return viewer()


def forget_records() -> None:
    """The database does not answer: until this request ends everybody is a visitor, and pages can be made."""
    db.session.rollback()
    g.records_gone = True


def sign_in(account_id: UUID, moment: datetime) -> None:
    """Start a new session for this browser: the old one ends, the id is new."""
    sign_out(moment)
    sessions.start(db.session(), account_id, cookie_session().renew(), now=moment)


def sign_out(_moment: datetime) -> None:
    old = cookie_session().session_id
    if old is not None:
        sessions.end(db.session(), old)
    cookie_session().renew()


def init_auth(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.session_protection = None

    @login_manager.request_loader  # type: ignore[untyped-decorator]
    def load_viewer(_request: Request) -> SignedIn | None:
        session_id = cookie_session().session_id
        if session_id is None or g.get("records_gone"):
            return None
        try:
            identity = identity_of_session(db.session(), token_hash(session_id), now=now())
        except OperationalError:
            if declared_permission(request.endpoint) is not Permission.SEE_PUBLIC:
                raise
            forget_records()
            return None
        return SignedIn(identity) if identity else None

    @app.before_request
    def deny_by_default() -> Response | None:
        if request.endpoint is None or request.endpoint in OPEN_ENDPOINTS:
            return None
        permission = declared_permission(request.endpoint)
        if permission is None:
            abort(404)
        if needs_sign_in(permission) and viewer().account_id is None:
            return _ask_to_sign_in()
        return None


def _ask_to_sign_in() -> Response:
    if request.method != "GET":
        raise NotAllowed("Please sign in first. Nothing was changed.")
    answer = redirect(url_for("accounts.sign_in", next=request.path))
    was_here = cookie_session().session_id is not None
    return forget(answer) if was_here else answer  # a visit that is over: nothing of it is shown again


def _is_hidden(permission: Permission | None) -> bool:
    return permission in {None, Permission.SEE_LISTING, Permission.RUN_SITE}
