"""Names that a member never wants to be let in with: typed in, counted, taken away; never shown."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.kept_out import MOST_NAMES
from groupsite.domain.permissions import Permission
from groupsite.extensions import db, limiter
from groupsite.models import Group
from groupsite.queries.groups import group_named
from groupsite.queries.joining import months_of_names
from groupsite.queries.memberships import membership_of
from groupsite.services import kept_out
from groupsite.web import limits
from groupsite.web.auth import authorise, requires, viewer
from groupsite.web.clock import now
from groupsite.web.forms.joining import KeepOutForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.targets import group_target
from groupsite.web.vault import vault

blueprint = Blueprint("kept_out", __name__, url_prefix="/groups/<slug>/kept-out")

Page = str | Response | tuple[str, int]
DONE = {
    "added": "Kept, in a form that nobody can read. Somebody with this name is not let in without a second look.",
    "removed": "Removed.",
}


@blueprint.get("")
@requires(Permission.KEEP_APART)
def show(slug: str) -> str:
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    return _page(group)


@blueprint.post("")
@limiter.limit(limits.SHARES_OF_ONE_ACCOUNT, key_func=limits.account_asking)
@requires(Permission.KEEP_APART)
def add(slug: str) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    form = KeepOutForm()
    with refusals_shown_on(form, conflicts_on="name"):
        if form.validate_on_submit():
            kept_out.keep_out(db.session(), identity, group, form.name.data or "", vault=vault(), now=now())
            return redirect(url_for("kept_out.show", slug=slug, done="added"), 303)
    return _page(group, add_form=form), 400


@blueprint.post("/remove")
@limiter.limit(limits.SHARES_OF_ONE_ACCOUNT, key_func=limits.account_asking)
@requires(Permission.KEEP_APART)
def remove(slug: str) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    form = KeepOutForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            kept_out.remove(db.session(), identity, group, form.name.data or "", vault=vault())
            return redirect(url_for("kept_out.show", slug=slug, done="removed"), 303)
    return _page(group, remove_form=form), 400


@blueprint.post("/remove-all")
@requires(Permission.KEEP_APART)
def remove_all(slug: str) -> Response:
    group = group_named(db.session(), slug)
    kept_out.remove_all(db.session(), authorise(group_target(group)), group)
    return redirect(url_for("kept_out.show", slug=slug, done="removed"), 303)


def _page(group: Group, *, add_form: KeepOutForm | None = None, remove_form: KeepOutForm | None = None) -> str:
    member, _ = membership_of(db.session(), viewer().account_id, group.id)
    return render_template(
        "kept_out/show.html",
        group=group,
        months=[f"{month:%B %Y}" for month in months_of_names(db.session(), member.id)],
        most=MOST_NAMES,
        add_form=add_form or KeepOutForm(formdata=None),
        remove_form=remove_form or KeepOutForm(formdata=None),
        done=DONE.get(request.args.get("done", ""), ""),
    )
