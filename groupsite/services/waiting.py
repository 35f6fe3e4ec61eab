"""Messages that wait while somebody changes what they want: taken back, or owed anew at another time.

An untried reminder is removed rather than marked: the planner owes it again if it is still wanted. What a worker holds but has
not handed over is taken from it by raising its fence: the mark that it sets before the body leaves then finds no row.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from groupsite.models import Account, Delivery, DeliveryKind, DeliveryState, Membership, OccurrenceRow

WAITING = (DeliveryState.PLANNED, DeliveryState.DEFERRED)
TAKING_BACK = (DeliveryKind.INVITE_CANCEL, DeliveryKind.INVITE_WITHDRAW)
IS_HELD = and_(Delivery.state == DeliveryState.SENDING, Delivery.handed_over_at.is_(None))
"""A worker has it, and the body has not left."""
TAKEN_FROM_WORKER = {"fence": Delivery.fence + 1, "lease_until": None}


def take_back_all(session: Session, owner: Account | Membership) -> None:
    """Nothing more is sent to this account, or to this member; taking invites back from a member stays owed."""
    is_theirs = _belongs_to(owner)
    _remove_untried(session, is_theirs)
    _cancel(session, is_theirs, *([Delivery.kind.not_in(TAKING_BACK)] if isinstance(owner, Membership) else []))


def take_back_of_all_groups(session: Session, account_id: UUID) -> None:
    """Nothing more is sent to this account as a member of any group, taking invites back included."""
    is_theirs = Delivery.membership_id.in_(select(Membership.id).where(Membership.account_id == account_id))
    _remove_untried(session, is_theirs)
    _cancel(session, is_theirs)


def take_back_leads(session: Session, member: Membership) -> None:
    """Reminders with a lead that the member no longer has are not sent."""
    is_unwanted = _belongs_to(member) & Delivery.lead_minutes.not_in(member.lead_minutes)
    _remove_untried(session, is_unwanted)
    _cancel(session, is_unwanted, Delivery.kind == DeliveryKind.REMINDER)


def take_back_news(session: Session, date: OccurrenceRow) -> None:
    """What was to be told of this date is not so any more."""
    of_date = Delivery.series_id == date.series_id, Delivery.original_local == date.original_local
    old = update(Delivery).where(*of_date, Delivery.kind == DeliveryKind.CHANGE, Delivery.state.in_(WAITING))
    session.execute(old.values(state=DeliveryState.CANCELLED))


def owe_anew(session: Session, account: Account, *, now: datetime) -> None:
    """Quiet hours or zone are others now: reminders that are not due yet get their moment from the planner again."""
    _remove_untried(session, _belongs_to(account), Delivery.due_at > now)


def write_anew(
    session: Session, series_id: UUID, *, original_local: datetime | None = None, membership_id: UUID | None = None
) -> None:
    """What a worker was about to send of this series, or of this date or member of it, is asked and written once more."""
    which = [Delivery.series_id == series_id]
    if original_local is not None:
        which.append(Delivery.original_local == original_local)
    if membership_id is not None:
        which.append(Delivery.membership_id == membership_id)
    session.execute(update(Delivery).where(*which, IS_HELD).values(state=DeliveryState.PLANNED, **TAKEN_FROM_WORKER))


def _belongs_to(owner: Account | Membership) -> ColumnElement[bool]:
    if isinstance(owner, Membership):
        return Delivery.membership_id == owner.id
    return Delivery.account_id == owner.id


def _cancel(session: Session, *which: ColumnElement[bool]) -> None:
    waits = or_(Delivery.state.in_(WAITING), IS_HELD)
    session.execute(update(Delivery).where(*which, waits).values(state=DeliveryState.CANCELLED, **TAKEN_FROM_WORKER))


def _remove_untried(session: Session, *which: ColumnElement[bool]) -> None:
    session.execute(
        delete(Delivery).where(
            *which,
            Delivery.kind == DeliveryKind.REMINDER,
            Delivery.state == DeliveryState.PLANNED,
            Delivery.attempt == 0,
        )
    )
