"""How it stands with the mail: counts by state, what has failed and why, what waits. Ids and classes, never an address."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groupsite.models import NOTES, Delivery, DeliveryKind, DeliveryState, InboundCount

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that will not be sent unless somebody asks for it; `why` is a class such as `smtp_550`."""

    id: UUID
    kind: DeliveryKind
    due_at: datetime
    expires_at: datetime
    tries: int
    why: str


def counts(session: Session) -> dict[tuple[DeliveryKind, DeliveryState], int]:
    """Rows of the last 30 days by kind and state."""
    found = session.execute(
        select(Delivery.kind, Delivery.state, func.count().label("rows")).group_by(Delivery.kind, Delivery.state)
    )
    return {(row.kind, row.state): row.rows for row in found}


def dead_letters(session: Session) -> Sequence[DeadLetter]:
    """The newest that failed."""
    query = (
        select(
            Delivery.id,
            Delivery.kind,
            Delivery.due_at,
            Delivery.expires_at,
            Delivery.attempt,
            Delivery.last_error_class,
        )
        .where(Delivery.state == DeliveryState.FAILED)
        .order_by(Delivery.due_at.desc(), Delivery.id)
        .limit(AT_ONCE)
    )
    return [DeadLetter(*row[:-1], row.last_error_class or "unknown") for row in session.execute(query)]


def inbound_counts(session: Session) -> dict[str, int]:
    """How many incoming mails ended how, since the site began."""
    query = select(InboundCount.outcome, func.sum(InboundCount.count).label("mails")).group_by(InboundCount.outcome)
    return {row.outcome: int(row.mails) for row in session.execute(query)}


def sent_lately(session: Session, account_ids: Collection[UUID], *, since: datetime) -> dict[UUID, list[datetime]]:
    """When mails about dates left for these people (UTC); one that carried several deliveries is one mail. One query."""
    mails = (
        select(Delivery.account_id, func.max(Delivery.sent_at).label("left_at"))
        .where(Delivery.account_id.in_(account_ids), Delivery.kind.in_(NOTES), Delivery.sent_at >= since)
        .group_by(Delivery.account_id, Delivery.carrier_id)
    )
    found: dict[UUID, list[datetime]] = defaultdict(list)
    for row in session.execute(mails):
        found[row.account_id].append(row.left_at)
    return found
