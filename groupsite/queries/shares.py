"""Written shares that are still there: an expired one is gone from the first moment, whether or not its row is.

So is one whose author has gone out of sight.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from groupsite.domain.errors import NotFound
from groupsite.domain.words import BELONGING
from groupsite.models import Membership, WrittenShare
from groupsite.queries.apart import is_visible_to

PAGE = 30
NO_SHARE = "This page is no longer there. Nothing of it was kept."


@dataclass(frozen=True, slots=True)
class ShareView:
    """What a member sees of one share. `membership_id` says whose it is; no page prints it."""

    id: UUID
    membership_id: UUID
    display_name: str
    content_note: str
    body: str
    published_at: datetime
    expires_at: datetime


def shares_of(
    session: Session, group_id: UUID, *, reader_id: UUID | None, now: datetime, page: int = 1
) -> tuple[list[ShareView], bool]:
    """One page of the group's shares that are there for this account, newest first, and whether there are older ones. One query."""
    there = _there(now).where(WrittenShare.group_id == group_id, _visible(reader_id))
    ordered = there.order_by(WrittenShare.published_at.desc(), WrittenShare.id)
    rows = session.execute(ordered.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return [ShareView(**row._mapping) for row in rows[:PAGE]], len(rows) > PAGE


def my_shares(session: Session, account_id: UUID, *, now: datetime) -> list[ShareView]:
    """Everything this account has posted and that is still there, oldest first. One query."""
    there = _there(now).where(Membership.account_id == account_id).order_by(WrittenShare.published_at)
    return [ShareView(**row._mapping) for row in session.execute(there)]


def share_of(
    session: Session, group_id: UUID, share_id: UUID, *, reader_id: UUID | None, now: datetime
) -> tuple[WrittenShare, Membership]:
    """One share of this group that is still there for this account, and who wrote it. One query. Raises NotFound."""
    found = session.execute(
        select(WrittenShare, Membership)
        .join(Membership, Membership.id == WrittenShare.membership_id)
        .where(
            WrittenShare.id == share_id,
            WrittenShare.group_id == group_id,
            *_is_there(now),
            _visible(reader_id),
        )
    ).one_or_none()
    if found is None:
        raise NotFound(NO_SHARE)
    return found[0], found[1]


def _visible(reader_id: UUID | None) -> ColumnElement[bool]:
    return is_visible_to(reader_id, group_id=WrittenShare.group_id, account_id=Membership.account_id)


def _there(now: datetime) -> Select[UUID, UUID, str, str, str, datetime, datetime]:
    columns = select(
        WrittenShare.id,
        WrittenShare.membership_id,
        Membership.display_name,
        WrittenShare.content_note,
        WrittenShare.body,
        WrittenShare.published_at,
        WrittenShare.expires_at,
    )
    return columns.join(Membership, Membership.id == WrittenShare.membership_id).where(*_is_there(now))


def _is_there(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return WrittenShare.expires_at > now, Membership.state.in_(BELONGING)
