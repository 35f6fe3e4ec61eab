"""Ways to sign in: the overview, and passkeys."""

from dataclasses import dataclass
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.devices import UNKNOWN, device_words
from groupsite.domain.errors import InvalidInput
from groupsite.domain.permissions import Identity, Permission, Target
from groupsite.domain.wording import date_words
from groupsite.extensions import db, limiter
from groupsite.models import Passkey
from groupsite.queries.memberships import account_of
from groupsite.services import passkeys, second_step, sign_in_changes
from groupsite.services.sign_in_ways import put_off_passkey
from groupsite.web import limits
from groupsite.web.accounts.blueprint import blueprint
from groupsite.web.accounts.own import own_id
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.forms.sign_in_ways import PasskeyForm, PasskeyNameForm
from groupsite.web.next_page import next_page
from groupsite.web.passkey_page import browser_id, own_site, question_for_new
from groupsite.web.vault import vault

Page = str | Response | tuple[str, int]
DONE = {
    "added": "The passkey is here. Every other browser is signed out.",
    "renamed": "Saved.",
    "removed": "The passkey opens nothing any more. Every other browser is signed out.",
    "code-on": "From now on a code is asked for after the password. Every other browser is signed out.",
    "code-off": "No code is asked for any more. Every other browser is signed out.",
    "links-on": "A link in your mailbox can sign you in now. Every other browser is signed out.",
    "links-off": "No link signs you in any more. Every other browser is signed out.",
}


@blueprint.get("/account/ways")
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def ways() -> str:
    return _ways_page(authorise(Target()))


@blueprint.post("/account/ways/passkeys")
@limiter.limit(limits.PASSWORDS_ASKED_OF_ONE_ACCOUNT, key_func=limits.account_asking, deduct_when=limits.was_refused)
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def add_passkey() -> Page:
    identity = authorise(Target())
    form = PasskeyForm()
    try:
        if form.validate_on_submit():
            name = device_words(request.user_agent.string) or UNKNOWN
            answer, here = form.answer.data or "", browser_id()
            passkeys.add(
                db.session(), identity, answer, name=name, site=own_site(), vault=vault(), here=here, now=now()
            )
            return redirect(url_for("accounts.ways", done="added"), 303)
    except InvalidInput as error:
        return _ways_page(identity, problem=error.reason), 400
    return _ways_page(identity, problem=passkeys.NOT_ADDED), 400


@blueprint.get("/account/ways/passkeys/<uuid:passkey_id>")
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def passkey(passkey_id: UUID) -> str:
    found = passkeys.own_passkey(db.session(), authorise(Target()), passkey_id)
    return render_template("accounts/passkey.html", form=PasskeyNameForm(obj=found), passkey=found)


@blueprint.post("/account/ways/passkeys/<uuid:passkey_id>")
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def rename_passkey(passkey_id: UUID) -> Page:
    identity = authorise(Target())
    found = passkeys.own_passkey(db.session(), identity, passkey_id)
    form = PasskeyNameForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            passkeys.rename(db.session(), identity, passkey_id, form.name.data or "", now=now())
            return redirect(url_for("accounts.ways", done="renamed"), 303)
    return render_template("accounts/passkey.html", form=form, passkey=found), 400


@blueprint.post("/account/ways/passkeys/<uuid:passkey_id>/remove")
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def remove_passkey(passkey_id: UUID) -> Response:
    passkeys.remove(db.session(), authorise(Target()), passkey_id, here=browser_id(), now=now())
    return redirect(url_for("accounts.ways", done="removed"), 303)


@blueprint.post("/account/ways/later")
@requires(Permission.SEE_OWN_ACCOUNT)
def put_off() -> Response:
    """No passkey now: nobody asks for a while."""
    put_off_passkey(db.session(), authorise(Target()), now=now())
    return redirect(next_page(url_for("home.week")), 303)


@blueprint.post("/account/ways/seen")
@requires(Permission.SEE_OWN_ACCOUNT)
def seen() -> Response:
    identity = authorise(Target())
    sign_in_changes.mark_seen(db.session(), identity, own_id(identity), now=now())
    return redirect(url_for("accounts.security", done="seen"), 303)


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    """A passkey, in words."""

    id: UUID
    name: str
    days: str


def _line(one: Passkey) -> PasskeyLine:
    used = f", last used on {date_words(one.last_used_on)}" if one.last_used_on else ""
    return PasskeyLine(one.id, one.name, f"Added on {date_words(one.created_on)}{used}")


def _ways_page(identity: Identity, *, problem: str = "") -> str:
    mine = own_id(identity)
    return render_template(
        "accounts/ways.html",
        account=account_of(db.session(), mine),
        passkeys=[_line(one) for one in passkeys.passkeys_of(db.session(), mine)],
        question=question_for_new(identity),
        asks_for_code=second_step.is_on(db.session(), mine),
        problem=problem,
        done=DONE.get(request.args.get("done", ""), ""),
    )
