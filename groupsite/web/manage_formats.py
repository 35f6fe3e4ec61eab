"""Formats of a group: trusted servants see them, those who run the group change them. Each step is a form of its own."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.errors import InvalidInput
from groupsite.domain.meeting_format import Step, at, segments_of, slot_words, total
from groupsite.domain.permissions import Identity, Permission, permits
from groupsite.domain.texts import CALM_CARD
from groupsite.domain.words import Family, TextVisibility
from groupsite.extensions import db
from groupsite.models import Group, GroupText, MeetingFormat
from groupsite.queries.formats import format_of, formats_of, texts_of
from groupsite.queries.groups import group_named, series_named
from groupsite.services import formats
from groupsite.web.auth import authorise, requires, viewer
from groupsite.web.clock import now
from groupsite.web.forms.answers import text
from groupsite.web.forms.formats import VISIBILITIES, FormatForm, NewFormatForm, SegmentForm, SlotForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.targets import group_target

blueprint = Blueprint("manage_formats", __name__, url_prefix="/groups/<slug>/manage/formats")

Page = str | Response | tuple[str, int]
DONE = {
    "made": "The format is there. Change its parts until they are yours.",
    "removed": "Removed. Meetings that had it have none now.",
    "chosen": "Saved. The meeting has this format from now on.",
    "changed": "Saved.",
    "text": "Saved. Only those whom you chose see the text.",
    "text-removed": "Removed. Nothing of the text is kept.",
}


@blueprint.get("")
@requires(Permission.LEAD_MEETING)
def show(slug: str) -> str:
    group = group_named(db.session(), slug)
    return _list_page(group, authorise(group_target(group)), NewFormatForm())


@blueprint.post("")
@requires(Permission.RUN_GROUP)
def create(slug: str) -> Page:
    group = group_named(db.session(), slug)
    identity, form = authorise(group_target(group)), NewFormatForm()
    with refusals_shown_on(form, conflicts_on="name"):
        if form.validate_on_submit():
            style, length = Family(str(form.style.data)), int(form.length.data)
            made = formats.create(
                db.session(), identity, group, name=text(form.name), style=style, length=length, now=now()
            )
            return redirect(url_for("manage_formats.one", slug=slug, format=made.slug, done="made"), 303)
    return _list_page(group, identity, form), 400


@blueprint.post("/use")
@requires(Permission.RUN_GROUP)
def use(slug: str) -> Response:
    group = group_named(db.session(), slug)
    identity, chosen = authorise(group_target(group)), request.form
    formats.use(db.session(), identity, group, chosen.get("series", ""), chosen.get("format", ""), now=now())
    return redirect(url_for("manage_formats.show", slug=slug, done="chosen"), 303)


@blueprint.get("/<format>")
@requires(Permission.LEAD_MEETING)
def one(slug: str, format: str) -> str:  # noqa: A002  the address's word
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    return _format_page(group, format_of(db.session(), group.id, format))


@blueprint.post("/<format>")
@requires(Permission.RUN_GROUP)
def describe(slug: str, format: str) -> Page:  # noqa: A002
    group = group_named(db.session(), slug)
    identity, form = authorise(group_target(group)), FormatForm()
    if form.validate_on_submit():
        name, limit = text(form.name), form.share_limit.data
        formats.describe(db.session(), identity, group, format, name=name, share_limit=limit, now=now())
        return _changed(slug, format)
    return _format_page(group, format_of(db.session(), group.id, format), form=form), 400


@blueprint.post("/<format>/remove")
@requires(Permission.RUN_GROUP)
def remove(slug: str, format: str) -> Response:  # noqa: A002
    group = group_named(db.session(), slug)
    formats.remove(db.session(), authorise(group_target(group)), group, format, now=now())
    return redirect(url_for("manage_formats.show", slug=slug, done="removed"), 303)


@blueprint.post("/<format>/parts")
@requires(Permission.RUN_GROUP)
def add_part(slug: str, format: str) -> Page:  # noqa: A002
    group = group_named(db.session(), slug)
    identity, form = authorise(group_target(group)), SegmentForm()
    with refusals_shown_on(form, conflicts_on="title"):
        if form.validate_on_submit():
            formats.add_segment(db.session(), identity, group, format, form.segment(), now=now())
            return _changed(slug, format)
    return _format_page(group, format_of(db.session(), group.id, format), part_form=form), 400


@blueprint.get("/<format>/parts/<int:number>")
@requires(Permission.RUN_GROUP)
def part(slug: str, format: str, number: int) -> str:  # noqa: A002
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    segments = segments_of(format_of(db.session(), group.id, format).segments)
    titles = dict(enumerate((one.title for one in segments), start=1))
    form = SegmentForm.showing(segments[at(segments, number, titles.get(number, ""))])
    return render_template("manage/format_part.html", group=group, form=form, format=format)


@blueprint.post("/<format>/parts/<int:number>")
@requires(Permission.RUN_GROUP)
def change_part(slug: str, format: str, number: int) -> Page:  # noqa: A002
    group = group_named(db.session(), slug)
    identity, form = authorise(group_target(group)), SegmentForm()
    with refusals_shown_on(form, conflicts_on="title"):
        if form.validate_on_submit():
            seen, segment = str(form.seen.data or ""), form.segment(number)
            formats.change_segment(db.session(), identity, group, format, number, seen, segment, now=now())
            return _changed(slug, format)
    return render_template("manage/format_part.html", group=group, form=form, format=format), 400


@blueprint.post("/<format>/parts/<int:number>/move")
@requires(Permission.RUN_GROUP)
def move_part(slug: str, format: str, number: int) -> Response:  # noqa: A002
    group = group_named(db.session(), slug)
    identity, step = authorise(group_target(group)), request.form.get("to", "")
    if step not in set(Step):
        raise InvalidInput("to", "Please use the buttons on the page.")
    seen = request.form.get("seen", "")
    formats.move_segment(db.session(), identity, group, format, number, seen, Step(step), now=now())
    return _changed(slug, format)


@blueprint.post("/<format>/parts/<int:number>/remove")
@requires(Permission.RUN_GROUP)
def remove_part(slug: str, format: str, number: int) -> Response:  # noqa: A002
    group = group_named(db.session(), slug)
    identity, seen = authorise(group_target(group)), request.form.get("seen", "")
    formats.remove_segment(db.session(), identity, group, format, number, seen, now=now())
    return _changed(slug, format)


def _changed(slug: str, format_slug: str) -> Response:
    return redirect(url_for("manage_formats.one", slug=slug, format=format_slug, done="changed", _anchor="parts"), 303)


def _list_page(group: Group, identity: Identity, form: NewFormatForm) -> str:
    rows, texts = formats_of(db.session(), group.id), texts_of(db.session(), group.id)
    return render_template(
        "manage/formats.html",
        group=group,
        formats=rows,
        meetings=series_named(db.session(), group.id),
        slots=_slots(rows, texts),
        can_change=permits(identity, Permission.RUN_GROUP, group_target(group)),
        form=form,
        slot_form=SlotForm(formdata=None),
        done=DONE.get(request.args.get("done", ""), ""),
    )


def _slots(rows: Sequence[MeetingFormat], texts: Sequence[GroupText]) -> list[tuple[str, str, str]]:
    """Word, name and what becomes of each text: those that formats name, those that are filled, and the calm card's."""
    filled = {one.slot: one for one in texts}
    named = {one.text_slot for row in rows for one in segments_of(row.segments) if one.text_slot}
    return [(slot, slot_words(slot), _standing(filled.get(slot))) for slot in sorted(named | set(filled) | {CALM_CARD})]


def _standing(stored: GroupText | None) -> str:
    if stored is None or not stored.body:
        return "Empty"
    return VISIBILITIES[TextVisibility(stored.visibility)]


def _format_page(
    group: Group, row: MeetingFormat, *, form: FormatForm | None = None, part_form: SegmentForm | None = None
) -> str:
    segments = segments_of(row.segments)
    return render_template(
        "manage/format.html",
        group=group,
        row=row,
        segments=segments,
        total=total(segments),
        can_change=permits(viewer(), Permission.RUN_GROUP, group_target(group)),
        form=form or FormatForm(formdata=None, name=row.name, share_limit=row.share_limit_minutes),
        part_form=part_form or SegmentForm(formdata=None),
        done=DONE.get(request.args.get("done", ""), ""),
    )
