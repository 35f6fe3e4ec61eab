"""Who is in which group, as far as the reader may know it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from groupsite.domain.errors import NotFound
from groupsite.domain.recurrence import occurrences
from groupsite.domain.schedule import Schedule
from groupsite.domain.words import MembershipState, OccurrenceStatus
from groupsite.models import Account, Group, MeetingSeries, Membership, SeriesOverride

FULL = "This group is full. Nobody new can join just now."
CLOSED = "This group has closed for new people: it has already begun."


def account_of(session: Session, account_id: UUID) -> Account:
    return session.get_one(Account, account_id)


def my_memberships(session: Session, account_id: UUID) -> list[tuple[Membership, Group]]:
    """The active memberships of one account with their groups, by the groups' names. One query."""
    mine = (
        select(Membership, Group)
        .join(Group, Group.id == Membership.group_id)
        .where(Membership.account_id == account_id, Membership.state == MembershipState.ACTIVE)
        .order_by(func.lower(Group.name), Group.id)
    )
    return [(member, group) for member, group in session.execute(mine)]


def my_group_ids(session: Session, account_id: UUID) -> Sequence[UUID]:
    """One query."""
    mine = select(Membership.group_id).where(Membership.account_id == account_id)
    return session.scalars(mine.where(Membership.state == MembershipState.ACTIVE)).all()


def names_that_tell(session: Session, account_id: UUID) -> list[str]:
    """What the account's groups are called, and the places where they meet, single dates too. One query."""
    rows = session.execute(
        select(Group.name, MeetingSeries.venue, SeriesOverride.venue)
        .join(Membership, Membership.group_id == Group.id)
        .outerjoin(MeetingSeries, MeetingSeries.group_id == Group.id)
        .outerjoin(SeriesOverride, SeriesOverride.series_id == MeetingSeries.id)
        .where(Membership.account_id == account_id, Membership.state == MembershipState.ACTIVE)
    )
    told = {name for group, *venues in rows for name in (group, *(venue.name for venue in venues if venue))}
    return sorted(told)


def membership_of(session: Session, account_id: UUID | None, group_id: UUID) -> tuple[Membership, Account]:
    """The account's active membership in the group, and the account. One query. Raises NotFound."""
    found = session.execute(
        select(Membership, Account)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.account_id == account_id,
            Membership.group_id == group_id,
            Membership.state == MembershipState.ACTIVE,
        )
    ).one_or_none()
    if found is None:
        raise NotFound("You are not in this group.")
    return found[0], found[1]


def active_members(session: Session, group_id: UUID) -> int:
    """How many people are in the group. For rules alone: no page shows it."""
    active = select(func.count()).where(Membership.group_id == group_id, Membership.state == MembershipState.ACTIVE)
    return session.scalar(active) or 0


def enrolment_problem(session: Session, group: Group, *, now: datetime) -> str:
    """Why nobody new can join, as a sentence, or nothing. No query for a group without such rules."""
    rules = group.enrolment or {}
    capacity, closes_after = rules.get("capacity"), rules.get("closes_after_occurrence")
    if capacity and active_members(session, group.id) >= capacity:
        return FULL
    if closes_after and _meetings_so_far(session, group.id, now=now) >= closes_after:
        return CLOSED
    return ""


def _meetings_so_far(session: Session, group_id: UUID, *, now: datetime) -> int:
    loaded = select(MeetingSeries).options(selectinload(MeetingSeries.overrides), selectinload(MeetingSeries.pauses))
    series = session.scalars(loaded.where(MeetingSeries.group_id == group_id)).all()
    return sum(_held(one.schedule, now) for one in series)


def _held(schedule: Schedule, now: datetime) -> int:
    """Dates of the series that have begun, apart from cancelled ones."""
    a_day_before = schedule.dtstart_local.replace(tzinfo=UTC) - timedelta(days=1)
    begun = occurrences(schedule, a_day_before, now)
    return sum(one.start_utc < now and one.status is not OccurrenceStatus.CANCELLED for one in begun)
