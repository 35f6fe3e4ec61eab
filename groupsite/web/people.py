"""Who runs a group: one more, or one less."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Permission
from groupsite.extensions import db
from groupsite.queries.groups import group_named
from groupsite.queries.manage import members_of
from groupsite.services import memberships
from groupsite.services.memberships import LastSecretary
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.members import last_secretary_page
from groupsite.web.targets import group_target

blueprint = Blueprint("people", __name__, url_prefix="/groups/<slug>/manage/people")

Page = str | Response | tuple[str, int]
DONE = {"added": "Done. They find “Run the week” on their own page now."}


@blueprint.get("")
@requires(Permission.RUN_GROUP)
def show(slug: str) -> str:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    members = members_of(db.session(), group.id, reader_id=identity.account_id)
    return render_template(
        "members/people.html",
        group=group,
        members=members,
        own=identity.in_group(group.id),
        done=DONE.get(request.args.get("done", ""), ""),
    )


@blueprint.post("")
@requires(Permission.RUN_GROUP)
def let_run(slug: str) -> Response:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    memberships.let_run(db.session(), identity, group, request.form.get("display_name", ""), now=now())
    return redirect(url_for("people.show", slug=slug, done="added"), 303)


@blueprint.post("/step-down")
@requires(Permission.RUN_GROUP)
def step_down(slug: str) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    try:
        memberships.step_down(db.session(), identity, group, anyway=request.form.get("anyway") == "yes", now=now())
    except LastSecretary:
        return last_secretary_page(group, url_for("people.step_down", slug=slug), "Step down all the same"), 409
    return redirect(url_for("home.week", done="stepped-down"), 303)
