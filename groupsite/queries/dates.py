"""Dates of one group."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.errors import NotFound
from groupsite.models import OccurrenceRow


def upcoming(session: Session, group_id: UUID, *, now: datetime, limit: int) -> list[OccurrenceRow]:
    """The next dates of all series of the group, those under way and cancelled ones included. One query."""
    coming = select(OccurrenceRow).where(OccurrenceRow.group_id == group_id, OccurrenceRow.end_utc > now)
    return list(session.scalars(coming.order_by(OccurrenceRow.start_utc, OccurrenceRow.series_id).limit(limit)))


def one_date(session: Session, series_id: UUID, original_local: datetime) -> OccurrenceRow:
    """The date with this original wall-clock start. Raises NotFound."""
    row = session.get(OccurrenceRow, (series_id, original_local))
    if row is None:
        raise NotFound("There is no such date.")
    return row
