"""Who waits to be let in, and what opens a group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from groupsite.domain.joining import may_ask_again_on, oldest_that_stands
from groupsite.domain.words import MembershipState
from groupsite.models import Group, InviteCode, Membership, NameKeptOut
from groupsite.queries.apart import is_visible_to


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """What somebody who asked may see of it. Not `is_waiting`: it was not taken up."""

    display_name: str
    is_waiting: bool
    again_on: date


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One person who asks to join, as those who run the group see them."""

    id: UUID
    display_name: str
    needs_care: bool


def own_request(session: Session, account_id: UUID | None, group_id: UUID, *, today: date) -> OwnRequest | None:
    """The account's request of the last 30 days that waits or was not taken up. One query."""
    row = session.scalar(
        select(Membership).where(
            Membership.account_id == account_id,
            Membership.group_id == group_id,
            Membership.asked_on >= oldest_that_stands(today),
            or_(Membership.state == MembershipState.REQUESTED, Membership.was_declined),
        )
    )
    if row is None or row.asked_on is None:
        return None
    is_waiting = row.state is MembershipState.REQUESTED
    return OwnRequest(row.display_name, is_waiting, may_ask_again_on(row.asked_on))


def my_requests(session: Session, account_id: UUID, *, today: date) -> list[tuple[Membership, Group]]:
    """What the account waits for, by the groups' names. One query."""
    mine = (
        select(Membership, Group)
        .join(Group, Group.id == Membership.group_id)
        .where(Membership.account_id == account_id, _waits(today))
        .order_by(func.lower(Group.name), Group.id)
    )
    return [(member, group) for member, group in session.execute(mine)]


def requests_of(session: Session, group_id: UUID, *, reader_id: UUID | None, today: date) -> list[RequestLine]:
    """Who waits and is there for this account, by display name: not by when they asked. One query."""
    waiting = (
        select(Membership.id, Membership.display_name, Membership.needs_care)
        .where(
            Membership.group_id == group_id,
            _waits(today),
            is_visible_to(reader_id, group_id=Membership.group_id, account_id=Membership.account_id),
        )
        .order_by(func.lower(Membership.display_name))
    )
    return [RequestLine(*row) for row in session.execute(waiting)]


def codes_of(session: Session, group_id: UUID, *, now: datetime) -> Sequence[InviteCode]:
    """The group's codes that still open it, the first to end first. One query."""
    live = select(InviteCode).where(
        InviteCode.group_id == group_id, InviteCode.uses_left > 0, InviteCode.expires_at > now
    )
    return session.scalars(live.order_by(InviteCode.expires_at, InviteCode.id)).all()


def months_of_names(session: Session, membership_id: UUID) -> Sequence[date]:
    """When each name that a member keeps out was added: the first day of the month, oldest first. One query."""
    mine = select(NameKeptOut.added_month).where(NameKeptOut.membership_id == membership_id)
    return session.scalars(mine.order_by(NameKeptOut.added_month)).all()


def _waits(today: date) -> ColumnElement[bool]:
    return and_(Membership.state == MembershipState.REQUESTED, Membership.asked_on >= oldest_that_stands(today))
