"""Dates of written meetings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from groupsite.domain.errors import NotFound
from groupsite.domain.words import Modality, OccurrenceStatus
from groupsite.models import OccurrenceRow

NO_WRITTEN_DATE = "There is no written meeting on this date."


def written_date(session: Session, group_id: UUID, series_slug: str, original_local: datetime) -> OccurrenceRow:
    """The date of a written meeting with this original wall-clock start. One query. Raises NotFound."""
    named = OccurrenceRow.series_slug == series_slug, OccurrenceRow.original_local == original_local
    row = session.scalar(_written(group_id).where(*named))
    if row is None:
        raise NotFound(NO_WRITTEN_DATE)
    return row


def written_now(session: Session, group_id: UUID, *, now: datetime) -> OccurrenceRow | None:
    """The written date that is under way, or the next one. One query."""
    held = OccurrenceRow.status != OccurrenceStatus.CANCELLED, OccurrenceRow.end_utc > now
    coming = _written(group_id).where(*held).order_by(OccurrenceRow.start_utc, OccurrenceRow.series_id)
    return session.scalar(coming.limit(1))


def written_before(session: Session, row: OccurrenceRow) -> OccurrenceRow | None:
    """The date of the same meeting before this one. One query."""
    earlier = OccurrenceRow.series_id == row.series_id, OccurrenceRow.start_utc < row.start_utc
    return session.scalar(_written(row.group_id).where(*earlier).order_by(OccurrenceRow.start_utc.desc()).limit(1))


def _written(group_id: UUID) -> Select[OccurrenceRow]:
    return select(OccurrenceRow).where(OccurrenceRow.group_id == group_id, OccurrenceRow.modality == Modality.WRITTEN)
