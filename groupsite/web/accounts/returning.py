"""Take a hidden account back."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Permission
from groupsite.extensions import db, limiter
from groupsite.services import returning
from groupsite.web import auth, limits
from groupsite.web.accounts.blueprint import blueprint
from groupsite.web.auth import requires
from groupsite.web.clock import now
from groupsite.web.forms.disappearing import ReturnForm
from groupsite.web.forms.refusals import refusals_shown_on

Page = str | Response | tuple[str, int]


@blueprint.get("/sign-in/return")
@requires(Permission.SEE_PUBLIC)
def come_back() -> str:
    return render_template("accounts/come_back.html", form=ReturnForm())


@blueprint.post("/sign-in/return")
@limiter.limit(limits.SIGN_INS_FROM_ONE_PLACE, key_func=limits.place)
@limiter.limit(limits.WRONG_SIGN_INS_FOR_ONE_LOGIN, key_func=limits.login_tried, deduct_when=limits.was_refused)
@requires(Permission.SEE_PUBLIC)
def come_back_now() -> Page:
    form = ReturnForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            fields = {name: form[name].data or "" for name in ("login", "password", "code")}
            account = returning.come_back(db.session(), **fields, now=now())
            auth.sign_in(account.id, now(), is_shared=form.shared.data)
            return redirect(url_for("home.week", done="back"), 303)
    return render_template("accounts/come_back.html", form=form), 400
