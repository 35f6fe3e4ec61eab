"""Calendars to fetch: a group's, one meeting's, a member's own. No cookie, no redirect, no page but the way in."""

from datetime import datetime, timedelta
from typing import Final

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from werkzeug.http import http_date
from werkzeug.wrappers import Response as WerkzeugResponse

from groupsite.domain.permissions import Permission
from groupsite.domain.wording import clock_words
from groupsite.domain.zones import to_local
from groupsite.extensions import db
from groupsite.queries.groups import group_named
from groupsite.services import calendars, feeds, personal_calendars, ways_in
from groupsite.services.calendars import Feed, Site
from groupsite.tasks.jobs import site_of
from groupsite.web.auth import authorise, requires
from groupsite.web.calendar_shelf import note
from groupsite.web.clock import now
from groupsite.web.targets import group_target

blueprint = Blueprint("calendars", __name__)

UNASKED = timedelta(minutes=10)
"""How long a calendar is given out at most without a look at the records."""
FOR_ALL: Final = "public, max-age=300"
FOR_ONE: Final = "private, max-age=300"


def site() -> Site:
    """How calendars name the site that answers."""
    return site_of(current_app)


@blueprint.get("/groups/<slug>/calendar.ics")
@requires(Permission.SEE_LISTING)
def group_feed(slug: str) -> Response:
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    return _answer(calendars.group_feed(db.session(), group, site(), now=now()), FOR_ALL)


@blueprint.get("/groups/<slug>/meetings/<series>.ics")
@requires(Permission.SEE_LISTING)
def series_feed(slug: str, series: str) -> Response:
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    return _answer(calendars.group_feed(db.session(), group, site(), series_slug=series, now=now()), FOR_ALL)


@blueprint.get("/calendar/<token>.ics")
@requires(Permission.SEE_PUBLIC)
def personal_feed(token: str) -> Response:
    feed, account = feeds.open_feed(db.session(), token, now=now())
    return _answer(personal_calendars.personal_feed(db.session(), feed, account, site(), now=now()), FOR_ONE)


@blueprint.get("/calendar/in/<token>")
@requires(Permission.SEE_PUBLIC)
def way_in(token: str) -> WerkzeugResponse:
    """From a calendar into the room, while the door is open; a link that needs no code leads straight on."""
    door = ways_in.door(db.session(), token, now=now())
    join = door.join
    if join and join.url and not (join.passcode or join.phone):
        answer: WerkzeugResponse = redirect(join.url, 303)
    else:
        opens = clock_words(door.opens, door.opens, door.timezone, now()) if door.opens else None
        hour = f"{to_local(door.opens, door.timezone):%H:%M}" if door.opens else ""
        answer = make_response(render_template("calendars/way_in.html", join=join, opens=opens, opens_at=hour))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _answer(feed: Feed, caching: str) -> Response:
    """304 when the program has it already (If-None-Match goes before If-Modified-Since, RFC 9110, 13.2.2)."""
    answer = Response(feed.body, mimetype="text/calendar")
    answer.set_etag(feed.etag)
    answer.headers["Last-Modified"] = http_date(feed.since)
    answer.headers["Cache-Control"] = caching
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.vary.add("Accept-Encoding")
    note(request.environ, feed.owners, _holds_until(feed))
    answer.make_conditional(request)
    return answer


def _holds_until(feed: Feed) -> datetime:
    """When the calendar has to be asked for again though nobody changed it: a cancelled date is over, or the day is."""
    tomorrow = now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return min(tomorrow, now() + UNASKED, *filter(None, [feed.renews_at]))
