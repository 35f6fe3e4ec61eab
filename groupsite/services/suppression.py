"""Addresses that get no more mail: known by a keyed hash alone, released only when somebody confirms the address again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from groupsite.domain.bounces import POINTS_LAST, STOPS_AT, Fault, points
from groupsite.mail.vault import Vault
from groupsite.models import Account, Suppression

STOPS_AT_ONCE = frozenset({Fault.ADDRESS, Fault.COMPLAINT})
COUNTS = STOPS_AT_ONCE | {Fault.MAILBOX}


def blame(session: Session, address_mark: bytes, fault: Fault, *, now: datetime) -> None:
    """Mail to this address came back, or was complained about: stop at once, or on the fourth bad day.

    Faults that are not the address's change nothing.
    """
    if fault not in COUNTS:
        return
    row = _locked(session, address_mark, fault, now)
    row.points, row.last_on = points(row.points, row.last_on if row.points else None, now.date()), now.date()
    if row.since is None and (fault in STOPS_AT_ONCE or row.points >= STOPS_AT):
        row.since, row.fault = now, fault
    session.flush()


def stopped_among(session: Session, address_marks: Collection[bytes]) -> set[bytes]:
    """Those of these addresses that get no more mail."""
    stopped = select(Suppression.address_mark).where(Suppression.since.is_not(None))
    return set(session.scalars(stopped.where(Suppression.address_mark.in_(address_marks))))


def why_stopped(session: Session, account: Account, vault: Vault) -> Fault | None:
    """Why nothing is sent to this account's address, or None."""
    address = vault.open(account.email_sealed) if account.email_sealed else None
    if address is None:
        return None
    stopped = select(Suppression.fault).where(Suppression.since.is_not(None))
    return session.scalar(stopped.where(Suppression.address_mark == vault.address_mark(address)))


def release(session: Session, address: str, vault: Vault) -> None:
    """The address works: somebody has just read a mail there."""
    session.execute(delete(Suppression).where(Suppression.address_mark == vault.address_mark(address)))


def forget(session: Session, *, now: datetime) -> None:
    """Delete bad days that count no more; an address that is stopped stays so."""
    too_old = (now - POINTS_LAST).date()
    session.execute(delete(Suppression).where(Suppression.since.is_(None), Suppression.last_on < too_old))


def _locked(session: Session, address_mark: bytes, fault: Fault, now: datetime) -> Suppression:
    """The row of this address, made if there was none, for this change alone."""
    first = {"address_mark": address_mark, "fault": fault, "points": 0, "last_on": now.date()}
    session.execute(insert(Suppression).values(first).on_conflict_do_nothing())
    return session.get_one(Suppression, address_mark, with_for_update=True, populate_existing=True)
