"""What a delivery speaks of, read in one go for one or for many."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.orm import Session

from groupsite.models import (
    Account,
    Delivery,
    Group,
    Invite,
    MeetingSeries,
    Membership,
    OccurrenceRow,
    Rsvp,
    SingleUseToken,
)
from groupsite.queries.elsewhere import OtherDate


@dataclass(frozen=True, slots=True)
class Seen:
    """Versions of the rows that were read (PostgreSQL's xmin), None for a row that was not there.

    The same versions a moment later mean that nothing of it has changed since (services/ledger.py).
    """

    account: str | None = None
    membership: str | None = None
    occurrence: str | None = None
    rsvp: str | None = None


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
    seen: Seen = Seen()
    others: tuple[OtherDate, ...] = ()
    """Where else one could go, when this is about a date that is not as usual."""


def _version(table: str) -> ColumnElement[str | None]:
    return literal_column(f"{table}.xmin::text")


SUBJECTS = (
    select(
        Delivery,
        Account,
        Membership,
        Group,
        MeetingSeries,
        OccurrenceRow,
        SingleUseToken,
        Rsvp,
        Invite,
        *map(_version, ("account", "membership", "occurrence", "rsvp")),
    )
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
    .execution_options(populate_existing=True)
)


def subject_of(session: Session, delivery_id: UUID) -> Subject | None:
    """The delivery with what it speaks of. One query."""
    return subjects_of(session, [delivery_id]).get(delivery_id)


def subjects_of(session: Session, delivery_ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """The same of many, by the delivery's id. One query."""
    rows = session.execute(SUBJECTS.where(Delivery.id.in_(delivery_ids)))
    return {row[0].id: Subject(*row[:9], seen=Seen(*row[9:])) for row in rows}
