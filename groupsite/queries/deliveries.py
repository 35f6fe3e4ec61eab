"""What a row that is owed speaks of, and what is known of the mail behind it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, or_, select
from sqlalchemy.orm import Session, selectinload

from groupsite.domain.words import OccurrenceStatus
from groupsite.models import (
    Account,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Group,
    Invite,
    MeetingSeries,
    Membership,
    OccurrenceRow,
    Rsvp,
    SingleUseToken,
)

NOT_TAKEN = (DeliveryState.FAILED, DeliveryState.SUPPRESSED)


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything that one delivery may speak of, read in one go; what it does not concern is None."""

    delivery: Delivery
    account: Account
    membership: Membership | None
    group: Group | None
    series: MeetingSeries | None
    occurrence: OccurrenceRow | None
    token: SingleUseToken | None
    rsvp: Rsvp | None = None
    invite: Invite | None = None


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


SUBJECT = (
    select(Delivery, Account, Membership, Group, MeetingSeries, OccurrenceRow, SingleUseToken, Rsvp, Invite)
    .join(Account, Account.id == Delivery.account_id)
    .outerjoin(Membership, Membership.id == Delivery.membership_id)
    .outerjoin(MeetingSeries, MeetingSeries.id == Delivery.series_id)
    .outerjoin(Group, Group.id == Membership.group_id)
    .outerjoin(
        OccurrenceRow,
        (OccurrenceRow.series_id == Delivery.series_id) & (OccurrenceRow.original_local == Delivery.original_local),
    )
    .outerjoin(SingleUseToken, SingleUseToken.id == Delivery.token_id)
    .outerjoin(
        Rsvp,
        (Rsvp.membership_id == Delivery.membership_id)
        & (Rsvp.series_id == Delivery.series_id)
        & (Rsvp.original_local == Delivery.original_local),
    )
    .outerjoin(Invite, (Invite.membership_id == Delivery.membership_id) & (Invite.series_id == Delivery.series_id))
    .where(Delivery.id == bindparam("delivery_id"))
    .execution_options(populate_existing=True)
)
"""Put together once: it is asked for each mail."""


def subject_of(session: Session, delivery_id: UUID) -> Subject | None:
    """The delivery with what it speaks of. One query."""
    found = session.execute(SUBJECT, {"delivery_id": delivery_id}).one_or_none()
    return Subject(*found) if found else None


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
