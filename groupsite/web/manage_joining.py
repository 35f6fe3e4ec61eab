"""How people come into the group: the way in, codes that open it, and the answers to those who ask."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Permission
from groupsite.domain.wording import date_words
from groupsite.domain.words import Joining
from groupsite.extensions import db
from groupsite.models import Group
from groupsite.queries.groups import group_named
from groupsite.queries.joining import codes_of
from groupsite.services import invite_codes, joining
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forms.joining import InviteCodeForm, JoiningForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.targets import group_target

blueprint = Blueprint("manage_joining", __name__, url_prefix="/groups/<slug>/manage")

Page = str | Response | tuple[str, int]
DONE = {
    "saved": "Saved. From now on people come in this way.",
    "revoked": "Taken back. The code opens nothing any more.",
}


@blueprint.get("/joining")
@requires(Permission.RUN_GROUP)
def show(slug: str) -> str:
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    return _page(group)


@blueprint.post("/joining")
@requires(Permission.RUN_GROUP)
def choose(slug: str) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    form = JoiningForm()
    if form.validate_on_submit():
        joining.choose_joining(db.session(), identity, group, Joining(form.joining.data), now=now())
        return redirect(url_for("manage_joining.show", slug=slug, done="saved"), 303)
    return _page(group, form=form), 400


@blueprint.post("/codes")
@requires(Permission.RUN_GROUP)
def make_code(slug: str) -> Page:
    """The new code stands on this page alone: in no address, and nowhere afterwards."""
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    form = InviteCodeForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            code = invite_codes.make(db.session(), identity, group, **form.terms(), now=now())
            return _page(group, code=code)
    return _page(group, code_form=form), 400


@blueprint.post("/codes/<uuid:code_id>/revoke")
@requires(Permission.RUN_GROUP)
def revoke_code(slug: str, code_id: UUID) -> Response:
    group = group_named(db.session(), slug)
    invite_codes.revoke(db.session(), authorise(group_target(group)), group, code_id, now=now())
    return redirect(url_for("manage_joining.show", slug=slug, done="revoked"), 303)


@blueprint.post("/requests/<uuid:request_id>/admit")
@requires(Permission.RUN_GROUP)
def admit(slug: str, request_id: UUID) -> Response:
    group = group_named(db.session(), slug)
    joining.admit(db.session(), authorise(group_target(group)), group, request_id, now=now())
    return redirect(url_for("manage.show", slug=slug, done="admitted"), 303)


@blueprint.post("/requests/<uuid:request_id>/decline")
@requires(Permission.RUN_GROUP)
def decline(slug: str, request_id: UUID) -> Response:
    group = group_named(db.session(), slug)
    joining.decline(db.session(), authorise(group_target(group)), group, request_id, now=now())
    return redirect(url_for("manage.show", slug=slug, done="declined"), 303)


def _page(
    group: Group, *, form: JoiningForm | None = None, code_form: InviteCodeForm | None = None, code: str = ""
) -> str:
    codes = [(row, date_words(row.expires_at.date())) for row in codes_of(db.session(), group.id, now=now())]
    return render_template(
        "manage/joining.html",
        group=group,
        form=form or JoiningForm(joining=group.joining),
        code_form=code_form or InviteCodeForm(),
        code=code,
        codes=codes,
        done=DONE.get(request.args.get("done", ""), ""),
    )
