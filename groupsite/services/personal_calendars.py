"""A member's own calendars: the kept lines under ids of their own, saying as much as each calendar may."""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session

from groupsite.domain.answers import NO_ANSWERS
from groupsite.domain.discretion import Disclosure, disclosure
from groupsite.domain.words import Answer, FeedLevel
from groupsite.formats.content_lines import plain, unfolded
from groupsite.formats.ical import CANCELLED_MARK
from groupsite.formats.ical_personal import ANSWER_WORDS, Voice, personal_block
from groupsite.models import Account, CalendarFeed
from groupsite.queries.calendars import SeriesState, answers_of, states_of_feed
from groupsite.queries.memberships import my_group_ids
from groupsite.services import ways_in
from groupsite.services.calendars import Feed, Site, as_calendar, as_feed, rendered

NO_DATE = "The name of the group and of the meeting"
"""Stands in a preview while the member has no date yet."""
A_WEEK = 7 * 24 * 60 * 60
"""Seconds."""
UID_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Glance:
    """What somebody sees who looks at the member's calendar or at her locked screen; empty where nothing shows."""

    calendar_name: str
    title: str
    cancelled_title: str
    answered_title: str
    place: str
    alarm: str


def personal_feed(session: Session, feed: CalendarFeed, account: Account, site: Site, *, now: datetime) -> Feed:
    """The calendar behind a personal address, as its owner wants it."""
    says = says_of(feed, account)
    states = rendered(session, lambda: states_of_feed(session, feed, bare=not says.is_full), site, now=now)
    owners = {f"account:{account.id}", *(f"group:{one}" for one in my_group_ids(session, account.id))}
    newest = max([feed.changed_at, *says.details([state.changed_at for state in states], [])])
    return as_feed(session, feed, states, _body(session, feed, states, site, says), newest=newest, owners=owners)


def glance(session: Session, feed: CalendarFeed, account: Account, site: Site, *, now: datetime) -> Glance:
    """What others can read of this calendar, taken from its very lines; `feed` need not be stored."""
    says = says_of(feed, account)
    states = rendered(session, lambda: states_of_feed(session, feed, bare=not says.is_full), site, now=now)
    event: dict[str, str] = {}
    for line in unfolded(_body(session, feed, states, site, says)):
        name, _, value = line.partition(":")
        event.setdefault(name.partition(";")[0], value)
    title = plain(event.get("SUMMARY", says.title(NO_DATE))).removeprefix(CANCELLED_MARK)
    return Glance(
        calendar_name=plain(event["X-WR-CALNAME"]),
        title=title,
        cancelled_title=CANCELLED_MARK + title if feed.shows_cancelled else "",
        answered_title=f"{title} ({ANSWER_WORDS[Answer.GOING]})" if _tells_answers(feed) else "",
        place=plain(event.get("LOCATION", "")),
        alarm=title if feed.alarm_minutes is not None else "",
    )


def says_of(feed: CalendarFeed, account: Account) -> Disclosure:
    """What this calendar may say: her words for it, else her words for everything."""
    return disclosure(feed.level, feed.title or account.discreet_title)


def _earlier(feed: CalendarFeed, series_uid: UUID) -> Callable[[str], timedelta]:
    """By how much the stamps of a series are written earlier: up to a week, the rule and each exception by a span of its own.

    In a discreet calendar the exact second would tell which public calendar it comes from; and the spans are the same when
    it says more, so that no stamp goes back when it says less again.
    """

    def earlier(original: str) -> timedelta:
        secret = hmac.new(feed.uid_key, b"stamp" + series_uid.bytes + original.encode(), sha256).digest()
        return timedelta(seconds=int.from_bytes(secret[:8]) % A_WEEK)

    return earlier


def own_uid(feed: CalendarFeed, series_uid: UUID, site: Site) -> str:
    """Stays for this calendar whatever it says; matched with no other by anybody who has not read the database."""
    return f"{hmac.new(feed.uid_key, series_uid.bytes, sha256).hexdigest()[:UID_LENGTH]}@{site.host}"


def _body(session: Session, feed: CalendarFeed, states: Sequence[SeriesState], site: Site, says: Disclosure) -> bytes:
    ids = [state.id for state in states]
    answers = answers_of(session, feed.account_id, ids) if _tells_answers(feed) else {}
    lines = (
        personal_block(
            state.lines or b"",
            Voice(
                uid=own_uid(feed, state.uid, site),
                not_before=feed.changed_at,
                earlier=_earlier(feed, state.uid),
                title=says.words,
                alarm_minutes=feed.alarm_minutes,
                shows_cancelled=feed.shows_cancelled,
                way_in=says.details(_way_in(feed, state, site), ""),
                answers=answers.get(state.id, NO_ANSWERS),
            ),
        )
        for state in states
    )
    return as_calendar(states, lines, site, site.name)


def _tells_answers(feed: CalendarFeed) -> bool:
    return feed.shows_answers and feed.level is not FeedLevel.BUSY


def _way_in(feed: CalendarFeed, state: SeriesState, site: Site) -> str:
    return f"{site.base_url}/calendar/in/{ways_in.token(feed, state.id)}" if state.has_way_in else ""
