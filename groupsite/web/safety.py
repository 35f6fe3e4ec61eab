"""Leave now, and get help now: for everybody, without an account, a cookie or JavaScript."""

from flask import Blueprint, current_app, redirect, render_template
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Permission
from groupsite.web.auth import forget_records, requires, sign_out
from groupsite.web.clock import now
from groupsite.web.sessions import cookie_session

blueprint = Blueprint("safety", __name__)


@blueprint.get("/leave")
@requires(Permission.SEE_PUBLIC)
def leave() -> Response:
    """End the session, ask the browser to forget this site, go on to the neutral site that the operator set."""
    if cookie_session().session_id is not None:
        _end_session()
    answer = redirect(current_app.extensions["groupsite.settings"].exit_url)
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _end_session() -> None:
    """Nobody is held back because the database does not answer: then the browser at least forgets."""
    try:
        sign_out(now())
    except OperationalError:
        forget_records()


@blueprint.get("/help")
@requires(Permission.SEE_PUBLIC)
def help() -> str:  # noqa: A001  the endpoint's name
    return render_template("safety/help.html")
