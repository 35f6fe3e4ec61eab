"""Change the password, end other sessions, delete the account."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Permission, Target
from groupsite.extensions import db, limiter
from groupsite.services import accounts
from groupsite.web import auth, limits
from groupsite.web.accounts.blueprint import blueprint
from groupsite.web.accounts.own import own_id
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forms.accounts import PASSWORD_HINT, DeleteForm, PasswordForm
from groupsite.web.forms.refusals import refusals_shown_on

Page = str | Response | tuple[str, int]
DONE = {
    "password": "Your password is changed. Every other browser is signed out.",
    "sessions": "Every other browser is signed out.",
}


@blueprint.get("/account/security")
@requires(Permission.SEE_OWN_ACCOUNT)
def security() -> str:
    authorise(Target())
    return _security_page(PasswordForm())


@blueprint.post("/account/security")
@limiter.limit(limits.PASSWORDS_ASKED_OF_ONE_ACCOUNT, key_func=limits.account_asking, deduct_when=limits.was_refused)
@requires(Permission.SEE_OWN_ACCOUNT)
def change_password() -> Page:
    identity = authorise(Target())
    form = PasswordForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            current, new = form.current.data or "", form.new.data or ""
            accounts.change_password(db.session(), identity, current=current, new=new, now=now())
            auth.sign_in(own_id(identity), now())
            return redirect(url_for("accounts.security", done="password"), 303)
    return _security_page(form), 400


@blueprint.post("/account/security/sessions")
@requires(Permission.SEE_OWN_ACCOUNT)
def end_sessions() -> Response:
    identity = authorise(Target())
    accounts.end_sessions(db.session(), identity, now=now())
    auth.sign_in(own_id(identity), now())
    return redirect(url_for("accounts.security", done="sessions"), 303)


@blueprint.get("/account/delete")
@requires(Permission.SEE_OWN_ACCOUNT)
def delete() -> str:
    authorise(Target())
    return render_template("accounts/delete.html", form=DeleteForm())


@blueprint.post("/account/delete")
@limiter.limit(limits.PASSWORDS_ASKED_OF_ONE_ACCOUNT, key_func=limits.account_asking, deduct_when=limits.was_refused)
@requires(Permission.SEE_OWN_ACCOUNT)
def delete_now() -> Page:
    identity = authorise(Target())
    form = DeleteForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            accounts.delete_account(db.session(), identity, password=form.password.data or "", now=now())
            auth.sign_out(now())
            answer = redirect(url_for("accounts.sign_in", done="deleted"), 303)
            answer.headers["Clear-Site-Data"] = '"cache", "storage"'
            return answer
    return render_template("accounts/delete.html", form=form), 400


def _security_page(form: PasswordForm) -> str:
    done = DONE.get(request.args.get("done", ""), "")
    return render_template("accounts/security.html", form=form, password_hint=PASSWORD_HINT, done=done)
