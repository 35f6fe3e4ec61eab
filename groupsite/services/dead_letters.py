"""Messages that failed: sent again if somebody asks, while that is of use."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from groupsite.domain.errors import Conflict, NotFound
from groupsite.domain.permissions import Identity
from groupsite.models import Delivery, DeliveryState
from groupsite.services import audit
from groupsite.services.doorbell import ask_for_ring


def retry(session: Session, actor: Identity, delivery_id: UUID, *, now: datetime) -> None:
    """Owe the message anew, under the same Message-ID; what it says and whether it is wanted is read again when it is sent.

    Raises NotFound, and Conflict for one that did not fail or is of no more use.
    """
    row = session.get(Delivery, delivery_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such message.")
    if row.state is not DeliveryState.FAILED:
        raise Conflict("This message has not failed. Nothing was changed.")
    if row.expires_at <= now:
        raise Conflict("This message is of no more use. Nothing was changed.")
    row.state, row.attempt, row.next_try_at, row.fence = DeliveryState.PLANNED, 0, now, row.fence + 1
    session.flush()
    ask_for_ring(session)
    audit.record(session, actor, "delivery.retried", now=now, delivery=delivery_id)
