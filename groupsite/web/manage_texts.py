"""Texts of a group: trusted servants read them, those who run the group put them into their slots."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from groupsite.domain.errors import NotFound
from groupsite.domain.meeting_format import is_slot, slot_named, slot_words
from groupsite.domain.permissions import Permission, permits
from groupsite.domain.texts import CALM_CARD
from groupsite.extensions import db
from groupsite.models import Group
from groupsite.queries.formats import text_of
from groupsite.queries.groups import group_named
from groupsite.services import texts
from groupsite.web.auth import authorise, requires, viewer
from groupsite.web.clock import now
from groupsite.web.forms.answers import text
from groupsite.web.forms.formats import SlotForm, TextForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.member_text import safe
from groupsite.web.targets import group_target

blueprint = Blueprint("manage_texts", __name__, url_prefix="/groups/<slug>/manage/texts")

Page = str | Response | tuple[str, int]


@blueprint.post("")
@requires(Permission.RUN_GROUP)
def name(slug: str) -> Page:
    """Lead to the page of a text by its name. Nothing is stored before the text is saved."""
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    form = SlotForm()
    if form.validate_on_submit():
        return redirect(url_for("manage_texts.show", slug=slug, slot=slot_named(text(form.slot))), 303)
    return redirect(url_for("manage_formats.show", slug=slug), 303)


@blueprint.get("/<slot>")
@requires(Permission.LEAD_MEETING)
def show(slug: str, slot: str) -> str:
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    _check_slot(slot)
    return _page(group, slot, TextForm.showing(text_of(db.session(), group.id, slot)))


@blueprint.post("/<slot>")
@requires(Permission.RUN_GROUP)
def save(slug: str, slot: str) -> Page:
    group = group_named(db.session(), slug)
    identity, form = authorise(group_target(group)), TextForm()
    _check_slot(slot)
    with refusals_shown_on(form, conflicts_on="body"):
        if form.validate_on_submit():
            texts.save(db.session(), identity, group, slot, form.draft(), version=form.seen_version(), now=now())
            return redirect(url_for("manage_formats.show", slug=slug, done="text", _anchor="texts"), 303)
    return _page(group, slot, form), 400


@blueprint.post("/<slot>/remove")
@requires(Permission.RUN_GROUP)
def remove(slug: str, slot: str) -> Response:
    group = group_named(db.session(), slug)
    texts.remove(db.session(), authorise(group_target(group)), group, slot, now=now())
    return redirect(url_for("manage_formats.show", slug=slug, done="text-removed", _anchor="texts"), 303)


def _check_slot(slot: str) -> None:
    """Raises NotFound for what no slot is called."""
    if not is_slot(slot):
        raise NotFound("There is no text of this name.")


def _page(group: Group, slot: str, form: TextForm) -> str:
    stored = text_of(db.session(), group.id, slot)
    return render_template(
        "manage/text.html",
        group=group,
        slot=slot,
        title=slot_words(slot),
        is_calm_card=slot == CALM_CARD,
        stored=stored,
        shown=safe(stored.body) if stored else "",
        can_change=permits(viewer(), Permission.RUN_GROUP, group_target(group)),
        form=form,
    )
