"""Bring in a calendar: see what would come of it and what would not, then choose."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from groupsite.domain.errors import DomainError
from groupsite.domain.permissions import Permission
from groupsite.extensions import db, limiter
from groupsite.models import Group
from groupsite.queries.groups import group_named, group_with_meetings
from groupsite.services import calendar_import
from groupsite.web import limits
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.errors import http_error
from groupsite.web.forms.answers import answer, text
from groupsite.web.forms.calendar_import import CalendarImportForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.import_page import import_page
from groupsite.web.targets import group_target

blueprint = Blueprint("manage_import", __name__, url_prefix="/groups/<slug>/manage/meetings/import")

Page = str | Response | tuple[str, int]
TOO_LARGE = (
    "This is far larger than a group's calendar and was not read. Export only this group's calendar, or fewer events."
)


@blueprint.get("")
@requires(Permission.RUN_GROUP)
def show(slug: str) -> str:
    group = group_with_meetings(db.session(), slug)
    authorise(group_target(group))
    return _page(group, _empty_form(group))


@blueprint.post("")
@limiter.limit(limits.CALENDARS_READ_FOR_ONE_ACCOUNT, key_func=limits.account_asking)
@requires(Permission.RUN_GROUP)
def take(slug: str) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    form = CalendarImportForm()
    plan = None
    with refusals_shown_on(form, content_on=form.source):
        if form.validate_on_submit():
            content, timezone = form.sent(), text(form.timezone)
            plan = calendar_import.plan(db.session(), group, content, timezone, now=now())
            form.keep(content)
            if request.form.get("do") != "save":
                return _page(group, form, plan)
            chosen = answer(form.chosen, list)
            calendar_import.bring_in(db.session(), identity, group, plan, chosen, now=now())
            return redirect(url_for("manage.show", slug=slug, done="imported"), 303)
    return _page(group, form, plan), 400


@blueprint.errorhandler(RequestEntityTooLarge)
def show_again(error: RequestEntityTooLarge) -> Page:
    """Nothing of such a request is read, its token neither: those who may see the form get it again, empty."""
    try:
        group = group_with_meetings(db.session(), (request.view_args or {})["slug"])
        authorise(group_target(group))
    except DomainError:
        return http_error(error)
    form = _empty_form(group)
    form.file.errors = [TOO_LARGE]
    return _page(group, form), 413


def _empty_form(group: Group) -> CalendarImportForm:
    usual_zone = group.series[-1].timezone if group.series else ""
    return CalendarImportForm(formdata=None, timezone=usual_zone)


def _page(group: Group, form: CalendarImportForm, plan: calendar_import.Plan | None = None) -> str:
    page = import_page(plan, form.chosen.data or []) if plan else None
    return render_template("manage/import.html", group=group, form=form, page=page)
