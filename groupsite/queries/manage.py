"""What the people who run a group see of it: its members by the names they chose, and its coming dates."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.errors import NotFound
from groupsite.domain.words import MembershipState, Role
from groupsite.models import Membership, OccurrenceRow

NO_DATE = "This meeting has no such date."
BELONGING = (MembershipState.ACTIVE, MembershipState.RESTING)


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member as the group sees them; the month is all that is kept of when they came."""

    display_name: str
    joined_month: date
    runs: bool


def members_of(session: Session, group_id: UUID) -> list[MemberLine]:
    """Everybody who belongs, by display name. Accounts are not touched."""
    query = (
        select(Membership.display_name, Membership.joined_month, Membership.roles)
        .where(Membership.group_id == group_id, Membership.state.in_(BELONGING))
        .order_by(Membership.display_name)
    )
    return [MemberLine(name, month, Role.SECRETARY in roles) for name, month, roles in session.execute(query)]


def coming_dates(session: Session, group_id: UUID, *, now: datetime, limit: int = 12) -> list[OccurrenceRow]:
    """The next dates of all series of the group, cancelled ones too, in the order in which they start."""
    query = (
        select(OccurrenceRow)
        .where(OccurrenceRow.group_id == group_id, OccurrenceRow.end_utc > now)
        .order_by(OccurrenceRow.start_utc, OccurrenceRow.series_id)
        .limit(limit)
    )
    return list(session.scalars(query))


def one_date(session: Session, series_id: UUID, original_local: datetime) -> OccurrenceRow:
    """The date whose original wall-clock start is given. Raises NotFound."""
    row = session.get(OccurrenceRow, (series_id, original_local))
    if row is None:
        raise NotFound(NO_DATE)
    return row
