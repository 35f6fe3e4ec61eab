"""Erasing what a deleted account has left, some rows at a time, so that no lock lasts and any number of workers may do it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from groupsite.models import (
    Account,
    AuditEntry,
    Base,
    CalendarFeed,
    Delivery,
    Invite,
    Membership,
    Rsvp,
    ShareReport,
    WrittenShare,
)
from groupsite.services.batches import delete_some
from groupsite.services.transactions import Begin

AT_ONCE = 1000
"""Rows of one transaction."""
BATCHES_IN_A_RUN = 500


def erase(begin: Begin, *, at_once: int = AT_ONCE) -> int:
    """Erase deleted accounts, the oldest first, until none is left or the run is long enough. Returns how many are gone.

    Cut off at any point, and begun again, it goes on where it was.
    """
    erased = 0
    for _ in range(BATCHES_IN_A_RUN):
        with begin() as session:
            account_id = _next(session)
            if account_id is None:
                break
            erased += _erase_some(session, account_id, at_once)
    return erased


def _next(session: Session) -> UUID | None:
    """A deleted account that no other worker is at."""
    waiting = select(Account.id).where(Account.deleted_at.is_not(None)).order_by(Account.deleted_at).limit(1)
    return session.scalar(waiting.with_for_update(skip_locked=True))


def _erase_some(session: Session, account_id: UUID, at_once: int) -> bool:
    """One batch; whether the account itself went with it, because nothing else was left."""
    left = at_once
    for table, belongs in _parts(account_id):
        left -= delete_some(session, table, belongs, at_once=left)
        if left <= 0:
            return False
    left -= _let_go_of_trail(session, account_id, left)
    if left <= 0:
        return False
    session.execute(delete(Account).where(Account.id == account_id))
    return True


def _parts(account_id: UUID) -> Sequence[tuple[type[Base], ColumnElement[bool]]]:
    """What may be many, each before what it hangs on; the rest of an account are a few rows, which go with it (CASCADE)."""
    hers = select(Membership.id).where(Membership.account_id == account_id)
    return (
        (WrittenShare, WrittenShare.membership_id.in_(hers)),
        (ShareReport, ShareReport.reporter_id.in_(hers)),
        (Rsvp, Rsvp.membership_id.in_(hers)),
        (Invite, Invite.membership_id.in_(hers)),
        (Delivery, Delivery.account_id == account_id),
        (CalendarFeed, CalendarFeed.account_id == account_id),
        (Membership, Membership.account_id == account_id),
    )


def _let_go_of_trail(session: Session, account_id: UUID, at_once: int) -> int:
    """What was done stays on record, by role alone."""
    some = select(AuditEntry.id).where(AuditEntry.actor_id == account_id).limit(at_once)
    let_go = update(AuditEntry).where(AuditEntry.id.in_(some)).values(actor_id=None).returning(AuditEntry.id)
    return len(session.execute(let_go, execution_options={"synchronize_session": False}).all())
