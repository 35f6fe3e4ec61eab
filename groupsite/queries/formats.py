"""Formats of a group, and the texts that belong to them. Who may read a text is decided here, before it is read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Exists, exists, or_, select
from sqlalchemy.orm import Session

from groupsite.domain.errors import NotFound
from groupsite.domain.run_sheet import TEXTS_BEFORE
from groupsite.domain.words import OccurrenceStatus, TextVisibility
from groupsite.models import GroupText, MeetingFormat, OccurrenceRow

NO_FORMAT = "The group has no such format."
LONGEST_MEETING = timedelta(days=1)


def formats_of(session: Session, group_id: UUID) -> Sequence[MeetingFormat]:
    return session.scalars(
        select(MeetingFormat).where(MeetingFormat.group_id == group_id).order_by(MeetingFormat.name, MeetingFormat.slug)
    ).all()


def format_of(session: Session, group_id: UUID, slug: str) -> MeetingFormat:
    """Raises NotFound."""
    found = session.scalar(select(MeetingFormat).where(MeetingFormat.group_id == group_id, MeetingFormat.slug == slug))
    if found is None:
        raise NotFound(NO_FORMAT)
    return found


def texts_of(session: Session, group_id: UUID) -> Sequence[GroupText]:
    """Every text of the group, for trusted servants."""
    return session.scalars(select(GroupText).where(GroupText.group_id == group_id).order_by(GroupText.slot)).all()


def text_of(session: Session, group_id: UUID, slot: str) -> GroupText | None:
    return session.scalar(select(GroupText).where(GroupText.group_id == group_id, GroupText.slot == slot))


def texts_for_members(session: Session, group_id: UUID, *, now: datetime) -> Sequence[GroupText]:
    """What members may read now, those with words in them alone. One query."""
    is_shown = or_(
        GroupText.visibility == TextVisibility.MEMBERS,
        (GroupText.visibility == TextVisibility.DURING_MEETING) & _meets(group_id, now),
    )
    theirs = select(GroupText).where(GroupText.group_id == group_id, GroupText.body != "", is_shown)
    return session.scalars(theirs.order_by(GroupText.slot)).all()


def _meets(group_id: UUID, now: datetime) -> Exists:
    """Whether a meeting of the group is on, or begins within half an hour."""
    return exists().where(
        OccurrenceRow.group_id == group_id,
        OccurrenceRow.start_utc <= now + TEXTS_BEFORE,
        OccurrenceRow.start_utc > now - LONGEST_MEETING,
        OccurrenceRow.end_utc > now,
        OccurrenceRow.status != OccurrenceStatus.CANCELLED,
    )
