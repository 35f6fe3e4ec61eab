"""A meeting that goes on: under other words, or otherwise from a certain day."""

from datetime import date, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.cadence import describe
from groupsite.domain.permissions import Permission
from groupsite.domain.recurrence import next_occurrences
from groupsite.domain.wording import date_words, zone_words
from groupsite.domain.zones import to_local
from groupsite.extensions import db
from groupsite.models import Group, MeetingSeries
from groupsite.queries.groups import group_named, series_of
from groupsite.services import series as meetings
from groupsite.services import series_ends
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.date_side import side
from groupsite.web.forms.answers import answer
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.forms.series import SeriesForm
from groupsite.web.forms.series_words import WordsForm, words_in
from groupsite.web.targets import group_target

blueprint = Blueprint("manage_course", __name__, url_prefix="/groups/<slug>/manage/meetings/<series>")

Page = str | Response | tuple[str, int]


@blueprint.get("/words")
@requires(Permission.RUN_GROUP)
def words(slug: str, series: str) -> str:
    group, meeting = _meeting(slug, series)
    said = words_in(meeting.title, meeting.kind, meeting.modality, meeting.venue, meeting.join)
    return _words_page(group, meeting, WordsForm(formdata=None, data=said))


@blueprint.post("/words")
@requires(Permission.RUN_GROUP)
def reword(slug: str, series: str) -> Page:
    group, meeting = _meeting(slug, series)
    form = WordsForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            meetings.reword(db.session(), authorise(group_target(group)), meeting, form.words, now=now())
            return redirect(url_for("manage.show", slug=slug, done="reworded"), 303)
    return _words_page(group, meeting, form), 400


@blueprint.get("/from")
@requires(Permission.RUN_GROUP)
def otherwise(slug: str, series: str) -> str:
    group, meeting = _meeting(slug, series)
    coming = next_occurrences(meeting.schedule, now(), 1)
    first = coming[0].start_local.date() if coming else to_local(now(), meeting.timezone).date()
    return _otherwise_page(group, meeting, SeriesForm.like(meeting, first))


@blueprint.post("/from")
@requires(Permission.RUN_GROUP)
def succeed(slug: str, series: str) -> Page:
    group, meeting = _meeting(slug, series)
    form = SeriesForm()
    with refusals_shown_on(form, conflicts_on="title"):
        if form.validate_on_submit():
            first = answer(form.first_date, date)
            if request.form.get("do") != "save":
                return _otherwise_page(group, meeting, form, first)
            identity = authorise(group_target(group))
            series_ends.succeed(db.session(), identity, meeting, form.draft(), first, now=now())
            return redirect(url_for("manage.show", slug=slug, done="succeeded"), 303)
    return _otherwise_page(group, meeting, form), 400


def _meeting(slug: str, series: str) -> tuple[Group, MeetingSeries]:
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    return group, series_of(db.session(), group.id, series)


def _words_page(group: Group, meeting: MeetingSeries, form: WordsForm) -> str:
    return render_template("manage/series_words.html", group=group, series=meeting, form=form)


def _otherwise_page(group: Group, meeting: MeetingSeries, form: SeriesForm, first: date | None = None) -> str:
    """With a first day: how the meeting would go on from then, nothing stored."""
    draft, left_out = series_ends.proposed(meeting, form.draft(), first, now=now()) if first else (None, [])
    return render_template(
        "manage/series_from.html",
        group=group,
        series=meeting,
        form=form,
        was=describe(meeting.schedule),
        last_day=date_words(first - timedelta(days=1)) if first else "",
        left_out=left_out,
        dates=[side(one) for one in meetings.preview(draft.schedule, now=now())] if draft else [],
        sentence=describe(draft.schedule) if draft else "",
        zone_words=zone_words(draft.schedule.timezone) if draft else "",
    )
