"""One date of one meeting, under its original start: the page stays when the date moves."""

from flask import Blueprint, render_template

from groupsite.domain.permissions import Permission
from groupsite.domain.recurrence import parse_key
from groupsite.domain.wording import day_words
from groupsite.domain.words import WITH_A_PLACE, OccurrenceStatus
from groupsite.domain.zones import to_local
from groupsite.extensions import db
from groupsite.models import Group, OccurrenceRow
from groupsite.queries.dates import one_date
from groupsite.queries.finder import alternatives
from groupsite.queries.groups import group_named, series_of
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.finder import view
from groupsite.web.groups import shown_join
from groupsite.web.presentation import DateView, date_view
from groupsite.web.reader_zone import reader_zone
from groupsite.web.targets import group_target

blueprint = Blueprint("dates", __name__)


@blueprint.get("/groups/<slug>/meetings/<series>/<key>")
@requires(Permission.SEE_LISTING)
def show(slug: str, series: str, key: str) -> str:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    meeting = series_of(db.session(), group.id, series)
    row = one_date(db.session(), meeting.id, parse_key(key))
    return render_template(
        "dates/show.html",
        group=group,
        series=meeting,
        date=date_view(row, group, reader_zone=reader_zone(), now=now()),
        is_over=row.end_utc <= now(),
        moved_from=_moved_from(row),
        venue=row.venue if row.modality in WITH_A_PLACE else None,
        join=None if row.status is OccurrenceStatus.CANCELLED else shown_join(meeting, row, identity),
        others=_others(row, group),
    )


def _moved_from(row: OccurrenceRow) -> str:
    """Day and hour at which it would have been, or nothing."""
    if row.status is not OccurrenceStatus.MOVED:
        return ""
    today = to_local(now(), row.timezone).date()
    return f"{day_words(row.original_local.date(), today)}, {row.original_local:%H:%M}"


def _others(row: OccurrenceRow, group: Group) -> list[DateView]:
    """Where to go instead, when a date that lies ahead is off."""
    if row.status is not OccurrenceStatus.CANCELLED or row.end_utc <= now():
        return []
    found = alternatives(db.session(), row, group, now=now())
    return [view(other, its_group, reader_zone()) for other, its_group in found]
