"""Is it still you? Asked before what gives the account away to whoever sits at a browser that was left signed in."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Identity, Permission, Target
from groupsite.extensions import db, limiter
from groupsite.services import accounts, passkeys
from groupsite.web import auth, limits
from groupsite.web.accounts.blueprint import blueprint
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forms.accounts import ConfirmForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.forms.sign_in_ways import PasskeyForm
from groupsite.web.next_page import next_page
from groupsite.web.passkey_page import browser_id, own_site, question_to_confirm
from groupsite.web.vault import vault

Page = str | Response | tuple[str, int]


@blueprint.get("/account/confirm")
@requires(Permission.SEE_OWN_ACCOUNT)
def confirm() -> str:
    return _confirm_page(authorise(Target()), ConfirmForm())


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
    return _confirm_page(identity, form), 400


@blueprint.post("/account/confirm/passkey")
@limiter.limit(limits.PASSWORDS_ASKED_OF_ONE_ACCOUNT, key_func=limits.account_asking, deduct_when=limits.was_refused)
@requires(Permission.SEE_OWN_ACCOUNT)
def confirm_with_passkey() -> Page:
    identity = authorise(Target())
    form, page = PasskeyForm(), ConfirmForm(formdata=None)
    with refusals_shown_on(page):
        if form.validate_on_submit():
            answer, site = form.answer.data or "", own_site()
            passkeys.confirm(
                db.session(), identity, answer, site=site, vault=vault(), session_id=browser_id(), now=now()
            )
            auth.go_on_surely(now())
            return redirect(next_page(url_for("accounts.account")), 303)
    return _confirm_page(identity, page), 400


def _confirm_page(identity: Identity, form: ConfirmForm) -> str:
    return render_template("accounts/confirm.html", form=form, question=question_to_confirm(identity))
