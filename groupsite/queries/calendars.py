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


def chain_of(session: Session, group_id: UUID, series_slug: str) -> list[UUID]:
    """The series of this slug and, in order, those that replaced it; empty when there is none. One query."""
    rows = session.execute(select(SERIES.id, SERIES.slug, SERIES.replaces).where(SERIES.group_id == group_id)).all()
    following: dict[str, list[str]] = {}
    for row in rows:
        following.setdefault(row.replaces or "", []).append(row.slug)
    ids, chain, asked = {row.slug: row.id for row in rows}, [], [series_slug]
    while asked:
        slug = asked.pop(0)
        if slug in ids:
            chain.append(ids.pop(slug))
            asked += following.get(slug, [])
    return chain


def states_of_group(session: Session, group_id: UUID, ids: Sequence[UUID] | None = None) -> list[SeriesState]:
    """The series of a group, or these of it. One query."""
    query = OF_GROUP if ids is None else OF_GROUP.where(SERIES.id.in_(ids))
    return _read(session, query, {"group_id": group_id})


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
    accepted = _accepted(session, account_id, ids)
    by_date: dict[UUID, dict[datetime, Answer | None]] = {}
    for row in session.execute(query):
        is_open = row.answer is Answer.UNDECIDED
        if not is_open or row.series_id in accepted:
            by_date.setdefault(row.series_id, {})[row.original_local] = None if is_open else row.answer
    usual = {True: Answer.GOING, False: None}
    return {one: Answers(by_date.get(one, {}), usual[one in accepted]) for one in by_date.keys() | accepted}


def _accepted(session: Session, account_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Series whose invite was accepted as a whole in the member's calendar."""
    query = select(Invite.series_id).join(Membership, Membership.id == Invite.membership_id)
    is_hers = Membership.account_id == account_id, Membership.wants_invites.is_(True)
    return set(session.scalars(query.where(*is_hers, Invite.series_id.in_(ids), Invite.answer == Answer.GOING)))


def whole_series(session: Session, ids: Sequence[UUID]) -> Sequence[MeetingSeries]:
    """These series as they are now, with their exceptions, their groups and what they replace. Six queries.

    Read anew also where the session knows them already: what it knows may be from before they were locked.
    """
    these = select(MeetingSeries).where(MeetingSeries.id.in_(ids)).order_by(MeetingSeries.id)
    loaded = these.options(
        selectinload(MeetingSeries.overrides),
        selectinload(MeetingSeries.pauses),
        selectinload(MeetingSeries.group),
        undefer(MeetingSeries.calendar_block),
        undefer(MeetingSeries.bare_block),
    )
    found = session.scalars(loaded.execution_options(populate_existing=True)).all()
    # by itself: what is replaced may be among them, and would be read anew without its exceptions
    session.scalars(these.options(selectinload(MeetingSeries.predecessor))).all()
    return found


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
