"""How the group writes, and who looks at shares: chosen by those who run it."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Identity, Permission
from groupsite.extensions import db
from groupsite.models import Group
from groupsite.queries.groups import group_named
from groupsite.queries.share_queue import share_readers
from groupsite.services import sharing
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.forms.shares import SharingForm
from groupsite.web.targets import group_target

blueprint = Blueprint("sharing", __name__, url_prefix="/groups/<slug>/manage/sharing")

Page = str | Response | tuple[str, int]
DONE = {
    "saved": "Saved. What waits already goes on waiting.",
    "appointed": "Done. They find “Shares to look at” beside the shares now.",
    "released": "Done. They look at shares no longer.",
}


@blueprint.get("")
@requires(Permission.RUN_GROUP)
def show(slug: str) -> str:
    group = group_named(db.session(), slug)
    return _page(group, authorise(group_target(group)), SharingForm.of(group.sharing))


@blueprint.post("")
@requires(Permission.RUN_GROUP)
def choose(slug: str) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    form = SharingForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            sharing.choose(db.session(), identity, group, form.sharing(), now=now())
            return redirect(url_for("sharing.show", slug=slug, done="saved"), 303)
    return _page(group, identity, form), 400


@blueprint.post("/readers")
@requires(Permission.RUN_GROUP)
def appoint(slug: str) -> Response:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    sharing.appoint_reader(db.session(), identity, group, request.form.get("display_name", ""), now=now())
    return redirect(url_for("sharing.show", slug=slug, done="appointed"), 303)


@blueprint.post("/readers/release")
@requires(Permission.RUN_GROUP)
def release(slug: str) -> Response:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    sharing.release_reader(db.session(), identity, group, request.form.get("display_name", ""), now=now())
    return redirect(url_for("sharing.show", slug=slug, done="released"), 303)


def _page(group: Group, identity: Identity, form: SharingForm) -> str:
    readers = share_readers(db.session(), group.id, reader=identity)
    done = DONE.get(request.args.get("done", ""), "")
    return render_template("manage/sharing.html", group=group, form=form, readers=readers, done=done)
