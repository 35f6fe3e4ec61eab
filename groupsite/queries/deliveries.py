"""What is known of the mail behind what is owed, and whether a series goes on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, selectinload

from groupsite.domain.words import OccurrenceStatus
from groupsite.models import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    MeetingSeries,
    OccurrenceRow,
)

NOT_TAKEN = (DeliveryState.FAILED, DeliveryState.SUPPRESSED)


def link_came_back(session: Session, account_id: UUID) -> bool:
    """Whether the newest link to confirm an address did not arrive."""
    newest = (
        select(Delivery)
        .where(Delivery.account_id == account_id, Delivery.kind == DeliveryKind.CONFIRM_EMAIL)
        .order_by(Delivery.created_at.desc())
        .limit(1)
    )
    row = session.scalar(newest)
    return row is not None and (row.came_back is not None or row.state in NOT_TAKEN)


def goes_on(now: datetime) -> ColumnElement[bool]:
    """Whether a series (MeetingSeries in the query around) still has a date to come, or a rule without an end."""
    is_to_come = exists().where(
        OccurrenceRow.series_id == MeetingSeries.id,
        OccurrenceRow.end_utc > now,
        OccurrenceRow.status != OccurrenceStatus.CANCELLED,
    )
    return or_(is_to_come, MeetingSeries.rrule.regexp_match("UNTIL|COUNT").is_(False))


def is_going_on(session: Session, series_id: UUID, *, now: datetime) -> bool:
    """The same of one series."""
    return session.scalar(select(goes_on(now)).where(MeetingSeries.id == series_id)) is True


def whole_series(session: Session, series_id: UUID) -> MeetingSeries:
    """The series with its exceptions and its group."""
    loaded = select(MeetingSeries).options(
        selectinload(MeetingSeries.overrides), selectinload(MeetingSeries.pauses), selectinload(MeetingSeries.group)
    )
    return session.scalars(loaded.where(MeetingSeries.id == series_id).execution_options(populate_existing=True)).one()
