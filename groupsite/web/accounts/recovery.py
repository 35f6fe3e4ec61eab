"""Recovery codes: make them, and come back with one."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Permission, Target
from groupsite.extensions import db, limiter
from groupsite.queries.memberships import account_of
from groupsite.services import recovery
from groupsite.web import auth, limits
from groupsite.web.accounts.blueprint import blueprint
from groupsite.web.accounts.own import own_id
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forms.accounts import PASSWORD_HINT, RecoverForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.sessions import cookie_session

Page = str | Response | tuple[str, int]


@blueprint.get("/account/codes")
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def codes() -> str:
    identity = authorise(Target())
    left = recovery.codes_left(db.session(), account_of(db.session(), own_id(identity)))
    return render_template("accounts/codes.html", codes=(), left=left)


@blueprint.post("/account/codes")
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def make_codes() -> str:
    made = recovery.make_codes(db.session(), authorise(Target()), now=now(), here=cookie_session().session_id)
    return render_template("accounts/codes.html", codes=made)


@blueprint.get("/sign-in/recover")
@requires(Permission.SEE_PUBLIC)
def recover() -> str:
    return render_template("accounts/recover.html", form=RecoverForm(), password_hint=PASSWORD_HINT)


@blueprint.post("/sign-in/recover")
@limiter.limit(limits.SIGN_INS_FROM_ONE_PLACE, key_func=limits.place)
@limiter.limit(limits.WRONG_SIGN_INS_FOR_ONE_LOGIN, key_func=limits.login_tried, deduct_when=limits.was_refused)
@requires(Permission.SEE_PUBLIC)
def recover_now() -> Page:
    form = RecoverForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            fields = {name: form[name].data or "" for name in ("login", "code", "new")}
            account = recovery.recover(db.session(), **fields, now=now())
            auth.sign_in(account.id, now(), is_shared=form.shared.data)
            return redirect(url_for("home.week"), 303)
    return render_template("accounts/recover.html", form=form, password_hint=PASSWORD_HINT), 400
