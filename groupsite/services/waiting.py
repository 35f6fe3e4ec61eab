"""Messages that wait while somebody changes what they want: taken back, or owed anew at another time.

An untried reminder is removed rather than marked, so that it can be owed again if it is wanted after all.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, update
from sqlalchemy.orm import Session

from groupsite.domain.words import OccurrenceStatus
from groupsite.models import Account, Delivery, DeliveryKind, DeliveryState, Membership, OccurrenceRow
from groupsite.services import planning

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


def follow_leads(session: Session, member: Membership, *, now: datetime) -> None:
    """Reminders with a lead that the member no longer has are taken back, those with a new one are owed."""
    session.flush()
    _remove_untried(session, _belongs_to(member), Delivery.lead_minutes.not_in(member.lead_minutes))
    planning.owe_account(session, member.account_id, now=now)


def owe_anew(session: Session, account: Account, *, now: datetime) -> None:
    """Quiet hours or zone are others now: each reminder that was not tried yet gets its moment anew."""
    session.flush()
    _remove_untried(session, _belongs_to(account))
    planning.owe_account(session, account.id, now=now)


def follow_dates(session: Session, series_ids: Collection[UUID], *, now: datetime) -> None:
    """Dates of these series have changed: reminders of what is no longer so are taken back, and what is so now is owed."""
    still_takes_place = exists().where(
        OccurrenceRow.series_id == Delivery.series_id,
        OccurrenceRow.original_local == Delivery.original_local,
        OccurrenceRow.start_utc == Delivery.start_utc,
        OccurrenceRow.status != OccurrenceStatus.CANCELLED,
    )
    _remove_untried(session, Delivery.series_id.in_(series_ids), ~still_takes_place)
    planning.owe_dates(session, series_ids, now=now)


def follow_answer(session: Session, member: Membership, row: OccurrenceRow, *, comes: bool, now: datetime) -> None:
    """Who does not come is not reminded of the date; who comes after all is, as long as that is of use."""
    if comes:
        planning.owe_account(session, member.account_id, now=now)
        return
    is_about = Delivery.series_id == row.series_id, Delivery.original_local == row.original_local
    _remove_untried(session, _belongs_to(member), *is_about)


def _belongs_to(owner: Account | Membership) -> ColumnElement[bool]:
    if isinstance(owner, Membership):
        return Delivery.membership_id == owner.id
    return Delivery.account_id == owner.id


def _remove_untried(session: Session, *which: ColumnElement[bool]) -> None:
    session.execute(
        delete(Delivery).where(
            *which,
            Delivery.kind == DeliveryKind.REMINDER,
            Delivery.state.in_(WAITING),
            Delivery.attempt == 0,
            Delivery.ambiguous.is_(False),
        )
    )
