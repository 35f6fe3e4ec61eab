"""My week: the dates of all my groups, in the order in which they come."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.words import MembershipState
from groupsite.models import Group, Membership, OccurrenceRow

AHEAD = timedelta(days=14)


def my_week(session: Session, account_id: UUID, *, now: datetime) -> list[tuple[OccurrenceRow, Group]]:
    """Dates of the next 14 days, those under way and cancelled ones included, with their groups. One query."""
    mine = (
        select(OccurrenceRow, Group)
        .join(Group, Group.id == OccurrenceRow.group_id)
        .join(Membership, Membership.group_id == Group.id)
        .where(
            Membership.account_id == account_id,
            Membership.state == MembershipState.ACTIVE,
            OccurrenceRow.end_utc > now,
            OccurrenceRow.start_utc < now + AHEAD,
        )
        .order_by(OccurrenceRow.start_utc, Group.slug, OccurrenceRow.series_id)
    )
    return [(date, group) for date, group in session.execute(mine)]
