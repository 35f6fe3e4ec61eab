"""Change one date: look at it first if you like, publish it, undo it."""

from datetime import datetime
from typing import TypedDict

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Identity, Permission
from groupsite.domain.recurrence import occurrence_key, parse_key
from groupsite.domain.schedule import Venue
from groupsite.domain.words import Notice
from groupsite.extensions import db
from groupsite.models import Group, MeetingSeries
from groupsite.queries.groups import group_named, series_of
from groupsite.services import date_changes
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.date_side import changed, date_of, is_changed, side
from groupsite.web.forms.answers import text
from groupsite.web.forms.one_date import ChangeForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.targets import group_target

blueprint = Blueprint("manage_dates", __name__, url_prefix="/groups/<slug>/manage/meetings/<series>/<key>")

Page = str | Response | tuple[str, int]


class Saying(TypedDict):
    """How a change is announced, and when it was published."""

    notice: Notice
    public_note: str
    now: datetime


@blueprint.get("")
@requires(Permission.RUN_GROUP)
def change(slug: str, series: str, key: str) -> str:
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    meeting = series_of(db.session(), group.id, series)
    return _page(group, meeting, parse_key(key), ChangeForm())


@blueprint.post("")
@requires(Permission.RUN_GROUP)
def publish(slug: str, series: str, key: str) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    meeting = series_of(db.session(), group.id, series)
    form, original = ChangeForm(), parse_key(key)
    with refusals_shown_on(form):
        if form.validate_on_submit():
            if request.form.get("do") == "preview":
                return _page(group, meeting, original, form, with_preview=True)
            _publish(identity, meeting, original, form)
            return redirect(url_for("manage.show", slug=slug, done="changed"), 303)
    return _page(group, meeting, original, form), 400


@blueprint.post("/restore")
@requires(Permission.RUN_GROUP)
def restore(slug: str, series: str, key: str) -> Response:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    meeting = series_of(db.session(), group.id, series)
    date_changes.restore_date(db.session(), identity, meeting, parse_key(key), now=now())
    return redirect(url_for("manage.show", slug=slug, done="restored"), 303)


def _publish(identity: Identity, meeting: MeetingSeries, original: datetime, form: ChangeForm) -> None:
    said = Saying(notice=Notice(form.notice.data), public_note=text(form.public_note), now=now())
    match form.new_start_local, form.venue:
        case datetime() as start, _:
            date_changes.move_date(db.session(), identity, meeting, original, start, **said)
        case _, Venue() as venue:
            date_changes.relocate_date(db.session(), identity, meeting, original, venue, **said)
        case _:
            date_changes.cancel_date(db.session(), identity, meeting, original, **said)


def _page(
    group: Group, meeting: MeetingSeries, original: datetime, form: ChangeForm, *, with_preview: bool = False
) -> str:
    schedule = meeting.schedule
    will_be = side(date_of(changed(schedule, form.override(original)), original)) if with_preview else None
    return render_template(
        "manage/change.html",
        group=group,
        series=meeting,
        key=occurrence_key(original),
        was=side(date_of(schedule, original)),
        is_changed=is_changed(schedule, original),
        will_be=will_be,
        form=form,
    )
