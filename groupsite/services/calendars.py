"""Calendars as bytes: each series' lines are rendered once for each change and kept; a feed joins lines."""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.discretion import own_title
from groupsite.domain.errors import NotFound
from groupsite.domain.join_info import public_details
from groupsite.domain.zones import tzdata_version
from groupsite.formats.ical import CalendarSeries, block_renews_at, calendar, discreet, series_block
from groupsite.models import Account, CalendarFeed, Group, MeetingSeries, Served
from groupsite.queries.calendars import SeriesState, blocks, states_of_group, states_of_member, whole_series

A_SECOND = timedelta(seconds=1)
"""How finely HTTP dates tell two moments apart."""

FORMAT = "2"
"""Goes up when the same series is to be written otherwise: then every feed is fetched anew."""


@dataclass(frozen=True, slots=True)
class Site:
    """What calendars say of this site: `host` stands in UIDs, `base_url` in links, `name` is the calendar's."""

    host: str
    base_url: str
    name: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar that may be fetched. `etag` is strong: equal tags mean equal bytes. `body` renders when it is called.

    `since` is when it became what it is: it goes up with every difference, a date that is gone included.
    """

    etag: str
    since: datetime
    body: Callable[[], bytes]


def group_feed(session: Session, group: Group, site: Site, *, series_slug: str | None = None, now: datetime) -> Feed:
    """The public calendar of a group, or of its one series. Raises NotFound for a series that it does not have."""
    states = _rendered(session, lambda: states_of_group(session, group.id, series_slug), site, now=now)
    if series_slug is not None and not states:
        raise NotFound("This group has no such meeting.")
    kept = group if series_slug is None else session.get_one(MeetingSeries, states[0].id)
    return _feed(session, states, site, group.name, kept)


def personal_feed(session: Session, feed: CalendarFeed, account: Account, site: Site, *, now: datetime) -> Feed:
    """The calendar of all groups of a member: her own words alone, or in full if she chose that."""
    states = _rendered(session, lambda: states_of_member(session, account.id), site, now=now)
    if not feed.discreet:
        return _feed(session, states, site, site.name, feed)
    title = own_title(account.discreet_title)
    etag = _etag(states, site, f"{feed.id}:{title}")
    return Feed(
        etag=etag,
        since=_since(session, feed, etag, states),
        body=lambda: _discreet_body(session, states, feed, title, site, now=now),
    )


def calendar_series(series: MeetingSeries, site: Site) -> CalendarSeries:
    """What the public calendar says of a series (its group and exceptions loaded)."""
    group = series.group
    return CalendarSeries(
        uid=f"{series.uid.hex}@{site.host}",
        schedule=series.schedule,
        sequence=series.sequence,
        created=series.created_at,
        changed=series.changed_at,
        prefix=group.name,
        url=f"{site.base_url}/groups/{group.slug}",
        join=public_details(series.join),
    )


def _feed(session: Session, states: Sequence[SeriesState], site: Site, name: str, kept: Served) -> Feed:
    etag = _etag(states, site, name)
    return Feed(
        etag=etag,
        since=_since(session, kept, etag, states),
        body=lambda: _joined(states, _kept_blocks(session, states), name),
    )


def _rendered(
    session: Session, read: Callable[[], list[SeriesState]], site: Site, *, now: datetime
) -> list[SeriesState]:
    """The states, after the lines that are missing or no longer true were rendered and kept.

    So a tag always speaks of kept lines: it changes when they do, and when a cancelled date is over.
    """
    states = read()
    stale = [state.id for state in states if not state.has_block or _is_over(state.renews_at, now)]
    if not stale:
        return states
    for series in _held(session, stale):
        series.calendar_block = series_block(calendar_series(series, site), now=now)
        series.block_renews_at = block_renews_at(series.schedule, now=now)
    session.flush()
    return read()


def _held(session: Session, ids: Sequence[UUID]) -> Sequence[MeetingSeries]:
    """These series, locked before they are read: lines from before a change must not be kept after it."""
    session.execute(
        select(MeetingSeries.id).where(MeetingSeries.id.in_(ids)).order_by(MeetingSeries.id).with_for_update()
    )
    return whole_series(session, ids)


def _joined(states: Sequence[SeriesState], lines: Sequence[bytes], name: str) -> bytes:
    return calendar(lines, [(state.timezone, state.first_year) for state in states], name=name)


def _kept_blocks(session: Session, states: Sequence[SeriesState]) -> list[bytes]:
    kept = blocks(session, [state.id for state in states])
    return [kept[state.id] or b"" for state in states]


def _discreet_body(
    session: Session, states: Sequence[SeriesState], feed: CalendarFeed, title: str, site: Site, *, now: datetime
) -> bytes:
    whole = {series.id: series for series in whole_series(session, [state.id for state in states])}
    lines = [
        series_block(
            discreet(
                calendar_series(whole[state.id], site), uid=_own_uid(feed, whole[state.id].uid, site), title=title
            ),
            now=now,
        )
        for state in states
    ]
    return _joined(states, lines, site.name)


def _own_uid(feed: CalendarFeed, series_uid: UUID, site: Site) -> str:
    """Stable for this feed, and matched with no other feed's by anybody who does not know its token."""
    return f"{hmac.new(feed.token_hash, series_uid.bytes, sha256).hexdigest()[:32]}@{site.host}"


def _is_over(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _etag(states: Sequence[SeriesState], site: Site, name: str) -> str:
    """Follows from everything that the bytes follow from."""
    said = [FORMAT, tzdata_version(), site.host, site.base_url, name]
    for state in states:
        said += [state.id.hex, str(state.sequence), state.changed_at.astimezone(UTC).isoformat()]
        said.append(state.renews_at.astimezone(UTC).isoformat() if state.renews_at else "")
    return sha256("\n".join(said).encode()).hexdigest()[:32]


def _since(session: Session, kept: Served, etag: str, states: Sequence[SeriesState]) -> datetime:
    """Since when the calendar is as it is, in whole seconds: the newest change of its series, or a second after the last stamp.

    The newest change alone would go back when somebody leaves a group, and programs that ask by date would keep that
    group's dates. The moment of a fetch would be right too, but nobody needs to know when a member's phone is awake.
    """
    if kept.calendar_since is None or kept.calendar_tag != etag:
        following = (kept.calendar_since or kept.created_at) + A_SECOND
        newest = max((state.changed_at for state in states), default=following)
        kept.calendar_tag, kept.calendar_since = etag, max(newest, following).replace(microsecond=0)
        session.flush()
    return kept.calendar_since
