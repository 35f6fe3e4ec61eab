"""Written shares of a group: read, post, take back. No page and no address answers one, marks one or counts one."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from groupsite.domain.exposures import in_words
from groupsite.domain.permissions import Identity, Permission
from groupsite.domain.zones import to_local
from groupsite.extensions import db, limiter
from groupsite.formats.markup import to_html
from groupsite.models import Group
from groupsite.queries.groups import group_named
from groupsite.queries.shares import NO_SHARE, ShareView, share_of, shares_of
from groupsite.services import shares
from groupsite.web import limits
from groupsite.web.auth import authorise, requires, viewer
from groupsite.web.clock import now
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.forms.shares import ShareForm
from groupsite.web.reader_zone import reader_zone
from groupsite.web.second_look import SecondLook, second_look
from groupsite.web.targets import group_at, group_target

blueprint = Blueprint("shares", __name__, url_prefix="/groups/<slug>/shares")

Page = str | Response | tuple[str, int]
LAST_PAGE = 1000
DONE = {
    "posted": "Your words are here now. You can take them back at any time.",
    "withdrawn": "Taken back. Nothing of it was kept.",
}


@dataclass(frozen=True, slots=True)
class ShareOnPage:
    """What the page prints of one share; `withdraw_href` is there for its author alone, `hide_href` for everybody else."""

    display_name: str
    content_note: str
    body: Markup
    posted: str
    stays_until: str
    withdraw_href: str
    hide_href: str


@blueprint.get("", endpoint="list")
@requires(Permission.READ_SHARES)
def show_list(slug: str) -> str:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    found, has_older = shares_of(db.session(), group.id, reader_id=identity.account_id, now=now(), page=page)
    return render_template(
        "shares/list.html",
        group=group,
        shares=[_on_page(share, group, identity) for share in found],
        page=page,
        has_older=has_older,
        done=DONE.get(request.args.get("done", ""), ""),
    )


@blueprint.get("/new")
@requires(Permission.POST_SHARE)
def new(slug: str) -> str:
    group = group_named(db.session(), slug)
    return _form_page(group, authorise(group_target(group)), ShareForm())


@blueprint.post("/new")
@limiter.limit(limits.SHARES_OF_ONE_ACCOUNT, key_func=limits.account_asking)
@requires(Permission.POST_SHARE)
def post(slug: str) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    form = ShareForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            words = form.words()
            look = second_look(in_words("\n".join(words.values())))
            if look:
                return _form_page(group, identity, form, look), 409
            shares.post(db.session(), identity, group, **words, days=form.chosen_days(), now=now())
            return redirect(url_for("shares.list", slug=slug, done="posted"), 303)
    return _form_page(group, identity, form), 400


@blueprint.post("/<uuid:share_id>/withdraw")
@requires(Permission.WITHDRAW_SHARE)
def withdraw(slug: str, share_id: UUID) -> Response:
    group = group_at(slug)
    share, _ = share_of(db.session(), group.id, share_id, reader_id=viewer().account_id, now=now())
    identity = authorise(replace(group_target(group), owner_membership_id=share.membership_id), hidden=NO_SHARE)
    shares.withdraw(db.session(), identity, share, now=now())
    return redirect(url_for("shares.list", slug=slug, done="withdrawn"), 303)


def _form_page(group: Group, identity: Identity, form: ShareForm, look: SecondLook | None = None) -> str:
    belonging = identity.in_group(group.id)
    name = belonging.display_name if belonging else ""
    return render_template("shares/new.html", group=group, form=form, look=look, display_name=name)


def _on_page(share: ShareView, group: Group, identity: Identity) -> ShareOnPage:
    belonging = identity.in_group(group.id)
    is_own = belonging is not None and belonging.membership_id == share.membership_id
    return ShareOnPage(
        display_name=share.display_name,
        content_note=share.content_note,
        body=Markup(to_html(share.body)),  # noqa: S704  made safe by formats/markup
        posted=_day(share.published_at),
        stays_until=_day(share.expires_at),
        withdraw_href=url_for("shares.withdraw", slug=group.slug, share_id=share.id) if is_own else "",
        hide_href="" if is_own else url_for("hiding.from_author", slug=group.slug, share_id=share.id),
    )


def _day(moment: datetime) -> str:
    """`Tuesday 24 November`, where the reader is, or in UTC."""
    local = to_local(moment, reader_zone() or "UTC")
    return f"{local:%A} {local.day} {local:%B}"
