"""A group's page: everything that somebody needs who has never been."""

from flask import Blueprint, current_app, render_template, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Identity, Permission, permits, takes_members
from groupsite.domain.wording import date_words
from groupsite.extensions import db
from groupsite.models import Group
from groupsite.queries.dates import next_of_each, upcoming
from groupsite.queries.groups import group_with_meetings
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.finder import doubt_about
from groupsite.web.forms.choices import ATTENDANCES, FAMILIES
from groupsite.web.forms.joining import WAY_IN_WORDS
from groupsite.web.group_page import MeetingView, current_series, meeting_view
from groupsite.web.presentation import DateView, date_view
from groupsite.web.reader_zone import reader_zone
from groupsite.web.targets import group_target
from groupsite.web.visitors import for_visitors

blueprint = Blueprint("groups", __name__)

DATES_SHOWN = 12


@blueprint.get("/groups/<slug>")
@requires(Permission.SEE_LISTING)
def show(slug: str) -> Response:
    group = group_with_meetings(db.session(), slug)
    identity = authorise(group_target(group))
    meetings = _meetings(group, identity)
    page = render_template(
        "groups/show.html",
        **_listing(group),
        belonging=identity.in_group(group.id),
        can_run=permits(identity, Permission.RUN_GROUP, group_target(group)),
        can_lead=permits(identity, Permission.LEAD_MEETING, group_target(group)),
        dates=_dates(group),
        meetings=meetings,
    )
    return for_visitors(page, may_be_kept=not any(meeting.shows_what_closes_again for meeting in meetings))


def _listing(group: Group) -> dict[str, object]:
    """What is the same for every reader."""
    return {
        "group": group,
        "can_join": takes_members(group_target(group)),
        "joining_words": WAY_IN_WORDS[group.joining],
        "attendance": ATTENDANCES[group.attendance],
        "family": FAMILIES[group.family],
        "confirmed_on": date_words(group.confirmed_on) if group.confirmed_on else "",
        "doubt": doubt_about(group, now().date()),
        "webcal": webcal_address(url_for("calendars.group_feed", slug=group.slug)),
        "read_on": date_words(group.origin_updated_at.date()) if group.origin_updated_at else "",
    }


def _dates(group: Group) -> list[DateView]:
    rows = upcoming(db.session(), group.id, now=now(), limit=DATES_SHOWN)
    return [date_view(row, group, reader_zone=reader_zone(), now=now()) for row in rows]


def _meetings(group: Group, identity: Identity) -> list[MeetingView]:
    following = next_of_each(db.session(), group.id, now=now())
    return [
        meeting_view(series, following.get(series.id), group, identity, now())
        for series in current_series(group, following)
    ]


def webcal_address(path: str) -> str:
    """The feed's address in the form that calendar programs take over by a tap."""
    base: str = current_app.extensions["groupsite.settings"].base_url
    return f"webcal://{base.partition('://')[2]}{path}"
