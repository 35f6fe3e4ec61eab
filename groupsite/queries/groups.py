"""Groups and their series, loaded as far as the caller needs them: nothing is loaded later."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from groupsite.domain.errors import NotFound
from groupsite.models import Group, MeetingSeries

NO_GROUP = "There is no group at this address."
NO_SERIES = "This group has no such meeting."


def group_named(session: Session, slug: str) -> Group:
    """The group's own columns. Raises NotFound."""
    group = session.scalar(select(Group).where(Group.slug == slug))
    if group is None:
        raise NotFound(NO_GROUP)
    return group


def group_with_meetings(session: Session, slug: str) -> Group:
    """The group with its series, their overrides and pauses, and its formats: five queries. Raises NotFound."""
    loaded = select(Group).options(
        selectinload(Group.series).selectinload(MeetingSeries.overrides),
        selectinload(Group.series).selectinload(MeetingSeries.pauses),
        selectinload(Group.formats),
    )
    group = session.scalar(loaded.where(Group.slug == slug))
    if group is None:
        raise NotFound(NO_GROUP)
    return group


def series_of(session: Session, group_id: UUID, slug: str) -> MeetingSeries:
    """One series of the group with its overrides and pauses. Raises NotFound."""
    loaded = select(MeetingSeries).options(selectinload(MeetingSeries.overrides), selectinload(MeetingSeries.pauses))
    series = session.scalar(loaded.where(MeetingSeries.group_id == group_id, MeetingSeries.slug == slug))
    if series is None:
        raise NotFound(NO_SERIES)
    return series


def series_named(session: Session, group_id: UUID) -> Sequence[MeetingSeries]:
    """The group's series in their order, with nothing loaded beside them."""
    theirs = select(MeetingSeries).where(MeetingSeries.group_id == group_id)
    return session.scalars(theirs.order_by(MeetingSeries.position, MeetingSeries.slug)).all()
