"""What waits to be looked at: keep it, or return it under a guideline. No words to the author, and no word changed."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Identity, Permission
from groupsite.domain.share_states import Guideline
from groupsite.extensions import db
from groupsite.models import Group
from groupsite.queries.groups import group_named
from groupsite.queries.share_queue import queue_of, waiting_share
from groupsite.services import share_reading, sharing
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forms.shares import GUIDELINE_NAMES, GUIDELINES, REASONS
from groupsite.web.member_text import safe
from groupsite.web.share_pages import FOR_WHOM
from groupsite.web.targets import group_target
from groupsite.web.vault import vault

blueprint = Blueprint("share_queue", __name__, url_prefix="/groups/<slug>/manage/shares")
Page = str | Response | tuple[str, int]
_GUIDELINES = {one.value: one for one in Guideline}
DONE = {"kept": "It is shown now.", "returned": "It is back with its author, who sees the guideline and no name."}


@blueprint.get("")
@requires(Permission.LOOK_AT_SHARES)
def show(slug: str) -> str:
    group = group_named(db.session(), slug)
    return _page(group, authorise(group_target(group)))


@blueprint.post("/<uuid:share_id>/keep")
@requires(Permission.LOOK_AT_SHARES)
def keep(slug: str, share_id: UUID) -> Response:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    share = waiting_share(db.session(), group.id, share_id, reader=identity, now=now())
    share_reading.keep(db.session(), identity, share, now=now())
    return redirect(url_for("share_queue.show", slug=slug, done="kept"), 303)


@blueprint.post("/<uuid:share_id>/return")
@requires(Permission.LOOK_AT_SHARES)
def give_back(slug: str, share_id: UUID) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    share = waiting_share(db.session(), group.id, share_id, reader=identity, now=now())
    guideline = _GUIDELINES.get(request.form.get("guideline", ""))
    if guideline is None:
        return _page(group, identity, is_without_guideline=True), 400
    share_reading.give_back(db.session(), identity, share, guideline, vault=vault(), now=now())
    return redirect(url_for("share_queue.show", slug=slug, done="returned"), 303)


@blueprint.post("/stop")
@requires(Permission.LOOK_AT_SHARES)
def stop(slug: str) -> Response:
    group = group_named(db.session(), slug)
    sharing.stop_reading(db.session(), authorise(group_target(group)), group, now=now())
    return redirect(url_for("home.week", done="stepped-down"), 303)


def _page(group: Group, identity: Identity, *, is_without_guideline: bool = False) -> str:
    waiting, has_more = queue_of(db.session(), group.id, reader=identity, now=now())
    return render_template(
        "shares/queue.html",
        group=group,
        waiting=[(share, safe(share.body), FOR_WHOM[share.audience]) for share in waiting],
        has_more=has_more,
        reasons=REASONS,
        guidelines=GUIDELINES,
        guideline_names=GUIDELINE_NAMES,
        is_without_guideline=is_without_guideline,
        done=DONE.get(request.args.get("done", ""), ""),
    )
