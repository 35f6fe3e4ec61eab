"""Codes from an app: set up with a picture or by hand, confirmed with a code, turned off."""

from io import BytesIO

import segno
from flask import Response as Bytes
from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from groupsite.domain import totp
from groupsite.domain.errors import NotFound
from groupsite.domain.permissions import Identity, Permission, Target
from groupsite.extensions import db, limiter
from groupsite.queries.memberships import account_of
from groupsite.services import recovery, second_step
from groupsite.web import limits
from groupsite.web.accounts.blueprint import blueprint
from groupsite.web.accounts.own import own_id
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.forms.sign_in_ways import AppCodeForm
from groupsite.web.passkey_page import browser_id, own_site
from groupsite.web.vault import vault

Page = str | Response | tuple[str, int]
PIXELS, MARGIN = 6, 4
"""Of each square, and squares around the picture."""
NOTHING_TO_SHOW = "There is nothing to set up. Begin on the page “Ways to sign in”."


@blueprint.post("/account/ways/code/begin")
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def begin_code() -> Response:
    second_step.begin(db.session(), authorise(Target()), vault=vault(), now=now())
    return redirect(url_for("accounts.set_up_code"), 303)


@blueprint.get("/account/ways/code")
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def set_up_code() -> Page:
    identity = authorise(Target())
    secret = second_step.secret_to_show(db.session(), own_id(identity), vault())
    if secret is None:
        return redirect(url_for("accounts.ways"), 303)
    return _set_up_page(identity, AppCodeForm(), secret)


@blueprint.post("/account/ways/code")
@limiter.limit(limits.PASSWORDS_ASKED_OF_ONE_ACCOUNT, key_func=limits.account_asking, deduct_when=limits.was_refused)
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def confirm_code() -> Page:
    identity = authorise(Target())
    form = AppCodeForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            typed, here = form.code.data or "", browser_id()
            second_step.confirm(db.session(), identity, typed, vault=vault(), here=here, now=now())
            return redirect(url_for("accounts.ways", done="code-on"), 303)
    return _set_up_page(identity, form, second_step.secret_to_show(db.session(), own_id(identity), vault())), 400


@blueprint.post("/account/ways/code/off")
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def turn_code_off() -> Response:
    second_step.turn_off(db.session(), authorise(Target()), here=browser_id(), now=now())
    return redirect(url_for("accounts.ways", done="code-off"), 303)


@blueprint.get("/account/ways/code.png")
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def code_picture() -> Bytes:
    """The same secret for the camera of her telephone. Raises NotFound once the code counts."""
    identity = authorise(Target())
    secret = second_step.secret_to_show(db.session(), own_id(identity), vault())
    if secret is None:
        raise NotFound(NOTHING_TO_SHOW)
    written = BytesIO()
    address = totp.as_address(secret, issuer=own_site().name, login=identity.login)
    segno.make(address, micro=False).save(written, kind="png", scale=PIXELS, border=MARGIN)
    return Bytes(written.getvalue(), mimetype="image/png")


def _set_up_page(identity: Identity, form: AppCodeForm, secret: bytes | None) -> str:
    left = recovery.codes_left(db.session(), account_of(db.session(), own_id(identity)))
    letters = totp.as_text(secret) if secret else ""
    return render_template("accounts/code_set_up.html", form=form, letters=letters, codes_left=left)
