"""Ways in besides the password: a passkey, and the code that is asked for after the password."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Permission
from groupsite.extensions import db, limiter
from groupsite.models import Account
from groupsite.services import half_sign_in, passkeys, second_step
from groupsite.web import auth, limits
from groupsite.web.accounts.blueprint import blueprint
from groupsite.web.auth import requires
from groupsite.web.clock import now
from groupsite.web.forms.accounts import SignInForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.forms.sign_in_ways import AppCodeForm, PasskeyForm
from groupsite.web.next_page import local_page, next_page
from groupsite.web.passkey_page import browser_id, own_site, question_to_enter
from groupsite.web.sessions import cookie_session
from groupsite.web.vault import vault

Page = str | Response | tuple[str, int]
WRONG_CODE = "This is not the code. Each code works once: if you have just used this one, wait for the next."


def come_in(account: Account, *, is_shared: bool, is_sure: bool = True) -> Response:
    """Signed in; or first to the code, if the account asks for one. `is_sure` as for services/sessions.start."""
    if second_step.is_on(db.session(), account.id):
        auth.sign_in_half(account.id, now(), is_shared=is_shared, is_sure=is_sure)
        return redirect(url_for("accounts.code", next=local_page(request.args.get("next"))), 303)
    auth.sign_in(account.id, now(), is_shared=is_shared, is_sure=is_sure)
    return redirect(next_page(url_for("home.week")), 303)


def sign_in_page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form, question=question_to_enter())


@blueprint.post("/sign-in/passkey")
@limiter.limit(limits.SIGN_INS_FROM_ONE_PLACE, key_func=limits.place)
@requires(Permission.SEE_PUBLIC)
def open_with_passkey() -> Page:
    form, page = PasskeyForm(), SignInForm(formdata=None)
    with refusals_shown_on(page):
        if form.validate_on_submit():
            answer, site = form.answer.data or "", own_site()
            account = passkeys.enter(db.session(), answer, site=site, vault=vault(), session_id=browser_id(), now=now())
            auth.sign_in(account.id, now(), is_shared=form.shared.data)
            return redirect(next_page(url_for("home.week")), 303)
    return sign_in_page(page), 400


@blueprint.get("/sign-in/code")
@requires(Permission.SEE_PUBLIC)
def code() -> Page:
    if not half_sign_in.is_open(db.session(), cookie_session().session_id, now=now()):
        return render_template("accounts/code.html", form=None), 410
    form = AppCodeForm()
    if request.args.get("done") == "wrong":
        form.form_errors = [WRONG_CODE]
    return render_template("accounts/code.html", form=form)


@blueprint.post("/sign-in/code")
@limiter.limit(limits.SIGN_INS_FROM_ONE_PLACE, key_func=limits.place)
@requires(Permission.SEE_PUBLIC)
def open_with_code() -> Page:
    """A wrong code is counted, so it is no error of the request: what an error does is undone."""
    form = AppCodeForm()
    if not form.validate_on_submit():
        return redirect(url_for("accounts.code"), 303)
    here, typed = cookie_session().session_id, form.code.data or ""
    half = half_sign_in.try_code(db.session(), here, typed, vault=vault(), now=now())
    if half is not None:
        auth.sign_in(half.account_id, now(), is_shared=half.is_shared, is_sure=half.is_sure)
        return redirect(next_page(url_for("home.week")), 303)
    return redirect(url_for("accounts.code", done="wrong", next=local_page(request.args.get("next"))), 303)
