"""The sender rests while every mail would be refused for what is our own fault, and goes on by itself.

Rows stay due meanwhile: they go out afterwards, or expire on record. Nobody's address is blamed.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from groupsite.domain.bounces import Fault
from groupsite.logging import get_logger
from groupsite.models import SenderPause

SENDER = "mail"
RESTS = (1, 2, 5, 10, 15)
"""Minutes until it is tried again, the last one again and again."""


def pause(session: Session, fault: Fault, *, now: datetime) -> None:
    """Rest, longer each time in succession, and raise the alarm. Several workers that find out together count once."""
    row = _locked(session, fault, now)
    if row.resumed_at is None and row.until > now:
        return
    row.count = row.count + 1 if row.resumed_at is None else 1
    row.fault, row.resumed_at = fault, None
    row.until = now + timedelta(minutes=RESTS[min(row.count, len(RESTS)) - 1])
    session.flush()
    get_logger().error("sender_paused", reason=fault.value, count=row.count)


def resume(session: Session, *, now: datetime) -> bool:
    """A mail was taken, or the operator says that it works again. False if the sender was not resting."""
    over = update(SenderPause).where(SenderPause.name == SENDER, SenderPause.resumed_at.is_(None))
    was_resting = bool(session.execute(over.values(resumed_at=now).returning(SenderPause.name)).all())
    if was_resting:
        get_logger().info("sender_resumed")
    return was_resting


def rests(now: datetime) -> ColumnElement[bool]:
    """For a WHERE clause: the sender rests now."""
    return exists().where(SenderPause.name == SENDER, SenderPause.resumed_at.is_(None), SenderPause.until > now)


def is_in_trouble(session: Session) -> bool:
    """Whether a pause has not been followed by a mail that was taken."""
    return session.scalar(select(SenderPause.name).where(SenderPause.resumed_at.is_(None))) is not None


def _locked(session: Session, fault: Fault, now: datetime) -> SenderPause:
    first = {"name": SENDER, "fault": fault, "count": 0, "until": now, "resumed_at": now}
    session.execute(insert(SenderPause).values(first).on_conflict_do_nothing())
    return session.get_one(SenderPause, SENDER, with_for_update=True, populate_existing=True)
