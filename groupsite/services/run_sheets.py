"""The run sheet of one meeting: pressed, followed, forgotten. Nothing of it is audited, and nothing stays for longer than a day."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from groupsite.domain.errors import InvalidInput
from groupsite.domain.meeting_format import as_kept, plan
from groupsite.domain.run_sheet import (
    KEPT_AFTER,
    Progress,
    be_quiet,
    check_version,
    code_as_kept,
    go_to,
    new_code,
    pressed_at,
    with_reader,
)
from groupsite.domain.tokens import token_hash
from groupsite.models import RunSheet
from groupsite.queries.run_sheets import Meeting


def go(
    session: Session, meeting: Meeting, to: int, *, version: int, said_at: datetime | None = None, now: datetime
) -> None:
    """The meeting is at this part now, or since `said_at` if the button was pressed without a connection.

    `version` is that which whoever pressed had on screen. Raises Conflict when somebody else was first, InvalidInput.
    """
    row = _held(session, meeting, version)
    before = row.progress
    parts = plan(meeting.segments, meeting.minutes, has_newcomer=before.has_newcomer)
    _keep(session, row, go_to(before, parts, to, at=pressed_at(said_at, before.since, now=now)))


def quiet(session: Session, meeting: Meeting, *, version: int, said_at: datetime | None = None, now: datetime) -> None:
    """Thirty seconds of quiet, for everybody who looks on. Raises Conflict."""
    row = _held(session, meeting, version)
    _keep(session, row, be_quiet(row.progress, at=pressed_at(said_at, None, now=now)))


def end_quiet(session: Session, meeting: Meeting, *, version: int) -> None:
    """Raises Conflict."""
    row = _held(session, meeting, version)
    row.quiet_until = None
    session.flush()


def say_newcomer(session: Session, meeting: Meeting, *, is_here: bool, version: int) -> None:
    """Hold the parts for newcomers, or leave them out; the others make room. Raises Conflict, also when there is none."""
    row = _held(session, meeting, version)
    plan(meeting.segments, meeting.minutes, has_newcomer=is_here)
    row.has_newcomer = is_here
    session.flush()


def set_reader(session: Session, meeting: Meeting, position: int, name: str, *, version: int) -> None:
    """Note who reads this part tonight, under the name that the chair types. Raises InvalidInput, Conflict."""
    if not 0 <= position < len(meeting.segments):
        raise InvalidInput("position", "There is no such part in tonight’s order.")
    row = _held(session, meeting, version)
    row.readers = with_reader(row.readers, position, name)
    session.flush()


def make_code(session: Session, meeting: Meeting, *, version: int) -> str:
    """A new code for a second telephone, shown once; the one before it ends. Raises Conflict."""
    code = new_code()
    _held(session, meeting, version).code_hash = token_hash(code_as_kept(code))
    session.flush()
    return code


def forget_one(session: Session, meeting: Meeting) -> None:
    """Delete the sheet now, with the names in it."""
    session.execute(delete(RunSheet).where(*_is(meeting)))


def forget(session: Session, *, now: datetime) -> None:
    """Delete the sheets of meetings that have been over for a day."""
    session.execute(delete(RunSheet).where(RunSheet.end_utc <= now - KEPT_AFTER))


def _held(session: Session, meeting: Meeting, version: int) -> RunSheet:
    """The sheet, begun if it was not there, locked and counted up: of two who press at once the second is told."""
    new = {
        "series_id": meeting.series.id,
        "original_local": meeting.date.original_local,
        "end_utc": meeting.date.end_utc,
        "segments": as_kept(meeting.segments),
        "readers": {},
        "has_newcomer": False,
        "version": 0,
    }
    session.execute(insert(RunSheet).values(new).on_conflict_do_nothing())
    held = select(RunSheet).where(*_is(meeting)).with_for_update().execution_options(populate_existing=True)
    row = session.scalars(held).one()
    check_version(version, row.version)
    row.version += 1
    row.end_utc = meeting.date.end_utc
    return row


def _is(meeting: Meeting) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return RunSheet.series_id == meeting.series.id, RunSheet.original_local == meeting.date.original_local


def _keep(session: Session, row: RunSheet, progress: Progress) -> None:
    row.started_at, row.position, row.since = progress.started_at, progress.position, progress.since
    row.quiet_until, row.has_newcomer = progress.quiet_until, progress.has_newcomer
    session.flush()
