"""Out of sight at once: every sign-in, calendar address and mail ends in one transaction; hidden or deleted if she wants."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from groupsite.domain.disappearing import Extent
from groupsite.domain.permissions import Identity
from groupsite.domain.safe_days import EVERY_DAY
from groupsite.domain.words import BELONGING, MembershipState
from groupsite.models import (
    Account,
    CalendarFeed,
    HalfSignIn,
    Membership,
    Passkey,
    SecondStep,
    SignInChange,
    SingleUseToken,
)
from groupsite.services import audit, memberships, sessions, stopping, waiting

ON_PAPER = ("recovery", *(f"slip-{extent}" for extent in Extent))
"""Purposes of codes that she keeps; every other link of the account ends with its mail."""
VERBS = {Extent.STOP: "account.stopped", Extent.HIDE: "account.hidden", Extent.DELETE: "account.deleted"}


def disappear(session: Session, actor: Identity, account: Account, extent: Extent, *, now: datetime) -> None:
    """Go out of sight as far as `extent` says. `account` is locked by the caller, who has made sure of who asks."""
    if extent is Extent.DELETE:
        session.refresh(account, with_for_update=True)
    _stop(session, account, now)
    if extent is Extent.HIDE and account.hidden_at is None:
        _hide(session, account, now)
    if extent is Extent.DELETE:
        _lock_out(session, account, now)
    is_known = extent is not Extent.DELETE
    audit.record(session, actor if is_known else Identity(), VERBS[extent], now=now)
    session.flush()


def show_again(session: Session, account: Account) -> None:
    """Out of hiding: back in her groups under her names, without mail and without calendars."""
    account.hidden_at = None
    session.flush()
    _change_memberships(session, account, MembershipState.HIDDEN, state=MembershipState.ACTIVE)


def _stop(session: Session, account: Account, now: datetime) -> None:
    account.never_contact = True
    session.flush()
    sessions.end_all(session, account.id)
    live = update(CalendarFeed).where(CalendarFeed.account_id == account.id, CalendarFeed.revoked_at.is_(None))
    session.execute(live.values(revoked_at=now))
    stopping.stop_all(session, account.id)
    waiting.take_back_all(session, account)
    links = SingleUseToken.account_id == account.id, SingleUseToken.purpose.not_in(ON_PAPER)
    session.execute(delete(SingleUseToken).where(*links))


def _hide(session: Session, account: Account, now: datetime) -> None:
    memberships.mark_groups_left_alone(session, account.id)
    _change_memberships(
        session, account, MembershipState.REQUESTED, state=MembershipState.LEFT, display_name="", roles=[]
    )
    _change_memberships(session, account, *BELONGING, state=MembershipState.HIDDEN)
    account.hidden_at = now


def _lock_out(session: Session, account: Account, now: datetime) -> None:
    """Delete as far as anybody can see: no sign-in, no name, no address, no word. What is left is erased by and by.

    The rows of one person that are few go here; what may be many goes in services/erasure.py.
    """
    memberships.mark_groups_left_alone(session, account.id)
    for ways in (SingleUseToken, Passkey, SecondStep, HalfSignIn, SignInChange):
        session.execute(delete(ways).where(ways.account_id == account.id))
    _change_memberships(session, account, *MembershipState, state=MembershipState.LEFT, display_name="", roles=[])
    account.login, account.password_hash = f"gone {uuid4().hex}", ""
    account.email_sealed = account.email_confirmed_at = account.safe_on = None
    account.timezone = account.quiet_from = account.quiet_until = account.rest_until = None
    account.discreet_title, account.locale, account.is_admin = "", "en", False
    account.safe_days, account.hidden_at, account.deleted_at = EVERY_DAY, None, now
    account.passkey_handle, account.passkey_put_off_on = uuid4().bytes, None
    session.flush()


def _change_memberships(session: Session, account: Account, *states: MembershipState, **values: object) -> None:
    hers = update(Membership).where(Membership.account_id == account.id, Membership.state.in_(states))
    session.execute(hers.values(**values))
