"""Stop mail from one group, or all of it, from the mail itself: no sign-in, no cookie, no reason (RFC 8058)."""

from flask import Blueprint, render_template

from groupsite.domain.permissions import Permission
from groupsite.extensions import csrf, db
from groupsite.services import stopping
from groupsite.web.auth import requires
from groupsite.web.clock import now

blueprint = Blueprint("unsubscribe", __name__)


@blueprint.get("/u/<token>")
@requires(Permission.SEE_PUBLIC)
def show(token: str) -> str:
    """Changes nothing: mail scanners follow links."""
    return render_template("unsubscribe/show.html", token=token, done="")


@blueprint.get("/u/<token>/all")
@requires(Permission.SEE_PUBLIC)
def show_all(token: str) -> str:
    return show(token)


@blueprint.post("/u/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF ships no types
@requires(Permission.SEE_PUBLIC)
def stop(token: str) -> str:
    """The same answer for every token, so that none can be guessed by asking."""
    stopping.stop_mail(db.session(), token, now=now())
    return render_template("unsubscribe/show.html", token=token, done="these")


@blueprint.post("/u/<token>/all")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF ships no types
@requires(Permission.SEE_PUBLIC)
def stop_all(token: str) -> str:
    stopping.stop_mail(db.session(), token, everything=True, now=now())
    return render_template("unsubscribe/show.html", token=token, done="all")
