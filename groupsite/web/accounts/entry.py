"""Sign up, sign in, sign out, and the overview."""

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Permission, Target
from groupsite.extensions import db, limiter
from groupsite.queries.memberships import account_of, my_memberships
from groupsite.services import accounts
from groupsite.services.sign_up import sign_up as open_account
from groupsite.web import auth, limits
from groupsite.web.accounts.blueprint import blueprint
from groupsite.web.accounts.coming_in import come_in, sign_in_page
from groupsite.web.accounts.own import own_id
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forgetting import forget
from groupsite.web.forms.accounts import PASSWORD_HINT, SignInForm, SignUpForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.next_page import next_page
from groupsite.web.vault import vault

Page = str | Response | tuple[str, int]
WRONG_PAIR = "The sign-in name and the password do not belong together."


@blueprint.get("/sign-up")
@requires(Permission.SEE_PUBLIC)
def sign_up() -> str:
    return render_template("accounts/sign_up.html", form=SignUpForm(), password_hint=PASSWORD_HINT)


@blueprint.post("/sign-up")
@limiter.limit(limits.SIGN_UPS_FROM_ONE_PLACE, key_func=limits.place)
@requires(Permission.SEE_PUBLIC)
def create() -> Page:
    form = SignUpForm()
    with refusals_shown_on(form, conflicts_on="login"):
        if form.validate_on_submit():
            fields = {name: form[name].data for name in ("login", "password", "email")}
            account = open_account(db.session(), **fields, is_adult=form.adult.data, vault=vault(), now=now())
            auth.sign_in(account.id, now(), is_shared=form.shared.data)
            return redirect(next_page(url_for("home.week", done="welcome")), 303)
    return render_template("accounts/sign_up.html", form=form, password_hint=PASSWORD_HINT), 400


@blueprint.get("/sign-in")
@requires(Permission.SEE_PUBLIC)
def sign_in() -> Page:
    """After a time-out the browser is asked to forget the pages that it has shown."""
    page = sign_in_page(SignInForm())
    return forget(make_response(page)) if request.args.get("done") == "idle" else page


@blueprint.post("/sign-in")
@limiter.limit(limits.SIGN_INS_FROM_ONE_PLACE, key_func=limits.place)
@limiter.limit(limits.WRONG_SIGN_INS_FOR_ONE_LOGIN, key_func=limits.login_tried, deduct_when=limits.was_refused)
@requires(Permission.SEE_PUBLIC)
def open_session() -> Page:
    form = SignInForm()
    if form.validate_on_submit():
        account = accounts.check_sign_in(db.session(), form.login.data or "", form.password.data or "")
        if account is not None:
            return come_in(account, is_shared=form.shared.data)
    form.form_errors = [WRONG_PAIR]
    return sign_in_page(form), 400


@blueprint.post("/sign-out")
@requires(Permission.SEE_PUBLIC)
def sign_out() -> Response:
    """`idle` is sent by the page on screen when nothing was sent for as long as the visit lasts."""
    auth.sign_out(now())
    place = url_for("accounts.sign_in", done="idle") if request.form.get("idle") else "/"
    return forget(make_response(redirect(place, 303)))


@blueprint.get("/account")
@requires(Permission.SEE_OWN_ACCOUNT)
def account() -> str:
    identity = authorise(Target())
    mine = my_memberships(db.session(), own_id(identity))
    return render_template(
        "accounts/account.html", account=account_of(db.session(), own_id(identity)), memberships=mine
    )
