"""What the people who run a group see of its members: the names that they chose, and no more."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.words import BELONGING, Role
from groupsite.models import Membership
from groupsite.queries.apart import is_visible_to


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member as the group sees them; the month is all that is kept of when they came."""

    display_name: str
    joined_month: date
    runs: bool


def members_of(session: Session, group_id: UUID, *, reader_id: UUID | None) -> list[MemberLine]:
    """Everybody who belongs and is there for this account, by display name. Accounts are not touched."""
    query = (
        select(Membership.display_name, Membership.joined_month, Membership.roles)
        .where(
            Membership.group_id == group_id,
            Membership.state.in_(BELONGING),
            is_visible_to(reader_id, group_id=Membership.group_id, account_id=Membership.account_id),
        )
        .order_by(Membership.display_name)
    )
    return [MemberLine(name, month, Role.SECRETARY in roles) for name, month, roles in session.execute(query)]
