"""What came back to its author: mended and sent again, or looked at by a second person. Nobody else opens these pages."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from groupsite.domain.errors import Conflict
from groupsite.domain.permissions import Identity, Permission
from groupsite.domain.share_states import ShareState
from groupsite.domain.shares import ShareWords
from groupsite.extensions import db, limiter
from groupsite.models import Group, WrittenShare
from groupsite.queries.own_shares import one_of_group
from groupsite.queries.shares import NO_SHARE
from groupsite.services import shares
from groupsite.web import limits
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.share_form import Page, WritingPage, answer_to
from groupsite.web.targets import group_at, group_target
from groupsite.web.vault import vault

blueprint = Blueprint("own_shares", __name__, url_prefix="/groups/<slug>/shares/<uuid:share_id>")
NOT_BACK = "These words did not come back to you. You can take them back and write new ones."


@blueprint.get("/again")
@requires(Permission.WITHDRAW_SHARE)
def again(slug: str, share_id: UUID) -> str:
    group, share, identity = _returned(slug, share_id)
    page = _mending(group, identity)
    return page.shown(page.form(begun_with=share))


@blueprint.post("/again")
@limiter.limit(limits.SHARES_OF_ONE_ACCOUNT, key_func=limits.account_asking)
@requires(Permission.WITHDRAW_SHARE)
def send_again(slug: str, share_id: UUID) -> Page:
    group, share, identity = _returned(slug, share_id)

    def send(words: ShareWords, _opens_day: bool) -> str:  # noqa: FBT001  as the form says it
        shares.send_again(db.session(), identity, share, words, now=now())
        return "held"

    return answer_to(_mending(group, identity), send)


@blueprint.post("/appeal")
@requires(Permission.WITHDRAW_SHARE)
def appeal(slug: str, share_id: UUID) -> Response:
    _, share, identity = _returned(slug, share_id)
    shares.appeal(db.session(), identity, share, vault=vault(), now=now())
    return redirect(url_for("shares.list", slug=slug, done="appealed"), 303)


def _returned(slug: str, share_id: UUID) -> tuple[Group, WrittenShare, Identity]:
    """For its author alone. Raises NotFound for everybody else, and Conflict for what did not come back."""
    group = group_at(slug)
    share = one_of_group(db.session(), group.id, share_id, now=now())
    identity = authorise(replace(group_target(group), owner_membership_id=share.membership_id), hidden=NO_SHARE)
    if share.state is not ShareState.RETURNED:
        raise Conflict(NOT_BACK)
    return group, share, identity


def _mending(group: Group, identity: Identity) -> WritingPage:
    back = url_for("shares.list", slug=group.slug)
    return WritingPage(group, identity, back, "Change what came back", may_keep_draft=False)
