"""One date of one meeting, under its original start: the page stays when the date moves."""

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from groupsite.domain.answers import NO_ANSWERS
from groupsite.domain.join_info import JoinInfo
from groupsite.domain.permissions import Identity, Permission, permits
from groupsite.domain.recurrence import occurrence_key, parse_key
from groupsite.domain.wording import clock_change_words, day_words
from groupsite.domain.words import WITH_A_PLACE, Modality, OccurrenceStatus, Reveal
from groupsite.domain.zones import to_local
from groupsite.extensions import db
from groupsite.models import Group, MeetingSeries, OccurrenceRow
from groupsite.queries.calendars import answers_of
from groupsite.queries.dates import one_date
from groupsite.queries.finder import alternatives
from groupsite.queries.groups import group_named, series_of
from groupsite.queries.run_sheets import may_have_sheet
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.finder import doubt_about, view
from groupsite.web.forms.one_answer import WORDS
from groupsite.web.group_page import shown_join
from groupsite.web.presentation import DateView, date_view
from groupsite.web.reader_zone import reader_zone
from groupsite.web.targets import group_target
from groupsite.web.visitors import for_visitors

blueprint = Blueprint("dates", __name__)


@blueprint.get("/groups/<slug>/meetings/<series>/<key>")
@requires(Permission.SEE_LISTING)
def show(slug: str, series: str, key: str) -> Response:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    meeting = series_of(db.session(), group.id, series)
    row = one_date(db.session(), meeting.id, parse_key(key))
    join = shown_join(meeting, row, identity, now()) if _can_be_entered(row) else None
    page = render_template(
        "dates/show.html",
        **_said(row, group),
        usual_venue=meeting.venue,
        way=_way(meeting, row),
        join=join,
        others=_others(row, group),
        written_href=_written_href(identity, slug, row),
        **_answering(identity, slug, row),
        **_tonight(identity, group, row),
    )
    return for_visitors(page, may_be_kept=join is None or join.reveal is not Reveal.WINDOW)


def _said(row: OccurrenceRow, group: Group) -> dict[str, object]:
    """What is the same for every reader."""
    return {
        "group": group,
        "doubt": doubt_about(group, now().date()),
        "date": date_view(row, group, reader_zone=reader_zone(), now=now()),
        "is_over": row.end_utc <= now(),
        "moved_from": _moved_from(row),
        "clock_change": clock_change_words(row.start_utc, row.timezone),
        "venue": row.venue if row.modality in WITH_A_PLACE else None,
    }


def _written_href(identity: Identity, slug: str, row: OccurrenceRow) -> str:
    """Where members read and write on a date of a written meeting; empty for everybody else, and where there is no such page."""
    if row.modality is not Modality.WRITTEN or identity.in_group(row.group_id) is None:
        return ""
    return url_for("written.show", slug=slug, series=row.series_slug, key=occurrence_key(row.original_local))


def _answering(identity: Identity, slug: str, row: OccurrenceRow) -> dict[str, object]:
    """What a member has said about this date, and whether she still can."""
    is_open = row.status is not OccurrenceStatus.CANCELLED and row.end_utc > now()
    if identity.in_group(row.group_id) is None or not is_open or identity.account_id is None:
        return {"may_answer": False}
    mine = answers_of(db.session(), identity.account_id, [row.series_id]).get(row.series_id, NO_ANSWERS)
    given, own = mine.about(row.original_local), row.original_local in mine.by_date
    key = occurrence_key(row.original_local)
    href = url_for("answers.give", slug=slug, series=row.series_slug, key=key)
    return {"may_answer": True, "answer_words": WORDS, "answer_given": given, "is_own_answer": own, "answer_href": href}


def _tonight(identity: Identity, group: Group, row: OccurrenceRow) -> dict[str, object]:
    """Whether this reader can look at the clocks of this date now, and whether she can hold its run sheet."""
    is_near, target = may_have_sheet(row, now()), group_target(group)
    return {
        "may_follow": is_near and permits(identity, Permission.FOLLOW_MEETING, target),
        "may_lead": is_near and permits(identity, Permission.LEAD_MEETING, target),
        "sheet_at": {"slug": group.slug, "series": row.series_slug, "key": occurrence_key(row.original_local)},
    }


def _can_be_entered(row: OccurrenceRow) -> bool:
    """Whether it is ahead, or under way, and not in the room alone."""
    is_off = row.status is OccurrenceStatus.CANCELLED or row.end_utc <= now()
    return not is_off and row.modality is not Modality.IN_PERSON


def _way(meeting: MeetingSeries, row: OccurrenceRow) -> JoinInfo:
    """For the page to say who will see it and when; what may be seen now is `join`."""
    return meeting.join if meeting.join and _can_be_entered(row) else JoinInfo()


def _moved_from(row: OccurrenceRow) -> str:
    """Day and hour at which it would have been, or nothing."""
    if row.status is not OccurrenceStatus.MOVED:
        return ""
    today = to_local(now(), row.timezone).date()
    return f"{day_words(row.original_local.date(), today)}, {row.original_local:%H:%M}"


def _others(row: OccurrenceRow, group: Group) -> list[DateView]:
    """Where to go instead, when a date that lies ahead is off, at another time or elsewhere."""
    if row.status is OccurrenceStatus.SCHEDULED or row.end_utc <= now():
        return []
    found = alternatives(db.session(), row, group, now=now())
    return [view(other, its_group, reader_zone()) for other, its_group in found]
