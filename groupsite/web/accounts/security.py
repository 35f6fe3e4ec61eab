"""Change the password, see and end sessions, delete the account."""

from dataclasses import dataclass
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.devices import UNKNOWN
from groupsite.domain.permissions import Permission, Target
from groupsite.domain.sign_in_ways import WaysChange
from groupsite.domain.wording import ago_words, date_words
from groupsite.extensions import db, limiter
from groupsite.services import accounts, sessions, sign_in_changes
from groupsite.web import auth, limits
from groupsite.web.accounts.blueprint import blueprint
from groupsite.web.accounts.own import own_id
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forgetting import forget
from groupsite.web.forms.accounts import PASSWORD_HINT, DeleteForm, PasswordForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.sessions import cookie_session

Page = str | Response | tuple[str, int]
DONE = {
    "password": "Your password is changed. Every other browser is signed out. A passkey that is not yours would still open the "
    "account: please look at your ways to sign in too.",
    "sessions": "Every other browser is signed out.",
    "session": "That browser is signed out.",
    "seen": "Thank you. The list stays here for 90 days.",
}


CHANGES = {
    WaysChange.PASSKEY_ADDED: "a passkey was added",
    WaysChange.PASSKEY_REMOVED: "a passkey was removed",
    WaysChange.CODES_ON: "codes from an app were turned on",
    WaysChange.CODES_OFF: "codes from an app were turned off",
    WaysChange.LINKS_ON: "links by mail were turned on",
    WaysChange.LINKS_OFF: "links by mail were turned off",
    WaysChange.PASSWORD: "the password was changed",
    WaysChange.CAME_BACK: "a new password was set with a recovery code",
    WaysChange.ADDRESS: "an e-mail address was confirmed",
    WaysChange.ADDRESS_REMOVED: "the e-mail address was removed",
    WaysChange.PAPER_MADE: "new recovery codes were made",
}


@dataclass(frozen=True, slots=True)
class VisitView:
    """A signed-in browser, in words."""

    handle: UUID
    device: str
    when: str
    is_here: bool
    is_shared: bool


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
            here = cookie_session().session_id
            accounts.change_password(db.session(), identity, current=current, new=new, here=here, now=now())
            auth.go_on_surely(now())
            return redirect(url_for("accounts.security", done="password"), 303)
    return _security_page(form), 400


@blueprint.post("/account/security/sessions")
@requires(Permission.SEE_OWN_ACCOUNT)
def end_sessions() -> Response:
    here = cookie_session().session_id
    accounts.end_other_sessions(db.session(), authorise(Target()), here=here, now=now())
    return redirect(url_for("accounts.security", done="sessions"), 303)


@blueprint.post("/account/security/sessions/<uuid:handle>")
@requires(Permission.SEE_OWN_ACCOUNT)
def end_session(handle: UUID) -> Response:
    accounts.end_session(db.session(), authorise(Target()), handle, now=now())
    return redirect(url_for("accounts.security", done="session"), 303)


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
            return forget(redirect(url_for("accounts.sign_in", done="deleted"), 303))
    return render_template("accounts/delete.html", form=form), 400


def _security_page(form: PasswordForm) -> str:
    done = DONE.get(request.args.get("done", ""), "")
    changes = sign_in_changes.latest(db.session(), own_id(auth.viewer()))
    return render_template(
        "accounts/security.html",
        form=form,
        password_hint=PASSWORD_HINT,
        visits=_visits(),
        changes=[(date_words(one.changed_on), CHANGES[one.what]) for one in changes],
        done=done,
    )


def _visits() -> list[VisitView]:
    """The signed-in browsers of the viewer, this one first."""
    here = auth.visit()
    views = [
        VisitView(
            handle=one.handle,
            device=one.device or UNKNOWN,
            when=f"last used {ago_words(now() - one.last_seen_at)}, signed in {ago_words(now() - one.created_at)}",
            is_here=here is not None and one.handle == here.handle,
            is_shared=one.is_shared,
        )
        for one in sessions.open_visits(db.session(), auth.viewer(), now=now())
    ]
    return sorted(views, key=lambda view: not view.is_here)
