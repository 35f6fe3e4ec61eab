"""Join a group under a name, choose what it sends, leave."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.exposures import in_display_name
from groupsite.domain.permissions import Permission
from groupsite.domain.wording import date_words
from groupsite.domain.words import MembershipState
from groupsite.extensions import db, limiter
from groupsite.models import Group
from groupsite.queries.groups import group_named
from groupsite.queries.joining import own_request
from groupsite.queries.memberships import enrolment_problem, membership_of
from groupsite.services import joining, memberships
from groupsite.services.memberships import LastSecretary
from groupsite.web import limits
from groupsite.web.auth import authorise, requires, viewer
from groupsite.web.clock import now
from groupsite.web.forms.members import GroupRemindersForm, JoinForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.second_look import SecondLook, second_look
from groupsite.web.targets import group_target
from groupsite.web.vault import vault

blueprint = Blueprint("members", __name__, url_prefix="/groups/<slug>")

Page = str | Response | tuple[str, int]
DONE = {
    "joined": "You are in. Nothing is sent to you unless you choose it here.",
    "saved": "Saved.",
}


@blueprint.get("/join")
@requires(Permission.JOIN_GROUP)
def join(slug: str) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    if identity.in_group(group.id):
        return redirect(url_for("groups.show", slug=slug))
    asked = own_request(db.session(), identity.account_id, group.id, today=now().date())
    if asked:
        return render_template("members/asked.html", group=group, asked=asked, again=date_words(asked.again_on))
    if not identity.belongings and "read" not in request.args:
        return render_template("members/before_join.html", group=group)
    return _join_page(group, JoinForm())


@blueprint.post("/join")
@limiter.limit(
    limits.REFUSED_AT_THE_DOOR_FROM_ONE_ACCOUNT, key_func=limits.account_asking, deduct_when=limits.was_refused
)
@limiter.limit(limits.REFUSED_AT_THE_DOOR_FROM_ONE_PLACE, key_func=limits.place, deduct_when=limits.was_refused)
@requires(Permission.JOIN_GROUP)
def join_now(slug: str) -> Page:
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    form = JoinForm()
    with refusals_shown_on(form, conflicts_on="display_name"):
        if form.validate_on_submit():
            look = second_look(in_display_name(form.display_name.data or ""))
            return (_join_page(group, form, look), 409) if look else _come_in(group, form)
    return _join_page(group, form), 400


def _come_in(group: Group, form: JoinForm) -> Response:
    name, code = form.display_name.data or "", form.code.data or ""
    member = joining.join(db.session(), viewer(), group, name, code=code, vault=vault(), now=now())
    if member.state is MembershipState.ACTIVE:
        return redirect(url_for("members.reminders", slug=group.slug, done="joined"), 303)
    return redirect(url_for("members.join", slug=group.slug), 303)


@blueprint.post("/join/take-back")
@requires(Permission.JOIN_GROUP)
def take_back(slug: str) -> Response:
    group = group_named(db.session(), slug)
    joining.take_back(db.session(), authorise(group_target(group)), group, now=now())
    return redirect(url_for("home.week", done="taken-back"), 303)


@blueprint.post("/leave")
@requires(Permission.LEAVE_GROUP)
def leave(slug: str) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    try:
        memberships.leave(db.session(), identity, group, anyway=request.form.get("anyway") == "yes", now=now())
    except LastSecretary:
        return last_secretary_page(group, url_for("members.leave", slug=slug), "Leave all the same"), 409
    return redirect(url_for("home.week", done="left"), 303)


@blueprint.get("/reminders")
@requires(Permission.CHOOSE_REMINDERS)
def reminders(slug: str) -> str:
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    member, _ = membership_of(db.session(), viewer().account_id, group.id)
    chosen = [str(lead) for lead in member.lead_minutes]
    return _reminders_page(group, GroupRemindersForm(leads=chosen, wants_invites=member.wants_invites))


@blueprint.post("/reminders")
@requires(Permission.CHOOSE_REMINDERS)
def choose_reminders(slug: str) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    form = GroupRemindersForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            leads, invites = form.chosen_leads(), bool(form.wants_invites.data)
            memberships.choose_reminders(db.session(), identity, group, leads=leads, wants_invites=invites, now=now())
            return redirect(url_for("members.reminders", slug=slug, done="saved"), 303)
    return _reminders_page(group, form), 400


def last_secretary_page(group: Group, action: str, label: str) -> str:
    """Asks once more; the button sends `anyway=yes` to `action`."""
    return render_template("members/last_secretary.html", group=group, action=action, label=label)


def _join_page(group: Group, form: JoinForm, look: SecondLook | None = None) -> str:
    problem = enrolment_problem(db.session(), group, now=now())
    return render_template("members/join.html", group=group, form=form, problem=problem, look=look)


def _reminders_page(group: Group, form: GroupRemindersForm) -> str:
    member, account = membership_of(db.session(), viewer().account_id, group.id)
    return render_template(
        "members/reminders.html",
        group=group,
        form=form,
        display_name=member.display_name,
        has_address=account.email_confirmed_at is not None,
        never_contact=account.never_contact,
        done=DONE.get(request.args.get("done", ""), ""),
    )
