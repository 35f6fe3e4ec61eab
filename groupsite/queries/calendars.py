"""What feeds are made of: which series they hold, and how far each has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session, selectinload, undefer

from groupsite.domain.words import Answer, MembershipState
from groupsite.models import Account, CalendarFeed, Group, MeetingSeries, Membership, OccurrenceRow, Rsvp


@dataclass(frozen=True, slots=True)
class SeriesState:
    """Enough to say whether a calendar has changed, without its lines."""

    id: UUID
    uid: UUID
    sequence: int
    changed_at: datetime
    renews_at: datetime | None
    block_version: str | None
    """What the kept lines were made with; None when there are none."""
    timezone: str
    first_year: int
    has_way_in: bool


def states_of_group(session: Session, group_id: UUID, series_slug: str | None = None) -> list[SeriesState]:
    """The series of a group, or the one of this slug. One query."""
    query = _states().where(MeetingSeries.group_id == group_id)
    if series_slug is not None:
        query = query.where(MeetingSeries.slug == series_slug)
    return _read(session, query)


def states_of_feed(session: Session, feed: CalendarFeed) -> list[SeriesState]:
    """The series that a personal calendar holds: of groups that its owner belongs to, all or those she picked. One query."""
    query = _states().join(Membership, Membership.group_id == MeetingSeries.group_id)
    query = query.where(Membership.account_id == feed.account_id, Membership.state == MembershipState.ACTIVE)
    if not feed.is_of_everything:
        query = query.where(MeetingSeries.id.in_(feed.series_ids))
    return _read(session, query)


def blocks(session: Session, ids: Sequence[UUID], *, bare: bool = False) -> dict[UUID, bytes]:
    """The kept lines of these series, in full or without a word. One query."""
    kept = MeetingSeries.bare_block if bare else MeetingSeries.calendar_block
    rows = session.execute(select(MeetingSeries.id, kept.label("kept")).where(MeetingSeries.id.in_(ids)))
    return {row.id: row.kept or b"" for row in rows}


def answers_of(session: Session, account_id: UUID, ids: Sequence[UUID]) -> dict[UUID, dict[datetime, Answer]]:
    """The member's own answers about dates of these series that are there, by original wall-clock start. One query."""
    query = (
        select(Rsvp.series_id, Rsvp.original_local, Rsvp.answer)
        .join(Membership, Membership.id == Rsvp.membership_id)
        .join(
            OccurrenceRow,
            (OccurrenceRow.series_id == Rsvp.series_id) & (OccurrenceRow.original_local == Rsvp.original_local),
        )
        .where(Membership.account_id == account_id, Rsvp.series_id.in_(ids))
    )
    found: dict[UUID, dict[datetime, Answer]] = {}
    for row in session.execute(query):
        found.setdefault(row.series_id, {})[row.original_local] = row.answer
    return found


def whole_series(session: Session, ids: Sequence[UUID]) -> Sequence[MeetingSeries]:
    """These series with their exceptions and their groups. Four queries."""
    loaded = select(MeetingSeries).options(
        selectinload(MeetingSeries.overrides),
        selectinload(MeetingSeries.pauses),
        selectinload(MeetingSeries.group),
        undefer(MeetingSeries.calendar_block),
        undefer(MeetingSeries.bare_block),
    )
    return session.scalars(loaded.where(MeetingSeries.id.in_(ids)).order_by(MeetingSeries.id)).all()


def feed_of_token(session: Session, token_hash: bytes) -> tuple[CalendarFeed, Account] | None:
    """The feed with this token, revoked ones too, and whose it is. One query."""
    query = select(CalendarFeed, Account).join(Account, Account.id == CalendarFeed.account_id)
    found = session.execute(query.where(CalendarFeed.token_hash == token_hash)).one_or_none()
    return (found[0], found[1]) if found else None


def my_series(session: Session, account_id: UUID) -> list[tuple[MeetingSeries, Group]]:
    """The series of every group that the account belongs to, with their groups. One query."""
    query = (
        select(MeetingSeries, Group)
        .join(Group, Group.id == MeetingSeries.group_id)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.account_id == account_id, Membership.state == MembershipState.ACTIVE)
        .order_by(Group.slug, MeetingSeries.position, MeetingSeries.id)
    )
    return [(series, group) for series, group in session.execute(query)]


def live_feeds(session: Session, account_id: UUID) -> Sequence[CalendarFeed]:
    query = select(CalendarFeed).where(CalendarFeed.account_id == account_id, CalendarFeed.revoked_at.is_(None))
    return session.scalars(query.order_by(CalendarFeed.created_at, CalendarFeed.id)).all()


def _states() -> Select[*tuple[Any, ...]]:
    has_lines = MeetingSeries.calendar_block.is_not(None)
    return (
        select(
            MeetingSeries.id,
            MeetingSeries.uid,
            MeetingSeries.sequence,
            MeetingSeries.changed_at,
            MeetingSeries.block_renews_at,
            case((has_lines, MeetingSeries.block_version)).label("block_version"),
            MeetingSeries.timezone,
            MeetingSeries.dtstart_local,
            MeetingSeries.join,
        )
        .join(Group, Group.id == MeetingSeries.group_id)
        .order_by(Group.slug, MeetingSeries.position, MeetingSeries.id)
    )


def _read(session: Session, query: Select[*tuple[Any, ...]]) -> list[SeriesState]:
    return [
        SeriesState(
            id=row.id,
            uid=row.uid,
            sequence=row.sequence,
            changed_at=row.changed_at,
            renews_at=row.block_renews_at,
            block_version=row.block_version,
            timezone=row.timezone,
            first_year=row.dtstart_local.year,
            has_way_in=row.join is not None and not row.join.is_empty,
        )
        for row in session.execute(query)
    ]
