"""Add a meeting after seeing its dates; pause it, end it."""

from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.cadence import describe
from groupsite.domain.permissions import Permission
from groupsite.domain.schedule import Schedule
from groupsite.domain.wording import date_words, zone_words
from groupsite.extensions import db
from groupsite.models import Group, MeetingSeries
from groupsite.queries.groups import group_named, group_with_meetings, series_of
from groupsite.services import pauses, series_ends
from groupsite.services import series as meetings
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.date_side import side
from groupsite.web.forms.answers import answer, text
from groupsite.web.forms.one_date import EndForm, PauseForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.forms.series import SeriesForm
from groupsite.web.targets import group_target

blueprint = Blueprint("manage_series", __name__, url_prefix="/groups/<slug>/manage/meetings")

Page = str | Response | tuple[str, int]
MESSAGES = {
    "paused": "The pause is published. There are no dates between its days.",
    "resumed": "The pause is gone. Its dates are back.",
}


@blueprint.get("/new")
@requires(Permission.RUN_GROUP)
def add(slug: str) -> str:
    group = group_with_meetings(db.session(), slug)
    authorise(group_target(group))
    usual_zone = group.series[-1].timezone if group.series else ""
    return _form_page(group, SeriesForm(timezone=usual_zone))


@blueprint.post("/new")
@requires(Permission.RUN_GROUP)
def save(slug: str) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    form = SeriesForm()
    with refusals_shown_on(form, conflicts_on="title"):
        if form.validate_on_submit():
            draft = form.draft()
            if request.form.get("do") != "save":
                return _form_page(group, form, draft.schedule)
            meetings.create_series(db.session(), identity, group, draft, now=now())
            return redirect(url_for("manage.show", slug=slug, done="series"), 303)
    return _form_page(group, form), 400


@blueprint.get("/<series>")
@requires(Permission.RUN_GROUP)
def show(slug: str, series: str) -> str:
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    meeting = series_of(db.session(), group.id, series)
    return _series_page(group, meeting, PauseForm(), EndForm())


@blueprint.post("/<series>/pauses")
@requires(Permission.RUN_GROUP)
def pause(slug: str, series: str) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    meeting, form = series_of(db.session(), group.id, series), PauseForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            first, last = answer(form.first_date, date), answer(form.last_date, date)
            pauses.add_pause(db.session(), identity, meeting, first, last, text(form.public_note), now=now())
            return redirect(url_for("manage_series.show", slug=slug, series=series, done="paused"), 303)
    return _series_page(group, meeting, form, EndForm(formdata=None)), 400


@blueprint.post("/<series>/pauses/<uuid:pause_id>/remove")
@requires(Permission.RUN_GROUP)
def resume(slug: str, series: str, pause_id: UUID) -> Response:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    meeting = series_of(db.session(), group.id, series)
    pauses.remove_pause(db.session(), identity, meeting, pause_id, now=now())
    return redirect(url_for("manage_series.show", slug=slug, series=series, done="resumed"), 303)


@blueprint.post("/<series>/end")
@requires(Permission.RUN_GROUP)
def end(slug: str, series: str) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    meeting, form = series_of(db.session(), group.id, series), EndForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            series_ends.end_series(db.session(), identity, meeting, answer(form.end_date, date), now=now())
            return redirect(url_for("manage.show", slug=slug, done="ended"), 303)
    return _series_page(group, meeting, PauseForm(formdata=None), form), 400


def _form_page(group: Group, form: SeriesForm, schedule: Schedule | None = None) -> str:
    """With a schedule: its next dates and the rule in words, nothing stored."""
    dates = [side(one) for one in meetings.preview(schedule, now=now())] if schedule else []
    sentence = describe(schedule) if schedule else ""
    clock = zone_words(schedule.timezone) if schedule else ""
    return render_template(
        "manage/series_form.html", group=group, form=form, dates=dates, sentence=sentence, zone_words=clock
    )


def _series_page(group: Group, meeting: MeetingSeries, pause_form: PauseForm, end_form: EndForm) -> str:
    pauses = [
        {"id": one.id, "words": _span(one.first_date, one.last_date), "note": one.public_note} for one in meeting.pauses
    ]
    return render_template(
        "manage/series.html",
        group=group,
        series=meeting,
        sentence=describe(meeting.schedule),
        pauses=pauses,
        pause_form=pause_form,
        end_form=end_form,
        message=MESSAGES.get(request.args.get("done", ""), ""),
    )


def _span(first: date, last: date) -> str:
    return date_words(first) if first == last else f"{date_words(first)} to {date_words(last)}"
