"""Calendars as bytes: each series' lines are written once for each change and kept; a feed joins lines."""

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.errors import NotFound
from groupsite.domain.zones import tzdata_version
from groupsite.formats.calendar_series import CalendarSeries, Stamp, discreet
from groupsite.formats.ical import block_renews_at, calendar, series_block
from groupsite.models import Group, MeetingSeries, Served
from groupsite.queries.calendars import SeriesState, chain_of, states_of_group, whole_series

A_SECOND = timedelta(seconds=1)
"""How finely HTTP dates tell two moments apart."""

FORMAT = "4"
"""Goes up when the same series is to be written otherwise: then its lines are written anew."""
TAG_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Site:
    """What calendars say of this site: `host` stands in UIDs, `base_url` in links, `name` is the calendar's."""

    host: str
    base_url: str
    name: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar that may be fetched. `etag` is strong: it is made of the bytes.

    `since` is when it became what it is: it goes up with every difference, a date that is gone included. `owners` are those
    whose changes change it (`group:<id>`, `account:<id>`), `renews_at` is when it changes by the clock alone (UTC).
    """

    body: bytes
    etag: str
    since: datetime
    owners: frozenset[str]
    renews_at: datetime | None


def group_feed(session: Session, group: Group, site: Site, *, series_slug: str | None = None, now: datetime) -> Feed:
    """The public calendar of a group, or of one series and of those that it goes on as: who subscribed to the Tuesday goes on
    having it when it moves to another hour.

    Raises NotFound for a series that the group does not have.
    """
    kept: Served = group
    chain = None
    if series_slug is not None:
        chain = chain_of(session, group.id, series_slug)
        if not chain:
            raise NotFound("This group has no such meeting.")
        kept = session.get_one(MeetingSeries, chain[0])
    states = rendered(session, lambda: states_of_group(session, group.id, chain), site, now=now)
    body = as_calendar(states, (state.lines or b"" for state in states), site, group.name)
    newest = max((state.changed_at for state in states), default=None)
    return as_feed(session, kept, states, body, newest=newest, owners={f"group:{group.id}"})


def as_feed(
    session: Session,
    kept: Served,
    states: Sequence[SeriesState],
    body: bytes,
    *,
    newest: datetime | None,
    owners: Set[str],
) -> Feed:
    """The bytes with what programs ask by. `newest` is the newest change among the series, None without any."""
    etag = sha256(body).hexdigest()[:TAG_LENGTH]
    return Feed(
        body=body,
        etag=etag,
        since=_unchanged_since(session, kept, etag, newest),
        owners=frozenset(owners),
        renews_at=min(filter(None, (state.renews_at for state in states)), default=None),
    )


def calendar_series(series: MeetingSeries, site: Site) -> CalendarSeries:
    """What a calendar may say of a series to everybody (its group and exceptions loaded). Never a way in."""
    group = series.group
    return CalendarSeries(
        uid=_uid(series, site),
        schedule=series.schedule,
        sequence=series.rule_sequence,
        changed=series.rule_changed_at,
        stamps=tuple(Stamp(one.sequence, one.published_at) for one in series.overrides),
        raised=series.rule_raised_at,
        created=series.created_at,
        prefix=group.name,
        url=f"{site.base_url}/groups/{group.slug}",
    )


def _uid(series: MeetingSeries, site: Site) -> str:
    return f"{series.uid.hex}@{site.host}"


def rendered(
    session: Session, read: Callable[[], list[SeriesState]], site: Site, *, now: datetime
) -> list[SeriesState]:
    """The states, after lines that are stale and that no worker has written yet (kept_lines) were written and kept."""
    states = read()
    version = block_version(site)
    stale = [one.id for one in states if one.lines is None or one.version != version or _is_over(one.renews_at, now)]
    if not stale:
        return states
    for series in _held(session, stale):
        write_lines(series, site, now=now)
    session.flush()
    return read()


def write_lines(series: MeetingSeries, site: Site, *, now: datetime) -> None:
    """Write the lines of a series anew (held, and loaded by `whole_series`); it stays as it is when that fails."""
    told = calendar_series(series, site)
    before = _uid(series.predecessor, site) if series.predecessor else ""
    full = series_block(replace(told, replaces_uid=before), now=now)
    bare = series_block(discreet(told, uid=told.uid, title=""), now=now)
    renews_at = block_renews_at(series.schedule, now=now)
    series.calendar_block, series.bare_block = full, bare
    series.block_renews_at, series.block_version = renews_at, block_version(site)


def block_version(site: Site) -> str:
    """What kept lines follow from apart from their series: other zone data, or another host, and they are written anew."""
    return f"{FORMAT} {tzdata_version()} {site.host} {site.base_url}"


def _unchanged_since(session: Session, kept: Served, etag: str, newest: datetime | None) -> datetime:
    """Since when the calendar is as it is, in whole seconds: its newest change, or a second after the last stamp.

    The newest change alone would go back when somebody leaves a group, and programs that ask by date would keep that
    group's dates. The moment of a fetch would be right too, but nobody needs to know when a member's phone is awake.
    """
    if kept.calendar_since is None or kept.calendar_tag != etag:
        following = (kept.calendar_since or kept.created_at) + A_SECOND
        kept.calendar_tag = etag
        kept.calendar_since = max(newest or following, following).replace(microsecond=0)
        session.flush()
    return kept.calendar_since


def as_calendar(states: Sequence[SeriesState], lines: Iterable[bytes], site: Site, name: str) -> bytes:
    """The lines of these series as a whole calendar with their zones."""
    return calendar(lines, [(state.timezone, state.dtstart_local.year) for state in states], name=name, maker=site.name)


def _held(session: Session, ids: Sequence[UUID]) -> Sequence[MeetingSeries]:
    """These series, locked before they are read: lines from before a change must not be kept after it."""
    session.execute(
        select(MeetingSeries.id)
        .where(MeetingSeries.id.in_(ids))
        .order_by(MeetingSeries.id)
        .with_for_update(key_share=True)
    )
    return whole_series(session, ids)


def _is_over(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now
