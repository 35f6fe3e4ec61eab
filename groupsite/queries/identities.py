"""Who is behind a session."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.permissions import Belonging, Identity
from groupsite.domain.words import MembershipState, Role
from groupsite.models import Account, Membership, WebSession


def identity_of_session(session: Session, id_hash: bytes, *, now: datetime) -> Identity | None:
    """The identity of a live session, or None when it is unknown or over. Two queries.

    None too for an account that is out of sight, however somebody has signed in to it.
    """
    live = select(Account).join(WebSession, WebSession.account_id == Account.id)
    live = live.where(Account.hidden_at.is_(None), Account.deleted_at.is_(None))
    account = session.scalar(live.where(WebSession.id_hash == id_hash, WebSession.expires_at > now))
    return identity_of(session, account) if account else None


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
