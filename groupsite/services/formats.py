"""A group's formats: begun from a preset, changed part by part, given to its meetings."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from groupsite.domain.errors import Conflict, InvalidInput, NotFound
from groupsite.domain.format_presets import SHARE_LIMITS, preset
from groupsite.domain.meeting_format import (
    MOST_SEGMENTS,
    Segment,
    Step,
    as_kept,
    at,
    checked,
    moved,
    numbered,
    segments_of,
    total,
    with_remark,
)
from groupsite.domain.permissions import Identity
from groupsite.domain.slugs import free_slug, slug_of
from groupsite.domain.words import Family
from groupsite.models import Group, MeetingFormat, MeetingSeries
from groupsite.queries.formats import NO_FORMAT, formats_of
from groupsite.queries.groups import NO_SERIES
from groupsite.services import audit
from groupsite.services.publishing import hold_group

MOST_FORMATS = 20
TOO_MANY_PARTS = f"A format has {MOST_SEGMENTS} parts at most. Please take one out first."


def create(
    session: Session, actor: Identity, group: Group, *, name: str, style: Family, length: int, now: datetime
) -> MeetingFormat:
    """A format with the parts of a preset. Raises InvalidInput, and Conflict for one too many."""
    segments = preset(style, length)
    hold_group(session, group)
    taken = {one.slug for one in formats_of(session, group.id)}
    if len(taken) >= MOST_FORMATS:
        raise Conflict(f"A group has {MOST_FORMATS} formats at most. Please remove one first.")
    row = MeetingFormat(
        id=uuid4(),
        group_id=group.id,
        slug=free_slug(slug_of(name, "format"), taken),
        name=name,
        share_limit_minutes=SHARE_LIMITS[length],
    )
    session.add(row)
    _keep(session, actor, group, row, segments, "format.created", now)
    return row


def remove(session: Session, actor: Identity, group: Group, slug: str, *, now: datetime) -> None:
    """The format is gone; its meetings have none until another is chosen. Raises NotFound."""
    row = _held(session, group, slug)
    theirs = update(MeetingSeries).where(MeetingSeries.group_id == group.id, MeetingSeries.format_slug == slug)
    session.execute(theirs.values(format_slug=None))
    session.delete(row)
    session.flush()
    audit.record(session, actor, "format.removed", now=now, group_id=group.id, format=row.id)


def use(session: Session, actor: Identity, group: Group, series: str, slug: str, *, now: datetime) -> None:
    """Give this format to one meeting of the group; an empty slug takes it away. Raises NotFound."""
    if slug:
        _held(session, group, slug)
    meeting = select(MeetingSeries).where(MeetingSeries.group_id == group.id, MeetingSeries.slug == series)
    row = session.scalar(meeting.with_for_update(key_share=True))
    if row is None:
        raise NotFound(NO_SERIES)
    row.format_slug = slug or None
    session.flush()
    audit.record(session, actor, "format.chosen", now=now, group_id=group.id, series=row.id)


def describe(
    session: Session, actor: Identity, group: Group, slug: str, *, name: str, share_limit: int | None, now: datetime
) -> None:
    """Its name, and how many minutes one share may take. Raises NotFound, InvalidInput."""
    if not name.strip():
        raise InvalidInput("name", "Please give it a name.")
    row = _held(session, group, slug)
    row.name, row.share_limit_minutes = name.strip(), share_limit
    session.flush()
    audit.record(session, actor, "format.changed", now=now, group_id=group.id, format=row.id)


def add_segment(session: Session, actor: Identity, group: Group, slug: str, segment: Segment, *, now: datetime) -> None:
    """The part comes last. Raises NotFound, InvalidInput, and Conflict for one too many."""
    row, segments = _segments(session, group, slug)
    if len(segments) >= MOST_SEGMENTS:
        raise Conflict(TOO_MANY_PARTS)
    _keep(session, actor, group, row, (*segments, checked(segment)), "format.changed", now)


def change_segment(
    session: Session, actor: Identity, group: Group, slug: str, number: int, seen: str, segment: Segment, *,
    now: datetime,
) -> None:  # fmt: skip
    """Put `segment` in the place of number `number`, whose title was `seen`. Raises NotFound, Conflict, InvalidInput."""
    row, segments = _segments(session, group, slug)
    index = at(segments, number, seen)
    new = with_remark(checked(segment), segments[index])
    _keep(session, actor, group, row, (*segments[:index], new, *segments[index + 1 :]), "format.changed", now)


def move_segment(
    session: Session, actor: Identity, group: Group, slug: str, number: int, seen: str, step: Step, *, now: datetime
) -> None:
    """One place up or down. Raises NotFound, Conflict."""
    row, segments = _segments(session, group, slug)
    _keep(session, actor, group, row, moved(segments, at(segments, number, seen), step), "format.changed", now)


def remove_segment(
    session: Session, actor: Identity, group: Group, slug: str, number: int, seen: str, *, now: datetime
) -> None:
    """Raises NotFound, Conflict."""
    row, segments = _segments(session, group, slug)
    index = at(segments, number, seen)
    _keep(session, actor, group, row, (*segments[:index], *segments[index + 1 :]), "format.changed", now)


def _segments(session: Session, group: Group, slug: str) -> tuple[MeetingFormat, tuple[Segment, ...]]:
    row = _held(session, group, slug)
    return row, segments_of(row.segments)


def _held(session: Session, group: Group, slug: str) -> MeetingFormat:
    """The format, locked and as it is now. Raises NotFound."""
    one = select(MeetingFormat).where(MeetingFormat.group_id == group.id, MeetingFormat.slug == slug)
    row = session.scalar(one.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotFound(NO_FORMAT)
    return row


def _keep(
    session: Session,
    actor: Identity,
    group: Group,
    row: MeetingFormat,
    segments: tuple[Segment, ...],
    verb: str,
    now: datetime,
) -> None:
    row.segments = as_kept(numbered(segments))
    row.total_minutes = max(1, total(segments))
    session.flush()
    audit.record(session, actor, verb, now=now, group_id=group.id, format=row.id)
