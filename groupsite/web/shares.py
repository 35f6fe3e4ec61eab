"""Written shares of a group: read, post, take back. No page and no address answers one, marks one or counts one."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Identity, Permission, is_trusted_reader
from groupsite.domain.shares import ShareWords
from groupsite.extensions import db, limiter
from groupsite.models import Group
from groupsite.queries.groups import group_named
from groupsite.queries.own_shares import not_shown, one_of_group
from groupsite.queries.shares import NO_SHARE, shares_of
from groupsite.queries.written import written_now
from groupsite.services import shares
from groupsite.web import limits
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.reading import opens_notes, own_id_in
from groupsite.web.share_form import Page, WritingPage, answer_to, own_draft, what_became
from groupsite.web.share_pages import on_page, own_share
from groupsite.web.targets import group_at, group_target
from groupsite.web.vault import vault

blueprint = Blueprint("shares", __name__, url_prefix="/groups/<slug>/shares")

LAST_PAGE = 1000
DONE = {
    "posted": "Your words are here now. You can take them back at any time.",
    "held": "Your words wait for somebody who looks at shares. You can take them back at any time.",
    "kept": "Kept as a draft for seven days. Nobody else can read it.",
    "withdrawn": "Taken back. Nothing of it was kept.",
    "reported": "Thank you. Somebody looks at it. Nobody is told that it was you.",
    "appealed": "Another person looks at it now.",
    "reading": "Saved.",
}


@blueprint.get("", endpoint="list")
@requires(Permission.READ_SHARES)
def show_list(slug: str) -> str:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    page, for_new = asked_page(), request.args.get("for") == "newcomers"
    found, has_older = shares_of(db.session(), group.id, reader=identity, now=now(), page=page, for_newcomers=for_new)
    return render_template(
        "shares/list.html",
        group=group,
        shares=[on_page(share, group, identity) for share in found],
        own=[
            own_share(share, group, vault()) for share in not_shown(db.session(), own_id_in(group, identity), now=now())
        ],
        draft=own_draft(_writing(group, identity)),
        written=written_now(db.session(), group.id, now=now()),
        opens_notes=opens_notes(group, identity),
        looks_at_shares=is_trusted_reader(identity, group.id),
        page=page,
        for_new="newcomers" if for_new else None,
        has_older=has_older,
        done=DONE.get(request.args.get("done", ""), ""),
    )


@blueprint.get("/new")
@requires(Permission.POST_SHARE)
def new(slug: str) -> str:
    group = group_named(db.session(), slug)
    page = _writing(group, authorise(group_target(group)))
    draft = own_draft(page)
    return page.shown(page.form(begun_with=draft), draft=draft)


@blueprint.post("/new")
@limiter.limit(limits.SHARES_OF_ONE_ACCOUNT, key_func=limits.account_asking)
@requires(Permission.POST_SHARE)
def post(slug: str) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))

    def send(words: ShareWords, _opens_day: bool) -> str:  # noqa: FBT001  as the form says it
        return what_became(shares.post(db.session(), identity, group, words, now=now()))

    return answer_to(_writing(group, identity), send)


@blueprint.post("/<uuid:share_id>/withdraw")
@requires(Permission.WITHDRAW_SHARE)
def withdraw(slug: str, share_id: UUID) -> Response:
    group = group_at(slug)
    share = one_of_group(db.session(), group.id, share_id, now=now())
    identity = authorise(replace(group_target(group), owner_membership_id=share.membership_id), hidden=NO_SHARE)
    shares.withdraw(db.session(), identity, share, now=now())
    return redirect(url_for("shares.list", slug=slug, done="withdrawn"), 303)


def asked_page() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)


def _writing(group: Group, identity: Identity) -> WritingPage:
    return WritingPage(group, identity, url_for("shares.list", slug=group.slug), f"Write to {group.name}")
