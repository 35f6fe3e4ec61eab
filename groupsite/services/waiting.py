"""Messages that wait while somebody changes what they want: taken back, or owed anew at another time.

An untried reminder is removed rather than marked, so that it can be owed again if it is wanted after all. What a worker holds
but has not handed over is taken from it by raising its fence: the mark that it sets before the body leaves then finds no row.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from groupsite.domain.words import OccurrenceStatus
from groupsite.models import WAITING, Account, Delivery, DeliveryKind, DeliveryState, Membership, OccurrenceRow
from groupsite.services import ledger, planning
from groupsite.services.doorbell import ask_for_ring
from groupsite.services.ledger import IS_HELD

TAKING_BACK = (DeliveryKind.INVITE_CANCEL, DeliveryKind.INVITE_WITHDRAW)
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


def take_back_news(session: Session, date: OccurrenceRow) -> None:
    """What was to be told of this date is not so any more."""
    is_of_date = Delivery.series_id == date.series_id, Delivery.original_local == date.original_local
    _cancel(session, *is_of_date, Delivery.kind == DeliveryKind.CHANGE)


def follow_leads(session: Session, member: Membership, *, now: datetime) -> None:
    """Reminders with a lead that the member no longer has are taken back, those with a new one are owed."""
    session.flush()
    is_unwanted = _belongs_to(member) & Delivery.lead_minutes.not_in(member.lead_minutes)
    _remove_untried(session, is_unwanted)
    _cancel(session, is_unwanted, Delivery.kind == DeliveryKind.REMINDER)
    planning.owe_account(session, member.account_id, now=now)


def owe_anew(session: Session, account: Account, *, now: datetime) -> None:
    """Quiet hours or zone are others now: each reminder that was not tried yet gets its moment anew, news are looked at again."""
    session.flush()
    _remove_untried(session, _belongs_to(account))
    planning.owe_account(session, account.id, now=now)
    _look_at_held_news(session, account, now=now)


def _look_at_held_news(session: Session, account: Account, *, now: datetime) -> None:
    """What her hours have held is ripe now: whoever sends asks her hours as they are, and holds it again if they still do."""
    is_held = and_(
        _belongs_to(account),
        Delivery.kind == DeliveryKind.CHANGE,
        Delivery.state == DeliveryState.DEFERRED,
        Delivery.attempt == 0,
        Delivery.next_try_at > now,
    )
    ledger.lock(session, is_held)
    released = update(Delivery).where(is_held).values(next_try_at=now).returning(Delivery.id)
    if session.execute(released).first() is not None:
        ask_for_ring(session)


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


def write_anew(
    session: Session, series_id: UUID, *, original_local: datetime | None = None, membership_id: UUID | None = None
) -> None:
    """What a worker was about to send of this series, or of this date or member of it, is asked and written once more."""
    which = [Delivery.series_id == series_id]
    if original_local is not None:
        which.append(Delivery.original_local == original_local)
    if membership_id is not None:
        which.append(Delivery.membership_id == membership_id)
    ledger.lock(session, *which, IS_HELD)
    session.execute(update(Delivery).where(*which, IS_HELD).values(state=DeliveryState.PLANNED, **TAKEN_FROM_WORKER))


def _belongs_to(owner: Account | Membership) -> ColumnElement[bool]:
    if isinstance(owner, Membership):
        return Delivery.membership_id == owner.id
    return Delivery.account_id == owner.id


def _cancel(session: Session, *which: ColumnElement[bool]) -> None:
    waits = or_(Delivery.state.in_(WAITING), IS_HELD)
    ledger.lock(session, *which, waits)
    session.execute(update(Delivery).where(*which, waits).values(state=DeliveryState.CANCELLED, **TAKEN_FROM_WORKER))


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
