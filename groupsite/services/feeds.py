"""Personal calendar addresses: made, shown once, changed, taken back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Update, func, select, update
from sqlalchemy.orm import Session

from groupsite.domain.discretion import checked_own_words
from groupsite.domain.errors import Conflict, Expired, InvalidInput, NotAllowed, NotFound
from groupsite.domain.permissions import Identity
from groupsite.domain.plain_text import unusable_character
from groupsite.domain.tokens import new_key, new_token, token_hash
from groupsite.domain.words import FeedLevel
from groupsite.models import Account, CalendarFeed
from groupsite.queries.calendars import feed_of_token, my_series
from groupsite.queries.memberships import names_that_tell
from groupsite.services import audit

MOST_FEEDS = 10
LONGEST_NAME = 40
OFFERED_ALARMS = (10, 30, 60, 120)
"""Minutes before the start."""


@dataclass(frozen=True, slots=True)
class FeedWishes:
    """What a member wants of one calendar; what she does not say is what gives the least away.

    `series_ids` are those she picked; None is everything, later groups too. `alarm_minutes` count before the start.
    """

    name: str = ""
    level: FeedLevel = FeedLevel.BUSY
    title: str = ""
    alarm_minutes: int | None = None
    shows_cancelled: bool = True
    shows_answers: bool = False
    series_ids: Collection[UUID] | None = None


def create_feed(session: Session, actor: Identity, wishes: FeedWishes, *, now: datetime) -> tuple[CalendarFeed, str]:
    """A new secret address; its token is returned this once and kept as a hash.

    Raises Conflict for too many, InvalidInput for a wish that cannot be.
    """
    account_id = _own(actor)
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update(key_share=True))
    live = select(func.count()).where(CalendarFeed.account_id == account_id, CalendarFeed.revoked_at.is_(None))
    if (session.scalar(live) or 0) >= MOST_FEEDS:
        raise Conflict(f"You have {MOST_FEEDS} addresses already. End one that you no longer use first.")
    token, feed = new_token(), draft(account_id, now=now)
    feed.token_hash = token_hash(token)
    _take(session, feed, wishes, now=now)
    session.add(feed)
    session.flush()
    audit.record(session, actor, "feed.created", now=now, feed_id=feed.id, level=feed.level.value)
    return feed, token


def draft(account_id: UUID, *, level: FeedLevel = FeedLevel.BUSY, now: datetime) -> CalendarFeed:
    """A calendar that is not stored: as an address would be made, or to show what one would say."""
    return CalendarFeed(
        id=uuid4(), account_id=account_id, uid_key=new_key(), level=level, title="",
        alarm_minutes=None, shows_cancelled=True, shows_answers=False, is_of_everything=True, series_ids=[],
        created_at=now, changed_at=now,
    )  # fmt: skip


def change_feed(session: Session, actor: Identity, feed_id: UUID, wishes: FeedWishes, *, now: datetime) -> None:
    """Let a calendar say more, less or something else; its address stays, and so do its events' ids.

    Raises NotFound, and InvalidInput for a wish that cannot be.
    """
    feed = own_feed(session, actor, feed_id)
    _take(session, feed, wishes, now=now)
    session.flush()
    audit.record(session, actor, "feed.changed", now=now, feed_id=feed_id, level=feed.level.value)


def revoke_feed(session: Session, actor: Identity, feed_id: UUID, *, now: datetime) -> None:
    """End an address of one's own: from now on it answers that it is gone. Raises NotFound."""
    feed = own_feed(session, actor, feed_id)
    feed.revoked_at = now
    session.flush()
    audit.record(session, actor, "feed.revoked", now=now, feed_id=feed_id)


def revoke_all(session: Session, actor: Identity, *, now: datetime) -> None:
    """End every address of one's own at once."""
    session.execute(_live(_own(actor)).values(revoked_at=now))
    audit.record(session, actor, "feed.all_revoked", now=now)


def renew(session: Session, account_id: UUID, *, now: datetime, showing_answers: bool = False) -> None:
    """Something that these calendars show has changed: programs are to fetch and take it (LAST-MODIFIED moves)."""
    changed = _live(account_id).values(changed_at=now)
    session.execute(changed.where(CalendarFeed.shows_answers) if showing_answers else changed)


def own_feed(session: Session, actor: Identity, feed_id: UUID) -> CalendarFeed:
    """One's own calendar that has not ended, locked for the change at hand. Raises NotFound."""
    feed = session.get(CalendarFeed, feed_id, with_for_update=True)
    if feed is None or feed.account_id != _own(actor) or feed.revoked_at is not None:
        raise NotFound("There is no such calendar address.")
    return feed


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


def _take(session: Session, feed: CalendarFeed, wishes: FeedWishes, *, now: datetime) -> None:
    name = wishes.name.strip()
    if len(name) > LONGEST_NAME or unusable_character(name):
        raise InvalidInput("name", f"Please use one line of at most {LONGEST_NAME} characters.")
    if wishes.alarm_minutes is not None and wishes.alarm_minutes not in OFFERED_ALARMS:
        raise InvalidInput("alarm", "Please choose from the times on the page.")
    names = names_that_tell(session, feed.account_id)
    feed.name, feed.level, feed.alarm_minutes = name, wishes.level, wishes.alarm_minutes
    feed.title = checked_own_words(wishes.title, names, field="title")
    feed.shows_cancelled, feed.shows_answers = wishes.shows_cancelled, wishes.shows_answers
    feed.is_of_everything = wishes.series_ids is None
    feed.series_ids = sorted(_picked(session, feed.account_id, wishes.series_ids or ()))
    feed.changed_at = now


def _picked(session: Session, account_id: UUID, series_ids: Collection[UUID]) -> set[UUID]:
    mine = {series.id for series, _ in my_series(session, account_id)}
    if not set(series_ids) <= mine:
        raise InvalidInput("series", "Please tick boxes that are on the page.")
    return set(series_ids)


def _live(account_id: UUID) -> Update:
    return update(CalendarFeed).where(CalendarFeed.account_id == account_id, CalendarFeed.revoked_at.is_(None))


def _own(actor: Identity) -> UUID:
    if actor.account_id is None:
        raise NotAllowed("Please sign in first. Nothing was changed.")
    return actor.account_id
