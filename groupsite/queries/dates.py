"""Dates of one group."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from groupsite.domain.errors import NotFound
from groupsite.domain.words import OccurrenceStatus
from groupsite.models import OccurrenceRow


def upcoming(session: Session, group_id: UUID, *, now: datetime, limit: int) -> list[OccurrenceRow]:
    """The next dates of all series of the group, those under way and cancelled ones included. One query."""
    coming = select(OccurrenceRow).where(OccurrenceRow.group_id == group_id, OccurrenceRow.end_utc > now)
    return list(session.scalars(coming.order_by(OccurrenceRow.start_utc, OccurrenceRow.series_id).limit(limit)))


def next_of_each(session: Session, group_id: UUID, *, now: datetime) -> dict[UUID, OccurrenceRow]:
    """By series, its next date that takes place; a cancelled one only where no other is to come. One query."""
    is_off = OccurrenceRow.status == OccurrenceStatus.CANCELLED
    nearest = (
        select(OccurrenceRow)
        .where(OccurrenceRow.group_id == group_id, OccurrenceRow.end_utc > now)
        .ext(distinct_on(OccurrenceRow.series_id))
        .order_by(OccurrenceRow.series_id, is_off, OccurrenceRow.start_utc)
    )
    return {row.series_id: row for row in session.scalars(nearest)}


def one_date(session: Session, series_id: UUID, original_local: datetime) -> OccurrenceRow:
    """The date with this original wall-clock start. Raises NotFound."""
    row = session.get(OccurrenceRow, (series_id, original_local))
    if row is None:
        raise NotFound("There is no such date.")
    return row
