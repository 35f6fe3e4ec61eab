"""The e-mail address: set, confirmed by the link that was sent to it, removed."""

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Permission, Target
from groupsite.extensions import db, limiter
from groupsite.models import Account
from groupsite.queries.deliveries import link_came_back
from groupsite.queries.memberships import account_of
from groupsite.services import addresses, suppression
from groupsite.web import limits
from groupsite.web.accounts.blueprint import blueprint
from groupsite.web.accounts.own import own_id
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forms.accounts import AddressForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.sessions import cookie_session
from groupsite.web.vault import vault

Page = str | Response | tuple[str, int]
DONE = {
    "sent": "A link is on its way to that address and works for 24 hours. Until you use it, nothing else is sent.",
    "removed": "The address is gone. No mail will be sent.",
}


@blueprint.get("/account/email")
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def email() -> str:
    identity = authorise(Target())
    return _address_page(AddressForm(), account_of(db.session(), own_id(identity)))


@blueprint.post("/account/email")
@limiter.limit(limits.LINKS_SENT_FOR_ONE_ACCOUNT, key_func=limits.account_asking)
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def set_email() -> Page:
    identity = authorise(Target())
    form = AddressForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            addresses.ask(db.session(), identity, form.email.data or "", vault=vault(), now=now())
            return redirect(url_for("accounts.email", done="sent"), 303)
    return _address_page(form, account_of(db.session(), own_id(identity))), 400


@blueprint.post("/account/email/remove")
@requires(Permission.SEE_OWN_ACCOUNT)
def remove_email() -> Response:
    addresses.remove(db.session(), authorise(Target()), here=cookie_session().session_id, now=now())
    return redirect(url_for("accounts.email", done="removed"), 303)


@blueprint.get("/account/email/<token>")
@requires(Permission.SEE_PUBLIC)
def confirm_email(token: str) -> Response:
    """Shows a button and changes nothing: mail programs open links by themselves."""
    addresses.check_link(db.session(), token, now=now())
    answer = make_response(render_template("accounts/confirm_email.html", is_confirmed=False))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@blueprint.post("/account/email/<token>")
@requires(Permission.SEE_PUBLIC)
def confirm_email_now(token: str) -> str:
    here = cookie_session().session_id
    addresses.confirm(db.session(), token, here=here, vault=vault(), now=now())
    return render_template("accounts/confirm_email.html", is_confirmed=True)


def _address_page(form: AddressForm, account: Account) -> str:
    done = DONE.get(request.args.get("done", ""), "")
    address = vault().open(account.email_sealed) if account.email_sealed else None
    return render_template(
        "accounts/email.html",
        form=form,
        done=done,
        shown_address=_veiled(address or ""),
        stopped=suppression.why_stopped(db.session(), account, vault()),
        link_came_back=link_came_back(db.session(), account.id),
    )


def _veiled(address: str) -> str:
    """`c…@example.org`: enough for its owner, little for whoever looks over a shoulder."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}…@{host}" if host else ""
