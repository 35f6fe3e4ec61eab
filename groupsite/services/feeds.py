"""Personal calendar addresses: made, shown once, taken back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groupsite.domain.errors import Conflict, Expired, NotAllowed, NotFound
from groupsite.domain.permissions import Identity
from groupsite.domain.tokens import new_token, token_hash
from groupsite.models import Account, CalendarFeed
from groupsite.queries.calendars import feed_of_token
from groupsite.services import audit

MOST_FEEDS = 10


def create_feed(session: Session, actor: Identity, *, discreet: bool, now: datetime) -> str:
    """A new secret address; its token is returned this once and kept as a hash. Raises Conflict for too many."""
    if actor.account_id is None:
        raise NotAllowed("Please sign in first. Nothing was changed.")
    live = select(func.count()).where(CalendarFeed.account_id == actor.account_id, CalendarFeed.revoked_at.is_(None))
    if (session.scalar(live) or 0) >= MOST_FEEDS:
        raise Conflict(f"You have {MOST_FEEDS} addresses already. End one that you no longer use first.")
    token = new_token()
    session.add(
        CalendarFeed(account_id=actor.account_id, token_hash=token_hash(token), discreet=discreet, created_at=now)
    )
    session.flush()
    audit.record(session, actor, "feed.created", now=now, is_discreet=discreet)
    return token


def revoke_feed(session: Session, actor: Identity, feed_id: UUID, *, now: datetime) -> None:
    """End an address of one's own: from now on it answers that it is gone. Raises NotFound."""
    feed = session.get(CalendarFeed, feed_id)
    if feed is None or feed.account_id != actor.account_id:
        raise NotFound("There is no such calendar address.")
    feed.revoked_at = feed.revoked_at or now
    session.flush()
    audit.record(session, actor, "feed.revoked", now=now, feed_id=feed_id)


def open_feed(session: Session, token: str, *, now: datetime) -> tuple[CalendarFeed, Account]:
    """The feed behind a token, its last use noted by day. Raises NotFound, and Expired for a revoked one."""
    found = feed_of_token(session, token_hash(token))
    if found is None:
        raise NotFound("There is no calendar at this address.")
    feed, account = found
    if feed.revoked_at is not None:
        raise Expired("This calendar address was ended.")
    if feed.last_used_on != now.date():
        feed.last_used_on = now.date()
        session.flush()
    return feed, account
