"""Messages that wait while somebody changes what they want: taken back, or owed anew at another time.

An untried reminder is removed rather than marked: the planner owes it again if it is still wanted.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.orm import Session

from groupsite.models import Account, Delivery, DeliveryKind, DeliveryState, Membership, OccurrenceRow

WAITING = (DeliveryState.PLANNED, DeliveryState.DEFERRED)
TAKING_BACK = (DeliveryKind.INVITE_CANCEL, DeliveryKind.INVITE_WITHDRAW)


def take_back_all(session: Session, owner: Account | Membership) -> None:
    """Nothing more is sent to this account, or to this member; taking invites back from a member stays owed."""
    is_theirs = _belongs_to(owner)
    _remove_untried(session, is_theirs)
    others = update(Delivery).where(is_theirs, Delivery.state.in_(WAITING))
    if isinstance(owner, Membership):
        others = others.where(Delivery.kind.not_in(TAKING_BACK))
    session.execute(others.values(state=DeliveryState.CANCELLED))


def take_back_leads(session: Session, member: Membership) -> None:
    """Reminders with a lead that the member no longer has are not sent."""
    _remove_untried(session, _belongs_to(member), Delivery.lead_minutes.not_in(member.lead_minutes))


def take_back_news(session: Session, date: OccurrenceRow) -> None:
    """What was to be told of this date is not so any more."""
    of_date = Delivery.series_id == date.series_id, Delivery.original_local == date.original_local
    old = update(Delivery).where(*of_date, Delivery.kind == DeliveryKind.CHANGE, Delivery.state.in_(WAITING))
    session.execute(old.values(state=DeliveryState.CANCELLED))


def owe_anew(session: Session, account: Account, *, now: datetime) -> None:
    """Quiet hours or zone are others now: reminders that are not due yet get their moment from the planner again."""
    _remove_untried(session, _belongs_to(account), Delivery.due_at > now)


def _belongs_to(owner: Account | Membership) -> ColumnElement[bool]:
    if isinstance(owner, Membership):
        return Delivery.membership_id == owner.id
    return Delivery.account_id == owner.id


def _remove_untried(session: Session, *which: ColumnElement[bool]) -> None:
    session.execute(
        delete(Delivery).where(
            *which,
            Delivery.kind == DeliveryKind.REMINDER,
            Delivery.state == DeliveryState.PLANNED,
            Delivery.attempt == 0,
        )
    )
