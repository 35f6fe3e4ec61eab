"""Find a meeting: by words, day, hour, kind and way in, in the reader's own time."""

from datetime import date, timedelta
from itertools import groupby
from urllib.parse import urlencode

from flask import (
    Blueprint,
    current_app,
    make_response,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Permission
from groupsite.domain.wording import date_words
from groupsite.domain.words import ListingState, OccurrenceStatus
from groupsite.extensions import db
from groupsite.formats import meeting_guide
from groupsite.models import Group, OccurrenceRow
from groupsite.queries import finder
from groupsite.queries.finder import Found, Wishes
from groupsite.services.listings import listings
from groupsite.web.auth import requires
from groupsite.web.clock import now
from groupsite.web.finder_wishes import Asked, asked, behind
from groupsite.web.forms.finder import FinderForm
from groupsite.web.presentation import DateView, date_view
from groupsite.web.reader_zone import keep_zone, reader_zone
from groupsite.web.visitors import for_visitors

blueprint = Blueprint("finder", __name__)

AT_ONCE = 30
ASKED = ("q", "day", "time", "kind", "modality", "family", "language", "tz")
NEAREST = 5
IN_DOUBT_AFTER = timedelta(days=180)


@blueprint.get("/")
@requires(Permission.SEE_PUBLIC)
def index() -> Response:
    return _page(is_front=True)


@blueprint.get("/meetings")
@requires(Permission.SEE_PUBLIC)
def meetings() -> Response:
    return _page(is_front=False)


@blueprint.get("/meetings.json")
@requires(Permission.SEE_PUBLIC)
def meetings_json() -> Response:
    """Our weekly meetings in the Meeting Guide format, for other directories."""
    found = listings(db.session(), now=now())
    base_url = current_app.extensions["groupsite.settings"].base_url
    document = meeting_guide.write(
        (one for one, _ in found), base_url=base_url, pages={one.slug: page for one, page in found}
    )
    answer = make_response(document)
    answer.mimetype = "application/json"
    answer.add_etag()
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer.make_conditional(request)


def _page(*, is_front: bool) -> Response:
    zone = reader_zone()
    wanted = asked(request.args, zone)
    found = finder.find(db.session(), wanted.wishes, now=now(), limit=AT_ONCE + 1, after=wanted.after)
    page = render_template(
        "finder/show.html",
        is_front=is_front,
        asked=wanted,
        days=_by_day(found[:AT_ONCE], zone),
        more=_more(found),
        nearest=_nearest(wanted, zone) if not found else [],
        form=_form(wanted),
    )
    if not request.args.get("keep"):
        return for_visitors(page)
    response = make_response(page)
    keep_zone(response, zone, is_https=current_app.extensions["groupsite.settings"].is_https)
    return response


def _form(wanted: Asked) -> FinderForm:
    form = FinderForm(request.args)
    form.offer_languages(finder.languages(db.session()))
    form.q.data = wanted.wishes.words
    form.tz.data = wanted.wishes.timezone or ""
    return form


def _by_day(found: list[Found], zone: str | None) -> list[tuple[str, list[DateView]]]:
    """Under the day of the reader's clock, or of each meeting's own: then in the order of those clocks."""
    in_order = found if zone else sorted(found, key=lambda one: (one[0].start_local, one[0].start_utc))
    views = [view(row, group, zone) for row, group in in_order]
    return [(day, list(same)) for day, same in groupby(views, key=lambda one: one.your_day or one.day)]


def view(row: OccurrenceRow, group: Group, zone: str | None) -> DateView:
    """A date in a list of many groups: a listing that nobody confirmed lately says so."""
    doubt = doubt_about(group, now().date())
    return date_view(row, group, reader_zone=zone, now=now(), doubt=doubt, is_among_zones=True)


def doubt_about(group: Group, today: date) -> str:
    """A sentence when the listing may be out of date, or nothing (domain.md, 4.2)."""
    if group.origin is not None:
        seen = (
            f", last changed there on {date_words(group.origin_updated_at.date())}" if group.origin_updated_at else ""
        )
        return f"From a public directory{seen}. Please check before you go."
    is_old = group.confirmed_on is not None and today - group.confirmed_on > IN_DOUBT_AFTER
    if not is_old and group.listing_state is not ListingState.UNCONFIRMED:
        return ""
    if group.confirmed_on is None:
        return "Nobody has confirmed this yet. Please check before you go."
    return f"Last confirmed on {date_words(group.confirmed_on)}. Please check before you go."


def _more(found: list[Found]) -> str:
    """The address of what follows, or nothing."""
    if len(found) <= AT_ONCE:
        return ""
    last = found[AT_ONCE - 1][0]
    kept = {name: request.args[name] for name in ASKED if request.args.get(name)}
    return f"{url_for('finder.meetings')}?{urlencode(kept | {'after': behind((last.start_utc, last.series_id))})}"


def _nearest(wanted: Asked, zone: str | None) -> list[DateView]:
    """When nothing fits: the same way in and language without the rest, or else whatever comes next."""
    if wanted.after is not None:
        return []
    wider = Wishes(modality=wanted.wishes.modality, language=wanted.wishes.language)
    found = finder.find(db.session(), wider, now=now(), limit=2 * NEAREST)
    held = [one for one in found if one[0].status is not OccurrenceStatus.CANCELLED]
    held = held or finder.soon(db.session(), now=now(), within=timedelta(days=7), limit=NEAREST)
    return [view(row, group, zone) for row, group in held[:NEAREST]]
