"""How messages look, when none arrives, and what each group sends."""

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Identity, Permission, Target
from groupsite.extensions import db
from groupsite.models import Membership
from groupsite.queries.memberships import account_of, my_memberships
from groupsite.services import accounts, stopping, suppression
from groupsite.services.lock_screen import lock_screen
from groupsite.tasks.jobs import desk_of
from groupsite.web.accounts.blueprint import blueprint
from groupsite.web.accounts.own import own_id
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forms.accounts import RemindersForm, reminders_form
from groupsite.web.forms.members import LEADS
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.vault import vault

Page = str | Response | tuple[str, int]
DONE = {
    "saved": "Saved. It counts for every message from now on.",
    "never": "From now on nothing is sent to you, whatever you choose below. Your choices are kept.",
    "again": "Mail comes again as you chose it below.",
    "stopped": "All mail is stopped. Your groups and your calendars are as they were.",
}


@blueprint.get("/account/reminders")
@requires(Permission.SEE_OWN_ACCOUNT)
def reminders() -> str:
    identity = authorise(Target())
    account = account_of(db.session(), own_id(identity))
    return _reminders_page(identity, reminders_form(account))


@blueprint.post("/account/reminders")
@requires(Permission.SEE_OWN_ACCOUNT)
def set_reminders() -> Page:
    identity = authorise(Target())
    form = RemindersForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            accounts.set_reminder_wishes(db.session(), identity, form.wishes(), now=now())
            return redirect(url_for("accounts.reminders", done="saved"), 303)
    return _reminders_page(identity, form), 400


@blueprint.post("/account/reminders/safe")
@requires(Permission.SEE_OWN_ACCOUNT)
def still_safe() -> Response:
    accounts.say_still_safe(db.session(), authorise(Target()), now=now())
    return redirect(url_for("home.week", done="safe"), 303)


@blueprint.post("/account/reminders/stop")
@requires(Permission.SEE_OWN_ACCOUNT)
def stop_all_mail() -> Response:
    identity = authorise(Target())
    stopping.stop_own_mail(db.session(), identity, account_of(db.session(), own_id(identity)), now=now())
    return redirect(url_for("accounts.reminders", done="stopped"), 303)


@blueprint.post("/account/reminders/never")
@requires(Permission.SEE_OWN_ACCOUNT)
def never_contact() -> Response:
    """Its own button: no other choice on the page changes it."""
    identity = authorise(Target())
    account = account_of(db.session(), own_id(identity))
    is_on = request.form.get("never") == "yes"
    stopping.never_contact(db.session(), identity, account, is_on=is_on, now=now())
    return redirect(url_for("accounts.reminders", done="never" if is_on else "again"), 303)


def _reminders_page(identity: Identity, form: RemindersForm) -> str:
    account = account_of(db.session(), own_id(identity))
    mine = my_memberships(db.session(), account.id)
    return render_template(
        "accounts/reminders.html",
        form=form,
        account=account,
        stopped=suppression.why_stopped(db.session(), account, vault()),
        groups=[(group, _chosen(member)) for member, group in mine],
        is_sent_mail=any(member.lead_minutes or member.wants_invites for member, _ in mine),
        screen=lock_screen(db.session(), account, desk_of(current_app), now=now()),
        done=DONE.get(request.args.get("done", ""), ""),
    )


def _chosen(member: Membership) -> str:
    """What this group sends, in words."""
    leads = [LEADS.get(lead, f"{lead} minutes before") for lead in member.lead_minutes]
    invites = ["invitations by mail"] if member.wants_invites else []
    return ", ".join([*leads, *invites]) or "Nothing is sent"
