"""The run sheet of tonight: for whoever chairs it, and its clocks for members who look on.

Each button is a form of its own. The script sends the same forms and asks for JSON, so that the page stays (static/sheet.js).
"""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Permission
from groupsite.domain.recurrence import occurrence_key, parse_key
from groupsite.domain.visits import sheet_until
from groupsite.extensions import db
from groupsite.queries.formats import texts_of
from groupsite.queries.run_sheets import Meeting, sheet_at
from groupsite.services import run_sheets
from groupsite.web.auth import authorise, keep_sheet, requires, visit
from groupsite.web.clock import now
from groupsite.web.forms.run_sheet import Press
from groupsite.web.sheet_view import as_json, sheet_view, state_of
from groupsite.web.targets import group_target

blueprint = Blueprint("run_sheet", __name__, url_prefix="/groups/<slug>/meetings/<series>/<key>/sheet")

Page = str | Response


@blueprint.get("")
@requires(Permission.LEAD_MEETING, is_sheet=True)
def show(slug: str, series: str, key: str) -> str:
    return _page(_meeting(slug, series, key))


@blueprint.post("")
@requires(Permission.LEAD_MEETING, is_sheet=True)
def press(slug: str, series: str, key: str) -> Page:
    meeting = _meeting(slug, series, key)
    Press(request.form).carry_out(db.session(), meeting, now=now())
    return _pressed(slug, series, key)


@blueprint.post("/code")
@requires(Permission.LEAD_MEETING, is_sheet=True)
def make_code(slug: str, series: str, key: str) -> Page:
    """The code stands in this answer alone: in no address, and nowhere afterwards."""
    meeting = _meeting(slug, series, key)
    code = run_sheets.make_code(db.session(), meeting, version=Press(request.form).version)
    return _pressed(slug, series, key, code=code)


@blueprint.post("/forget")
@requires(Permission.LEAD_MEETING, is_sheet=True)
def forget(slug: str, series: str, key: str) -> Response:
    run_sheets.forget_one(db.session(), _meeting(slug, series, key))
    return redirect(url_for("run_sheet.show", slug=slug, series=series, key=key, done="forgotten"), 303)


@blueprint.get("/state")
@requires(Permission.FOLLOW_MEETING, is_sheet=True, is_use=False)
def state(slug: str, series: str, key: str) -> Response:
    """Asked for by the page itself, every second: one query, and never a sign that somebody is there."""
    return as_json(state_of(_meeting(slug, series, key), now(), with_names=True))


@blueprint.get("/time")
@requires(Permission.FOLLOW_MEETING, is_sheet=True, is_use=False)
def time(slug: str, series: str, key: str) -> str:
    """For a second telephone. Without JavaScript it loads itself again, which is no sign that somebody is there either."""
    meeting = _meeting(slug, series, key)
    return render_template(
        "run_sheet/time.html",
        view=sheet_view(meeting, (), now()),
        state_href=url_for("run_sheet.state", slug=slug, series=series, key=key),
        idle_seconds=_kept(meeting),
    )


def _meeting(slug: str, series: str, key: str) -> Meeting:
    found = sheet_at(db.session(), slug, series, parse_key(key))
    authorise(group_target(found.group))
    return found.meeting(now())


def _pressed(slug: str, series: str, key: str, *, code: str = "") -> Page:
    """Where the meeting is now: for the script, or by way of the page."""
    meeting = _meeting(slug, series, key)
    if request.accept_mimetypes.best == "application/json":
        return as_json(state_of(meeting, now(), with_names=True) | {"code": code})
    if code:
        return _page(meeting, code=code)
    return redirect(url_for("run_sheet.show", slug=slug, series=series, key=key, _anchor="now"), 303)


def _page(meeting: Meeting, *, code: str = "") -> str:
    moment = now()
    here = visit()
    return render_template(
        "run_sheet/show.html",
        view=sheet_view(meeting, texts_of(db.session(), meeting.group.id), moment),
        group=meeting.group,
        format=meeting.format,
        at={"slug": meeting.group.slug, "series": meeting.series.slug, "key": _key(meeting)},
        code=code,
        is_shared=here is not None and here.is_shared,
        done=request.args.get("done", "") == "forgotten",
        idle_seconds=_kept(meeting),
    )


def _key(meeting: Meeting) -> str:
    return occurrence_key(meeting.date.original_local)


def _kept(meeting: Meeting) -> int:
    """After how many seconds the page goes blank; meanwhile the sheet goes on, if it may (domain/visits.sheet_until)."""
    here, date = visit(), meeting.date
    is_shared = here is None or here.is_shared
    return keep_sheet(sheet_until(date.start_utc, date.end_utc, now(), is_shared=is_shared))
