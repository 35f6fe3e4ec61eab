"""Written shares that are still there: an expired one is gone from the first moment, whether or not its row is.

So is one whose author has gone out of sight, one that waits for a share reader, and one that is with its author again.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from groupsite.domain.errors import NotFound
from groupsite.domain.permissions import Identity, is_trusted_reader
from groupsite.domain.share_states import ShareState
from groupsite.domain.shares import ShareAudience
from groupsite.domain.words import BELONGING
from groupsite.models import Membership, WrittenShare
from groupsite.queries.apart import is_visible_to

PAGE = 30
RECENT = 300
_Rows = Select[UUID, UUID, str, str, str, ShareAudience, bool, datetime, datetime]
NO_SHARE = "This page is no longer there. Nothing of it was kept."


@dataclass(frozen=True, slots=True)
class ShareView:
    """What a member sees of one share. `membership_id` says whose it is; no page prints it."""

    id: UUID
    membership_id: UUID
    display_name: str
    content_note: str
    body: str
    audience: ShareAudience
    is_opening: bool
    published_at: datetime
    expires_at: datetime


def shares_of(
    session: Session, group_id: UUID, *, reader: Identity, now: datetime, page: int = 1, for_newcomers: bool = False
) -> tuple[list[ShareView], bool]:
    """One page of the group's shares that are there for this reader, newest first, and whether there are older ones. One query."""
    there = _shown(group_id, reader, now)
    if for_newcomers:
        there = there.where(WrittenShare.audience == ShareAudience.NEWCOMERS)
    return _page_of(session, there.order_by(WrittenShare.published_at.desc(), WrittenShare.id), page)


def shares_of_date(
    session: Session, group_id: UUID, date_key: tuple[UUID, datetime], *, reader: Identity, now: datetime, page: int = 1
) -> tuple[list[ShareView], bool]:
    """One page of what was written on one date of a written meeting (series, original start), oldest first. One query."""
    there = _of_date(group_id, date_key, reader, now).where(~WrittenShare.is_opening)
    return _page_of(session, there.order_by(WrittenShare.published_at, WrittenShare.id), page)


def openings_of_date(
    session: Session, group_id: UUID, date_key: tuple[UUID, datetime], *, reader: Identity, now: datetime
) -> list[ShareView]:
    """What opens that date: one, unless several people have opened it. One query."""
    there = _of_date(group_id, date_key, reader, now).where(WrittenShare.is_opening)
    return _page_of(session, there.order_by(WrittenShare.published_at, WrittenShare.id), 1)[0]


def share_of(
    session: Session, group_id: UUID, share_id: UUID, *, reader: Identity, now: datetime
) -> tuple[WrittenShare, Membership]:
    """One share of this group that is there for this reader, and who wrote it. One query. Raises NotFound."""
    found = session.execute(
        select(WrittenShare, Membership)
        .join(Membership, Membership.id == WrittenShare.membership_id)
        .where(WrittenShare.id == share_id, *_is_shown(group_id, reader, now))
    ).one_or_none()
    if found is None:
        raise NotFound(NO_SHARE)
    return found[0], found[1]


def names_read(session: Session, group_id: UUID, *, reader: Identity, now: datetime) -> list[str]:
    """Names under the newest shares that are there for this reader: names that she has before her anyway. One query."""
    newest = _shown(group_id, reader, now).order_by(WrittenShare.published_at.desc()).limit(RECENT).subquery()
    return list(session.scalars(select(newest.c.display_name).distinct().order_by(newest.c.display_name)))


def held_locked(session: Session, share_id: UUID) -> WrittenShare:
    """The share as it stands now, locked: of two who decide at once, the second sees what the first did. Raises NotFound."""
    share = session.scalar(
        select(WrittenShare)
        .where(WrittenShare.id == share_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if share is None:
        raise NotFound(NO_SHARE)
    return share


def is_there(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """That its time is not over and its author belongs, whatever its state."""
    return WrittenShare.expires_at > now, Membership.state.in_(BELONGING)


def visible_author(reader: Identity) -> ColumnElement[bool]:
    """That its author is there for this reader."""
    return is_visible_to(reader.account_id, group_id=WrittenShare.group_id, account_id=Membership.account_id)


def _page_of(session: Session, ordered: _Rows, page: int) -> tuple[list[ShareView], bool]:
    rows = session.execute(ordered.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return [ShareView(**row._mapping) for row in rows[:PAGE]], len(rows) > PAGE


def _of_date(group_id: UUID, date_key: tuple[UUID, datetime], reader: Identity, now: datetime) -> _Rows:
    series_id, original_local = date_key
    of_date = WrittenShare.series_id == series_id, WrittenShare.original_local == original_local
    return _shown(group_id, reader, now).where(*of_date)


def _shown(group_id: UUID, reader: Identity, now: datetime) -> _Rows:
    columns = select(
        WrittenShare.id,
        WrittenShare.membership_id,
        Membership.display_name,
        WrittenShare.content_note,
        WrittenShare.body,
        WrittenShare.audience,
        WrittenShare.is_opening,
        WrittenShare.published_at,
        WrittenShare.expires_at,
    )
    joined = columns.join(Membership, Membership.id == WrittenShare.membership_id)
    return joined.where(*_is_shown(group_id, reader, now))


def _is_shown(group_id: UUID, reader: Identity, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        WrittenShare.group_id == group_id,
        WrittenShare.state == ShareState.PUBLISHED,
        WrittenShare.published_at <= now,
        *is_there(now),
        visible_author(reader),
        _is_for(group_id, reader),
    )


def _is_for(group_id: UUID, reader: Identity) -> ColumnElement[bool]:
    if is_trusted_reader(reader, group_id):
        return WrittenShare.audience.in_(ShareAudience)
    return or_(WrittenShare.audience != ShareAudience.TRUSTED, Membership.account_id == reader.account_id)
