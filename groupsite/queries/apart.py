"""Who is invisible to whom: pairs in one group, the same both ways."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from groupsite.domain.words import MembershipState
from groupsite.models import HiddenFrom, Membership

SOMEBODY = "Somebody who left the group"


@dataclass(frozen=True, slots=True)
class HiddenLine:
    """One person whom the reader hides from. `id` is of the hiding, known to her alone."""

    id: UUID
    display_name: str


def is_visible_to(
    reader_id: UUID | None, *, group_id: InstrumentedAttribute[UUID], account_id: InstrumentedAttribute[UUID]
) -> ColumnElement[bool]:
    """Whether the account `account_id` is there for the account of the reader, in the group `group_id`: for a WHERE clause.

    Every query that shows one member to another takes it, before it counts, orders or pages.
    """
    apart = or_(
        and_(HiddenFrom.hider_id == reader_id, HiddenFrom.other_id == account_id),
        and_(HiddenFrom.other_id == reader_id, HiddenFrom.hider_id == account_id),
    )
    return ~select(HiddenFrom.id).where(HiddenFrom.group_id == group_id, apart).exists()


def hidden_by(session: Session, account_id: UUID, group_id: UUID) -> list[HiddenLine]:
    """Whom this account hides from in the group, by name; those who have left since have none. One query."""
    other = and_(
        Membership.account_id == HiddenFrom.other_id,
        Membership.group_id == HiddenFrom.group_id,
        Membership.state == MembershipState.ACTIVE,
        HiddenFrom.is_named,
    )
    mine = (
        select(HiddenFrom.id, Membership.display_name)
        .outerjoin(Membership, other)
        .where(HiddenFrom.hider_id == account_id, HiddenFrom.group_id == group_id)
        .order_by(func.lower(Membership.display_name).nulls_last(), HiddenFrom.id)
    )
    return [HiddenLine(hiding_id, name or SOMEBODY) for hiding_id, name in session.execute(mine)]
