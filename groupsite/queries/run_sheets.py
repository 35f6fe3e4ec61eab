"""The sheet of one meeting with everything that it is made of: one query, because telephones ask for it every second."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from groupsite.domain.errors import Conflict, Expired, NotFound
from groupsite.domain.format_presets import USUAL_LENGTH, preset
from groupsite.domain.meeting_format import Part, Segment, plan, segments_of
from groupsite.domain.run_sheet import OPENS_BEFORE, Progress, is_open
from groupsite.domain.words import Family, Modality, OccurrenceStatus
from groupsite.models import Group, MeetingFormat, MeetingSeries, OccurrenceRow, RunSheet
from groupsite.queries.groups import NO_GROUP, NO_SERIES

OVER = "This meeting is over. Nothing of its run sheet is shown any more."
NO_CODE = (
    "This code does not lead to a clock. It is good for one meeting: ask whoever chairs it for the one of tonight."
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One occurrence with its format and its sheet. Without a format of the group's own, a plain order of ours stands in."""

    group: Group
    series: MeetingSeries
    date: OccurrenceRow
    format: MeetingFormat | None
    sheet: RunSheet | None

    @property
    def segments(self) -> Sequence[Segment]:
        if self.sheet is not None:
            return segments_of(self.sheet.segments)
        own = segments_of(self.format.segments) if self.format else ()
        return own or preset(Family.INDEPENDENT, USUAL_LENGTH)

    @property
    def minutes(self) -> int:
        return int((self.date.end_utc - self.date.start_utc).total_seconds()) // 60

    @property
    def progress(self) -> Progress:
        return self.sheet.progress if self.sheet else Progress()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Raises Conflict when there are more parts than minutes."""
        return plan(self.segments, self.minutes, has_newcomer=self.progress.has_newcomer)


def may_have_sheet(date: OccurrenceRow, now: datetime) -> bool:
    """Whether this date has a sheet now: it is held, not in writing, and near."""
    is_held = date.status is not OccurrenceStatus.CANCELLED and date.modality is not Modality.WRITTEN
    return is_held and is_open(date.start_utc, date.end_utc, now)


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at an address, before anybody knows whether it may be shown."""

    group: Group
    series: MeetingSeries | None
    date: OccurrenceRow | None
    format: MeetingFormat | None
    sheet: RunSheet | None

    def meeting(self, now: datetime) -> Meeting:
        """Raises NotFound, Conflict for a date that has no sheet (yet), Expired for one that is over."""
        if self.series is None:
            raise NotFound(NO_SERIES)
        if self.date is None:
            raise NotFound("There is no such date.")
        if may_have_sheet(self.date, now):
            return Meeting(self.group, self.series, self.date, self.format, self.sheet)
        if self.date.end_utc < now:
            raise Expired(OVER)
        if self.date.start_utc - now > OPENS_BEFORE:
            raise Conflict("The run sheet opens a day before the meeting. Please come back then.")
        raise Conflict("This date has no run sheet: it is cancelled, or a meeting in writing.")


def sheet_at(session: Session, slug: str, series: str, original_local: datetime) -> Found:
    """What the address names. Raises NotFound where there is no such group."""
    is_series = and_(MeetingSeries.group_id == Group.id, MeetingSeries.slug == series)
    is_date = and_(OccurrenceRow.series_id == MeetingSeries.id, OccurrenceRow.original_local == original_local)
    is_sheet = and_(RunSheet.series_id == MeetingSeries.id, RunSheet.original_local == original_local)
    found = session.execute(
        select(Group, MeetingSeries, OccurrenceRow, MeetingFormat, RunSheet)
        .outerjoin(MeetingSeries, is_series)
        .outerjoin(OccurrenceRow, is_date)
        .outerjoin(MeetingFormat, _is_format())
        .outerjoin(RunSheet, is_sheet)
        .where(Group.slug == slug)
    ).first()
    if found is None:
        raise NotFound(NO_GROUP)
    return Found(*found)


def sheet_with_code(session: Session, code_hash: bytes, *, now: datetime) -> Meeting:
    """The meeting that a code leads to. Raises NotFound, in the same words for a wrong code and one of another evening."""
    found = session.execute(_with_code().where(RunSheet.code_hash == code_hash)).first()
    meeting = Meeting(*found) if found else None
    if meeting is None or not may_have_sheet(meeting.date, now):
        raise NotFound(NO_CODE)
    return meeting


def _with_code() -> Select[Group, MeetingSeries, OccurrenceRow, MeetingFormat, RunSheet]:
    is_date = and_(
        OccurrenceRow.series_id == RunSheet.series_id, OccurrenceRow.original_local == RunSheet.original_local
    )
    return (
        select(Group, MeetingSeries, OccurrenceRow, MeetingFormat, RunSheet)
        .select_from(RunSheet)
        .join(MeetingSeries, MeetingSeries.id == RunSheet.series_id)
        .join(Group, Group.id == MeetingSeries.group_id)
        .join(OccurrenceRow, is_date)
        .outerjoin(MeetingFormat, _is_format())
    )


def _is_format() -> ColumnElement[bool]:
    return and_(MeetingFormat.group_id == MeetingSeries.group_id, MeetingFormat.slug == MeetingSeries.format_slug)
