"""A series comes to its end, or goes on otherwise from a certain day: then another one takes its place."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from groupsite.domain.cadence import LAST_SECOND
from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.errors import InvalidInput
from groupsite.domain.permissions import Identity
from groupsite.domain.rules import LAST_YEAR
from groupsite.domain.schedule import Schedule
from groupsite.domain.succession import doubled_dates, lost_dates, shortened, with_changes_ahead
from groupsite.domain.wording import date_words
from groupsite.domain.zones import A_DAY, to_local, to_utc
from groupsite.models import CalendarFeed, Group, MeetingSeries
from groupsite.services import invites
from groupsite.services import series as meetings
from groupsite.services.publishing import hold, publish_series, raise_rule


def end_series(session: Session, actor: Identity, series: MeetingSeries, last_date: date, *, now: datetime) -> None:
    """Let the series end with this local day; dates already held stay.

    Raises InvalidInput for a day that is over, for one after which there is no date anyway, and for one before which a later
    date was moved.
    """
    hold(session, series)
    if last_date < to_local(now, series.timezone).date():
        raise InvalidInput("end_date", "This day is over. Choose today or a later day.")
    if last_date.year > LAST_YEAR:
        raise InvalidInput("end_date", f"Dates lie before {LAST_YEAR}.")
    left = _left(series.schedule, last_date + A_DAY, now, field="end_date")
    if left == series.schedule:
        raise InvalidInput("end_date", "There is no date after this day. Nothing needs to end.")
    _bring_to(series, left, now=now)
    publish_series(session, actor, series, "series.ended", now=now)


def succeed(
    session: Session, actor: Identity, series: MeetingSeries, draft: SeriesDraft, from_day: date, *, now: datetime
) -> MeetingSeries:
    """From this local day on the meeting goes on as in the draft: a new series under a new UID, no date lost and none twice.

    The old one ends the day before (RFC 5545 knows a change "from here on", but few programs do), or today with the date that
    has begun. What was announced for later goes along (`proposed`), and so do its format and its hours for shares; and who
    picked the old one for a calendar of her own has the new one in it.

    Raises InvalidInput for a day or an hour that is over, for a start before that day, when nothing would be left to change,
    and when a moved date would be lost or would meet a new one.
    """
    hold(session, series)
    following, _ = proposed(series, draft, from_day, now=now)
    left = _left(series.schedule, from_day, now, field="first_date")
    if left == series.schedule:
        raise InvalidInput("first_date", "This meeting has no date from this day on. Add a new meeting instead.")
    new = meetings.create_series(session, actor, session.get_one(Group, series.group_id), following, now=now)
    new.format_slug, new.share_window, new.replaces = series.format_slug, series.share_window, series.slug
    _bring_to(series, left, now=now)
    publish_series(session, actor, series, "series.succeeded", now=now)
    _pick_too(session, series, new)
    invites.carry_declines(session, series.id, new.id, now=now)
    return new


def proposed(
    series: MeetingSeries, draft: SeriesDraft, from_day: date, *, now: datetime
) -> tuple[SeriesDraft, list[str]]:
    """The draft with what was announced for this day and later, and what of it does not fit, in words; nothing is stored.

    Raises InvalidInput as `succeed` does.
    """
    schedule = draft.schedule
    if from_day < to_local(now, series.timezone).date():
        raise InvalidInput("first_date", "This day is over. Choose today or a later day.")
    if schedule.dtstart_local.date() < from_day:
        raise InvalidInput("first_date", "The new dates begin before this day.")
    if to_utc(schedule.dtstart_local, schedule.timezone) <= now:
        raise InvalidInput("first_date", "At this hour the first day is over. Choose a later day.")
    carried, left_out = with_changes_ahead(schedule, series.schedule, from_day)
    twice = next(doubled_dates(_left(series.schedule, from_day, now, field="first_date"), carried, now), None)
    if twice is not None:
        raise InvalidInput(
            "first_date",
            f"On {date_words(twice.start_local)} an old date was moved to the hour of a new one. Undo that first.",
        )
    return replace(draft, schedule=carried), left_out


def _left(schedule: Schedule, from_day: date, now: datetime, *, field: str) -> Schedule:
    """What stays of the schedule when nothing of it takes place from this local day on; what has begun already stays."""
    last = max(datetime.combine(from_day - A_DAY, LAST_SECOND), to_local(now, schedule.timezone))
    try:
        left = shortened(schedule, last)
    except InvalidInput as error:
        raise InvalidInput(field, error.reason) from None
    boundary = to_utc(datetime.combine(from_day, datetime.min.time()), schedule.timezone)
    lost = next(lost_dates(schedule, left, boundary, now), None)
    if lost is not None:
        raise InvalidInput(
            field,
            f"The date of {date_words(lost.original_local)} was moved to {date_words(lost.start_local)}. Undo that first.",
        )
    return left


def _bring_to(series: MeetingSeries, left: Schedule, *, now: datetime) -> None:
    series.rrule, series.rdates_local = left.rrule, list(left.rdates_local)
    raise_rule(series, now=now)


def _pick_too(session: Session, series: MeetingSeries, new: MeetingSeries) -> None:
    """Whoever picked the old series for a calendar would look for its dates there."""
    picked = update(CalendarFeed).where(CalendarFeed.series_ids.contains([series.id]))
    session.execute(picked.values(series_ids=func.array_append(CalendarFeed.series_ids, new.id)))
