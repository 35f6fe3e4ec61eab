"""What has to be done from time to time: noting that jobs ran, and forgetting what need not be kept."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from groupsite.models import Delivery, DeliveryState, Heartbeat, SingleUseToken
from groupsite.services import answers, memberships, sessions, shares, suppression

DELIVERIES_KEPT = timedelta(days=30)
OVER = (
    DeliveryState.SENT,
    DeliveryState.FAILED,
    DeliveryState.EXPIRED,
    DeliveryState.CANCELLED,
    DeliveryState.SUPPRESSED,
    DeliveryState.UNKNOWN,
)


def note_run(session: Session, name: str, *, now: datetime) -> None:
    """Note that a periodic job has run to its end."""
    statement = insert(Heartbeat).values(name=name, at=now)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"at": now}))


def forget(session: Session, *, now: datetime) -> None:
    """Delete what is over: shares, answers about past dates, sessions, spent links, memberships, old delivery rows, bad days."""
    shares.forget_expired(session, now=now)
    answers.forget(session, now=now)
    sessions.forget_ended(session, now=now)
    session.execute(
        delete(SingleUseToken).where(or_(SingleUseToken.expires_at <= now, SingleUseToken.used_at.is_not(None)))
    )
    session.execute(delete(Delivery).where(Delivery.state.in_(OVER), Delivery.due_at < now - DELIVERIES_KEPT))
    suppression.forget(session, now=now)
    memberships.forget_left(session)
