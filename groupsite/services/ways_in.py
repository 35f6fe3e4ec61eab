"""The link that a full calendar holds instead of a meeting's own: it leads in while the door is open, and only a member."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.errors import Expired, NotFound
from groupsite.domain.join_info import JoinInfo, opens_at
from groupsite.domain.words import FeedLevel, MembershipState, OccurrenceStatus
from groupsite.models import CalendarFeed, MeetingSeries, Membership, OccurrenceRow

NO_DOOR = "There is no way in at this address."
PART = 16
"""Bytes of each part of a token: which calendar, which series, and the proof that we wrote it (128 bits)."""


@dataclass(frozen=True, slots=True)
class Door:
    """What stands behind a link now. `join` only while it is open; else `opens` (UTC), or None without a date to come."""

    timezone: str
    join: JoinInfo | None
    opens: datetime | None


def token(feed: CalendarFeed, series_id: UUID) -> str:
    """The same each time for this calendar and series; it ends with the calendar."""
    return urlsafe_b64encode(feed.id.bytes + series_id.bytes + _proof(feed, series_id)).decode()


def door(session: Session, written: str, *, now: datetime) -> Door:
    """What this link leads to. Raises NotFound, and Expired when its calendar has ended, or says or holds less today."""
    feed, series_id = _feed_behind(session, written)
    is_held = feed.is_of_everything or series_id in feed.series_ids
    if feed.revoked_at is not None or feed.level is not FeedLevel.FULL or not is_held:
        raise Expired("This way in has ended.")
    found = session.scalars(
        select(MeetingSeries)
        .join(Membership, Membership.group_id == MeetingSeries.group_id)
        .where(
            MeetingSeries.id == series_id,
            Membership.account_id == feed.account_id,
            Membership.state == MembershipState.ACTIVE,
        )
    ).one_or_none()
    if found is None:
        raise Expired("This way in has ended.")
    return _door(session, found, now=now)


def _door(session: Session, series: MeetingSeries, *, now: datetime) -> Door:
    coming = session.scalars(
        select(OccurrenceRow)
        .where(
            OccurrenceRow.series_id == series.id,
            OccurrenceRow.end_utc > now,
            OccurrenceRow.status != OccurrenceStatus.CANCELLED,
        )
        .order_by(OccurrenceRow.start_utc)
        .limit(1)
    ).first()
    join = series.join or JoinInfo()
    opens = opens_at(join, coming.start_utc) if coming and not join.is_empty else None
    return Door(series.timezone, join if opens is not None and opens <= now else None, opens)


def _feed_behind(session: Session, written: str) -> tuple[CalendarFeed, UUID]:
    try:
        raw = urlsafe_b64decode(written.encode("ascii"))
    except (Error, ValueError):
        raise NotFound(NO_DOOR) from None
    if len(raw) != 3 * PART:
        raise NotFound(NO_DOOR)
    feed = session.get(CalendarFeed, UUID(bytes=raw[:PART]))
    series_id = UUID(bytes=raw[PART : 2 * PART])
    if feed is None or not hmac.compare_digest(raw[2 * PART :], _proof(feed, series_id)):
        raise NotFound(NO_DOOR)
    return feed, series_id


def _proof(feed: CalendarFeed, series_id: UUID) -> bytes:
    return hmac.new(feed.uid_key, b"way in" + series_id.bytes, sha256).digest()[:PART]
