"""What feeds are made of: which series they hold, and how far each has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload, undefer

from groupsite.domain.words import MembershipState
from groupsite.models import Account, CalendarFeed, Group, MeetingSeries, Membership


@dataclass(frozen=True, slots=True)
class SeriesState:
    """Enough to say whether a calendar has changed, without its lines."""

    id: UUID
    sequence: int
    changed_at: datetime
    renews_at: datetime | None
    has_block: bool
    timezone: str
    first_year: int


def states_of_group(session: Session, group_id: UUID, series_slug: str | None = None) -> list[SeriesState]:
    """The series of a group, or the one of this slug. One query."""
    query = _states().where(MeetingSeries.group_id == group_id)
    if series_slug is not None:
        query = query.where(MeetingSeries.slug == series_slug)
    return _read(session, query)


def states_of_member(session: Session, account_id: UUID) -> list[SeriesState]:
    """The series of every group that the account belongs to. One query."""
    query = _states().join(Membership, Membership.group_id == MeetingSeries.group_id)
    return _read(session, query.where(Membership.account_id == account_id, Membership.state == MembershipState.ACTIVE))


def blocks(session: Session, ids: Sequence[UUID]) -> dict[UUID, bytes | None]:
    """The kept lines of these series. One query."""
    rows = session.execute(select(MeetingSeries.id, MeetingSeries.calendar_block).where(MeetingSeries.id.in_(ids)))
    return {row.id: row.calendar_block for row in rows}


def whole_series(session: Session, ids: Sequence[UUID]) -> Sequence[MeetingSeries]:
    """These series with their exceptions and their groups. Four queries."""
    loaded = select(MeetingSeries).options(
        selectinload(MeetingSeries.overrides),
        selectinload(MeetingSeries.pauses),
        selectinload(MeetingSeries.group),
        undefer(MeetingSeries.calendar_block),
    )
    return session.scalars(loaded.where(MeetingSeries.id.in_(ids)).order_by(MeetingSeries.id)).all()


def feed_of_token(session: Session, token_hash: bytes) -> tuple[CalendarFeed, Account] | None:
    """The feed with this token, revoked ones too, and whose it is. One query."""
    query = select(CalendarFeed, Account).join(Account, Account.id == CalendarFeed.account_id)
    found = session.execute(query.where(CalendarFeed.token_hash == token_hash)).one_or_none()
    return (found[0], found[1]) if found else None


def live_feeds(session: Session, account_id: UUID) -> Sequence[CalendarFeed]:
    query = select(CalendarFeed).where(CalendarFeed.account_id == account_id, CalendarFeed.revoked_at.is_(None))
    return session.scalars(query.order_by(CalendarFeed.created_at, CalendarFeed.id)).all()


def _states() -> Select[*tuple[Any, ...]]:
    return (
        select(
            MeetingSeries.id,
            MeetingSeries.sequence,
            MeetingSeries.changed_at,
            MeetingSeries.block_renews_at,
            MeetingSeries.calendar_block.is_not(None).label("has_block"),
            MeetingSeries.timezone,
            MeetingSeries.dtstart_local,
        )
        .join(Group, Group.id == MeetingSeries.group_id)
        .order_by(Group.slug, MeetingSeries.position, MeetingSeries.id)
    )


def _read(session: Session, query: Select[*tuple[Any, ...]]) -> list[SeriesState]:
    return [
        SeriesState(
            row.id,
            row.sequence,
            row.changed_at,
            row.block_renews_at,
            row.has_block,
            row.timezone,
            row.dtstart_local.year,
        )
        for row in session.execute(query)
    ]
