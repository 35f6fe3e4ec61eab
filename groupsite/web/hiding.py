"""Hide from somebody in two taps; see whom one hides from, and take it back."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Permission
from groupsite.extensions import db
from groupsite.models import Group, Membership
from groupsite.queries.apart import hidden_by
from groupsite.queries.groups import group_named
from groupsite.queries.shares import share_of
from groupsite.services import hiding
from groupsite.web.accounts.own import own_id
from groupsite.web.auth import authorise, requires, viewer
from groupsite.web.clock import now
from groupsite.web.targets import group_target

blueprint = Blueprint("hiding", __name__, url_prefix="/groups/<slug>")

Page = str | Response
DONE = {
    "hidden": "Done. From now on you do not see each other here. Nobody was told.",
    "shown": "Taken back. Nobody was told.",
}


@blueprint.get("/hidden", endpoint="list")
@requires(Permission.KEEP_APART)
def show_list(slug: str) -> str:
    group = group_named(db.session(), slug)
    mine = own_id(authorise(group_target(group)))
    hidden = hidden_by(db.session(), mine, group.id)
    done = DONE.get(request.args.get("done", ""), "")
    return render_template("hiding/list.html", group=group, hidden=hidden, done=done)


@blueprint.post("/hidden/<uuid:hiding_id>/undo")
@requires(Permission.KEEP_APART)
def undo(slug: str, hiding_id: UUID) -> Response:
    group = group_named(db.session(), slug)
    hiding.show_again(db.session(), authorise(group_target(group)), group, hiding_id)
    return redirect(url_for("hiding.list", slug=slug, done="shown"), 303)


@blueprint.get("/shares/<uuid:share_id>/hide")
@requires(Permission.KEEP_APART)
def from_author(slug: str, share_id: UUID) -> str:
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    _, author = share_of(db.session(), group.id, share_id, reader=viewer(), now=now())
    return _question(group, author, url_for("shares.list", slug=slug))


@blueprint.post("/shares/<uuid:share_id>/hide")
@requires(Permission.KEEP_APART)
def hide_from_author(slug: str, share_id: UUID) -> Response:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    _, author = share_of(db.session(), group.id, share_id, reader=identity, now=now())
    hiding.hide_from(db.session(), identity, author)
    return redirect(url_for("hiding.list", slug=slug, done="hidden"), 303)


@blueprint.post("/manage/people/hide")
@requires(Permission.RUN_GROUP)
def hide_from_member(slug: str) -> Page:
    """From the list of members, which those who run the group have: asked first, done with `sure=yes`."""
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    member = hiding.member_called(db.session(), identity, group, request.form.get("display_name", ""))
    if request.form.get("sure") != "yes":
        return _question(group, member, url_for("people.show", slug=slug))
    hiding.hide_from(db.session(), identity, member)
    return redirect(url_for("hiding.list", slug=slug, done="hidden"), 303)


def _question(group: Group, member: Membership, back_href: str) -> str:
    return render_template("hiding/ask.html", group=group, member=member, back_href=back_href)
