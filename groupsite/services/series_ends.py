"""A series comes to its end, or goes on otherwise from a certain day: then another one takes its place."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from groupsite.domain import recurrence
from groupsite.domain.cadence import LAST_SECOND
from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.errors import InvalidInput
from groupsite.domain.permissions import Identity
from groupsite.domain.rules import LAST_YEAR, ended_on
from groupsite.domain.zones import to_local, to_utc
from groupsite.models import CalendarFeed, Group, MeetingSeries
from groupsite.services import invites
from groupsite.services import series as meetings
from groupsite.services.publishing import hold, publish_series, raise_rule

A_DAY = timedelta(days=1)


def end_series(session: Session, actor: Identity, series: MeetingSeries, last_date: date, *, now: datetime) -> None:
    """Let the series end with this local day; dates already held stay.

    Raises InvalidInput for a day that is over, and for one after which there is no date anyway.
    """
    hold(session, series)
    if last_date < to_local(now, series.timezone).date():
        raise InvalidInput("end_date", "This day is over. Choose today or a later day.")
    if last_date.year > LAST_YEAR:
        raise InvalidInput("end_date", f"Dates lie before {LAST_YEAR}.")
    if not _dates_after(series, last_date):
        raise InvalidInput("end_date", "There is no date after this day. Nothing needs to end.")
    _end(series, last_date, now=now)
    publish_series(session, actor, series, "series.ended", now=now)


def succeed(
    session: Session, actor: Identity, series: MeetingSeries, draft: SeriesDraft, from_day: date, *, now: datetime
) -> MeetingSeries:
    """From this local day on the meeting goes on as in the draft: a new series under a new UID, no date twice.

    The old one ends the day before (RFC 5545 knows a change "from here on", but few programs do). Pauses ahead, its format
    and its hours for shares go along, and who picked the old one for a calendar of her own has the new one in it.

    Raises InvalidInput for a day that is over, for a start before that day, and when nothing would be left to change.
    """
    hold(session, series)
    if from_day < to_local(now, series.timezone).date():
        raise InvalidInput("first_date", "This day is over. Choose today or a later day.")
    if draft.schedule.dtstart_local.date() < from_day:
        raise InvalidInput("first_date", "The new dates begin before this day.")
    if not _dates_after(series, from_day - A_DAY):
        raise InvalidInput("first_date", "This meeting has no date from this day on. Add a new meeting instead.")
    group, following = session.get_one(Group, series.group_id), with_pauses_ahead(draft, series, from_day)
    new = meetings.create_series(session, actor, group, following, now=now)
    new.format_slug, new.share_window, new.replaces = series.format_slug, series.share_window, series.slug
    _end(series, from_day - A_DAY, now=now)
    publish_series(session, actor, series, "series.succeeded", now=now)
    _pick_too(session, series, new)
    invites.carry_declines(session, series.id, new.id, now=now)
    return new


def with_pauses_ahead(draft: SeriesDraft, series: MeetingSeries, from_day: date) -> SeriesDraft:
    """The draft with the pauses of the series that are not over on this local day: a summer stays a summer."""
    ahead = tuple(one.value for one in series.pauses if one.last_date >= from_day)
    return replace(draft, schedule=replace(draft.schedule, pauses=ahead))


def _dates_after(series: MeetingSeries, last_date: date) -> bool:
    return bool(recurrence.next_occurrences(series.schedule, _last_moment(series, last_date), 1))


def _last_moment(series: MeetingSeries, last_date: date) -> datetime:
    return to_utc(datetime.combine(last_date, LAST_SECOND), series.timezone)


def _end(series: MeetingSeries, last_date: date, *, now: datetime) -> None:
    """No original date of the series lies after this local day any more."""
    if series.rrule is not None:
        series.rrule = ended_on(series.rrule, series.timezone, _last_moment(series, last_date))
    series.rdates_local = [extra for extra in series.rdates_local if extra.date() <= last_date]
    raise_rule(series, now=now)


def _pick_too(session: Session, series: MeetingSeries, new: MeetingSeries) -> None:
    """Whoever picked the old series for a calendar would look for its dates there."""
    picked = update(CalendarFeed).where(CalendarFeed.series_ids.contains([series.id]))
    session.execute(picked.values(series_ids=func.array_append(CalendarFeed.series_ids, new.id)))
