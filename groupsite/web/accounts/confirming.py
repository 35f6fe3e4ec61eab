"""Is it still you? Asked before what gives the account away to whoever sits at a browser that was left signed in."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Permission, Target
from groupsite.extensions import db, limiter
from groupsite.services import accounts
from groupsite.web import auth, limits
from groupsite.web.accounts.blueprint import blueprint
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forms.accounts import ConfirmForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.next_page import next_page

Page = str | Response | tuple[str, int]


@blueprint.get("/account/confirm")
@requires(Permission.SEE_OWN_ACCOUNT)
def confirm() -> str:
    authorise(Target())
    return render_template("accounts/confirm.html", form=ConfirmForm())


@blueprint.post("/account/confirm")
@limiter.limit(limits.PASSWORDS_ASKED_OF_ONE_ACCOUNT, key_func=limits.account_asking, deduct_when=limits.was_refused)
@requires(Permission.SEE_OWN_ACCOUNT)
def confirm_now() -> Page:
    identity = authorise(Target())
    form = ConfirmForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            accounts.show_again(db.session(), identity, form.password.data or "")
            auth.go_on_surely(now())
            return redirect(next_page(url_for("accounts.account")), 303)
    return render_template("accounts/confirm.html", form=form), 400
