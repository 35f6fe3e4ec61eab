"""Spans of days on which a series does not meet."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.orm import Session

from groupsite.domain.drafts import check_note
from groupsite.domain.errors import Conflict, InvalidInput, NotFound
from groupsite.domain.permissions import Identity
from groupsite.domain.recurrence import occurrences
from groupsite.domain.zones import A_DAY, to_local, to_utc
from groupsite.models import MeetingSeries, SeriesPause
from groupsite.services.publishing import hold, publish_series, raise_rule

MOST_PAUSES = 100


def add_pause(
    session: Session,
    actor: Identity,
    series: MeetingSeries,
    first_date: date,
    last_date: date,
    public_note: str = "",
    *,
    now: datetime,
) -> None:
    """No dates from `first_date` to `last_date`, both inclusive and local. Raises InvalidInput for days that are over."""
    hold(session, series)
    check_note(public_note)
    if last_date < first_date:
        raise InvalidInput("last_date", "The last day lies before the first.")
    if first_date < to_local(now, series.timezone).date():
        raise InvalidInput("first_date", "This day is over. Choose today or a later day.")
    _refuse_begun(series, first_date, last_date, now)
    if len([one for one in series.pauses if one.last_date >= first_date]) >= MOST_PAUSES:
        raise Conflict("This meeting has too many pauses ahead. Please take some away.")
    series.pauses.append(SeriesPause(first_date=first_date, last_date=last_date, public_note=public_note))
    raise_rule(series, now=now)
    publish_series(session, actor, series, "pause.added", now=now)


def remove_pause(session: Session, actor: Identity, series: MeetingSeries, pause_id: UUID, *, now: datetime) -> None:
    """Bring back the dates of a pause that lie ahead; those that were left out already stay so.

    Raises NotFound, and Conflict for a pause that is over.
    """
    hold(session, series)
    pause = next((one for one in series.pauses if one.id == pause_id), None)
    if pause is None:
        raise NotFound("There is no such pause.")
    today = to_local(now, series.timezone).date()
    if pause.last_date < today:
        raise Conflict("This pause is over, and stays as it was.")
    if pause.first_date >= today:
        series.pauses.remove(pause)
    else:
        pause.last_date = today - A_DAY
    raise_rule(series, now=now)
    publish_series(session, actor, series, "pause.removed", now=now)


def _refuse_begun(series: MeetingSeries, first_date: date, last_date: date, now: datetime) -> None:
    """A date that has begun, or was held today, is not taken away again."""
    begin = to_utc(datetime.combine(first_date, time.min), series.timezone)
    begun = [
        one for one in occurrences(series.schedule, begin, now) if first_date <= one.original_local.date() <= last_date
    ]
    if begun:
        raise InvalidInput("first_date", "Today’s date has begun. Let the pause begin tomorrow.")
