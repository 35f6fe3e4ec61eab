"""How a member reads shares: what she is in the group, and whether content notes stand open for her."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Identity, Permission
from groupsite.extensions import db
from groupsite.models import Group, Membership
from groupsite.queries.groups import group_named
from groupsite.services import sharing
from groupsite.web.auth import authorise, requires
from groupsite.web.targets import group_target

blueprint = Blueprint("reading", __name__, url_prefix="/groups/<slug>/shares/reading")
NOBODY = UUID(int=0)


@blueprint.get("")
@requires(Permission.READ_SHARES)
def show(slug: str) -> str:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    return render_template("shares/reading.html", group=group, opens_notes=opens_notes(group, identity))


@blueprint.post("")
@requires(Permission.READ_SHARES)
def choose(slug: str) -> Response:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    sharing.open_notes(db.session(), identity, group, opens=request.form.get("notes") == "open")
    return redirect(url_for("shares.list", slug=slug, done="reading"), 303)


def own_id_in(group: Group, identity: Identity) -> UUID:
    """The id of the reader's membership."""
    belonging = identity.in_group(group.id)
    return belonging.membership_id if belonging else NOBODY


def opens_notes(group: Group, identity: Identity) -> bool:
    """Whether shares with a content note stand open for the reader. One query."""
    member = db.session().get(Membership, own_id_in(group, identity))
    return member is not None and member.opens_notes
