"""Who is behind a session, and which sessions an account has."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from groupsite.domain.permissions import Belonging, Identity
from groupsite.domain.words import MembershipState, Role
from groupsite.models import Account, Membership, WebSession


def in_sight() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """That an account is neither hidden nor deleted: only then does any way to sign in open it."""
    return Account.hidden_at.is_(None), Account.deleted_at.is_(None)


def visit_of(session: Session, id_hash: bytes) -> tuple[WebSession, Account] | None:
    """The session of this id and whose it is, over or not; None when it is unknown.

    None too for an account that is out of sight, however somebody has signed in to it.
    """
    both = select(WebSession, Account).join(Account, WebSession.account_id == Account.id)
    both = both.where(*in_sight())
    found = session.execute(both.where(WebSession.id_hash == id_hash)).first()
    return (found[0], found[1]) if found else None


def visits_of(session: Session, account_id: UUID, *, now: datetime) -> Sequence[WebSession]:
    """The sessions of the account that have not reached their end, the one used last first."""
    open_ones = select(WebSession).where(WebSession.account_id == account_id, WebSession.expires_at > now)
    return session.scalars(open_ones.order_by(WebSession.last_seen_at.desc(), WebSession.handle)).all()


def identity_of(session: Session, account: Account) -> Identity:
    return Identity(
        account_id=account.id,
        login=account.login,
        is_admin=account.is_admin,
        belongings=_belongings(session, account.id),
    )


def _belongings(session: Session, account_id: UUID) -> dict[UUID, Belonging]:
    columns = select(Membership.group_id, Membership.id, Membership.display_name, Membership.roles)
    rows = session.execute(
        columns.where(Membership.account_id == account_id, Membership.state == MembershipState.ACTIVE)
    )
    return {
        group_id: Belonging(membership_id, name, frozenset(Role(role) for role in roles))
        for group_id, membership_id, name, roles in rows
    }
