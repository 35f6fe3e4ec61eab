"""The clocks of tonight on a second telephone, by a code that the chair shows: no sign-in, no group, no names."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from groupsite.domain.errors import NotFound
from groupsite.domain.permissions import Permission
from groupsite.domain.run_sheet import code_as_kept
from groupsite.domain.tokens import token_hash
from groupsite.extensions import db, limiter
from groupsite.queries.run_sheets import NO_CODE, Meeting, sheet_with_code
from groupsite.web import limits
from groupsite.web.auth import requires
from groupsite.web.clock import now
from groupsite.web.sheet_view import as_json, sheet_view, state_of

blueprint = Blueprint("second_phone", __name__, url_prefix="/clock")
counted = limiter.shared_limit(
    limits.CODES_TRIED_FROM_ONE_PLACE, scope="clock", key_func=limits.place, deduct_when=limits.was_refused
)
counted_apart = limiter.shared_limit(
    limits.CODES_TRIED_FROM_ONE_PLACE, scope="clock state", key_func=limits.place, deduct_when=limits.was_refused
)
"""So that somebody who mistypes a code does not stop the telephone beside it, whose page asks by itself."""


@blueprint.after_request
def keep_to_yourself(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("")
@requires(Permission.SEE_PUBLIC)
def enter() -> str:
    return render_template("run_sheet/enter.html", problem="")


@blueprint.post("")
@counted
@requires(Permission.SEE_PUBLIC)
def use() -> AnyResponse | tuple[str, int]:
    letters = code_as_kept(request.form.get("code", ""))
    try:
        _meeting(letters)
    except NotFound as error:
        return render_template("run_sheet/enter.html", problem=error.message), 404
    return redirect(url_for("second_phone.show", letters=letters), 303)


@blueprint.get("/<letters>")
@counted
@requires(Permission.SEE_PUBLIC)
def show(letters: str) -> str:
    view = sheet_view(_meeting(letters), (), now(), with_names=False)
    state_href = url_for("second_phone.state", letters=letters)
    return render_template("run_sheet/clock.html", view=view, state_href=state_href)


@blueprint.get("/<letters>/state")
@counted_apart
@requires(Permission.SEE_PUBLIC)
def state(letters: str) -> AnyResponse:
    """One query, every second."""
    return as_json(state_of(_meeting(letters), now(), with_names=False))


def _meeting(letters: str) -> Meeting:
    """Raises NotFound."""
    if not letters:
        raise NotFound(NO_CODE)
    return sheet_with_code(db.session(), token_hash(code_as_kept(letters)), now=now())
