"""Spans of days on which a series does not meet."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from groupsite.domain.drafts import check_note
from groupsite.domain.errors import Conflict, InvalidInput, NotFound
from groupsite.domain.permissions import Identity
from groupsite.domain.zones import to_local
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
    if len(series.pauses) >= MOST_PAUSES:
        raise Conflict("This meeting has too many pauses. Please remove some that are over.")
    series.pauses.append(SeriesPause(first_date=first_date, last_date=last_date, public_note=public_note))
    raise_rule(series, now=now)
    publish_series(session, actor, series, "pause.added", now=now)


def remove_pause(session: Session, actor: Identity, series: MeetingSeries, pause_id: UUID, *, now: datetime) -> None:
    """Bring back the dates of a pause. Raises NotFound."""
    hold(session, series)
    pause = next((one for one in series.pauses if one.id == pause_id), None)
    if pause is None:
        raise NotFound("There is no such pause.")
    series.pauses.remove(pause)
    raise_rule(series, now=now)
    publish_series(session, actor, series, "pause.removed", now=now)
