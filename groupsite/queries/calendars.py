"""What feeds are made of: which series they hold, and how far each has come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, case, select
from sqlalchemy.orm import Session, selectinload, undefer

from groupsite.domain.answers import Answers
from groupsite.domain.words import Answer, MembershipState
from groupsite.models import Account, CalendarFeed, Group, Invite, MeetingSeries, Membership, OccurrenceRow, Rsvp


class SeriesState(NamedTuple):
    """What a calendar needs of one series. `lines` are those that were kept, in full or without a word."""

    id: UUID
    uid: UUID
    changed_at: datetime
    renews_at: datetime | None
    version: str
    """What the lines were made with."""
    timezone: str
    dtstart_local: datetime
    has_way_in: bool
    lines: bytes | None


def states_of_group(session: Session, group_id: UUID, series_slug: str | None = None) -> list[SeriesState]:
    """The series of a group, or the one of this slug. One query."""
    if series_slug is None:
        return _read(session, OF_GROUP, {"group_id": group_id})
    return _read(session, OF_GROUP.where(SERIES.slug == series_slug), {"group_id": group_id})


def states_of_feed(session: Session, feed: CalendarFeed, *, bare: bool) -> list[SeriesState]:
    """The series that a personal calendar holds: of groups that its owner belongs to, all or those she picked. One query."""
    query = OF_MEMBER[bare]
    if not feed.is_of_everything:
        query = query.where(SERIES.id.in_(feed.series_ids))
    return _read(session, query, {"account_id": feed.account_id})


def answers_of(session: Session, account_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Answers]:
    """The member's own answers about these series: about dates that are there, and about a whole series. Two queries."""
    query = (
        select(Rsvp.series_id, Rsvp.original_local, Rsvp.answer)
        .join(Membership, Membership.id == Rsvp.membership_id)
        .join(
            OccurrenceRow,
            (OccurrenceRow.series_id == Rsvp.series_id) & (OccurrenceRow.original_local == Rsvp.original_local),
        )
        .where(Membership.account_id == account_id, Rsvp.series_id.in_(ids))
    )
    by_date: dict[UUID, dict[datetime, Answer]] = {}
    for row in session.execute(query):
        by_date.setdefault(row.series_id, {})[row.original_local] = row.answer
    accepted = _accepted(session, account_id, ids)
    usual = {True: Answer.GOING, False: None}
    return {one: Answers(by_date.get(one, {}), usual[one in accepted]) for one in by_date.keys() | accepted}


def _accepted(session: Session, account_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Series whose invite was accepted as a whole in the member's calendar."""
    query = select(Invite.series_id).join(Membership, Membership.id == Invite.membership_id)
    is_hers = Membership.account_id == account_id, Membership.wants_invites.is_(True)
    return set(session.scalars(query.where(*is_hers, Invite.series_id.in_(ids), Invite.answer == Answer.GOING)))


def whole_series(session: Session, ids: Sequence[UUID]) -> Sequence[MeetingSeries]:
    """These series with their exceptions, their groups as these are now, and what they replace. Five queries.

    Groups that the session has read before are read again: a name that has just changed must not be kept in lines.
    """
    groups = select(Group).join(MeetingSeries, MeetingSeries.group_id == Group.id).where(MeetingSeries.id.in_(ids))
    session.scalars(groups.execution_options(populate_existing=True)).all()
    loaded = select(MeetingSeries).options(
        selectinload(MeetingSeries.overrides),
        selectinload(MeetingSeries.pauses),
        selectinload(MeetingSeries.group),
        selectinload(MeetingSeries.predecessor),
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


def _states(lines: ColumnElement[bytes | None]) -> Select[*tuple[Any, ...]]:
    """The columns of SeriesState, in its order. Of the tables, not of the classes: rows are then taken as they come."""
    return select(
        SERIES.id,
        SERIES.uid,
        SERIES.changed_at,
        SERIES.block_renews_at,
        SERIES.block_version,
        SERIES.timezone,
        SERIES.dtstart_local,
        SERIES.join.is_not(None),
        lines,
    ).order_by(SERIES.group_id, SERIES.position, SERIES.id)


def _read(session: Session, query: Select[*tuple[Any, ...]], asked: dict[str, UUID]) -> list[SeriesState]:
    return [SeriesState._make(row) for row in session.execute(query, asked).all()]


def _of_member(lines: ColumnElement[bytes | None]) -> Select[*tuple[Any, ...]]:
    joined = _states(lines).where(MEMBERS.group_id == SERIES.group_id)
    return joined.where(MEMBERS.account_id == bindparam("account_id"), MEMBERS.state == MembershipState.ACTIVE)


SERIES, MEMBERS = MeetingSeries.__table__.c, Membership.__table__.c
OF_GROUP = _states(SERIES.calendar_block).where(SERIES.group_id == bindparam("group_id"))
BARE = case((SERIES.calendar_block.is_not(None), SERIES.bare_block))
"""Both are written together, but a change empties the full lines only: bare ones beside none are from before it."""
OF_MEMBER = {False: _of_member(SERIES.calendar_block), True: _of_member(BARE)}
"""Put together once: that costs as much as a quarter of a feed. By whether the lines are bare."""
