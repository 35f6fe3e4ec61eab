"""The read model of occurrences: derived from the series alone, kept in the transaction of each change."""

from dataclasses import fields
from datetime import UTC, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Table, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, selectinload

from groupsite.domain.recurrence import occurrences
from groupsite.domain.schedule import Occurrence
from groupsite.domain.zones import as_numbers, tzdata_version
from groupsite.models import DerivedWith, MeetingSeries, OccurrenceRow, Rsvp
from groupsite.queries.readiness import DATES, zone_data_of_dates
from groupsite.services import waiting

KEPT_BACK = timedelta(days=92)
KEPT_AHEAD = timedelta(days=400)
"""Thirteen months ahead."""
SERIES_AT_ONCE = 200
DERIVING = 0x6461746573
"""Names the lock of PostgreSQL under which periodic jobs derive all dates."""

_KEY = ("series_id", "original_local")
_COLUMNS = tuple(column.key for column in OccurrenceRow.__table__.columns)
_SHARED = tuple(field.name for field in fields(Occurrence) if field.name in _COLUMNS)
_DERIVED = tuple(name for name in _COLUMNS if name not in _KEY)


def kept_window(now: datetime) -> tuple[datetime, datetime]:
    """First and last moment (UTC) of the read model; the same all day, so that deriving it twice changes nothing."""
    midnight = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    return midnight - KEPT_BACK, midnight + KEPT_AHEAD


def refresh(session: Session, series: MeetingSeries, *, now: datetime) -> None:
    """Bring the rows of one series (overrides and pauses loaded) to what its schedule says."""
    _store(session, [series], now=now)


def rebuild(session: Session, *, now: datetime) -> int:
    """Bring every row to what the series say and return how many there are; what was right already is not written again.

    With which zone data is noted.
    """
    last_id: UUID | None = None
    while batch := _series_after(session, last_id):
        _store(session, batch, now=now)
        last_id = batch[-1].id
        session.expunge_all()
    first, last = kept_window(now)
    session.execute(delete(OccurrenceRow).where(or_(OccurrenceRow.end_utc < first, OccurrenceRow.original_utc >= last)))
    _note_zone_data(session)
    return session.scalar(select(func.count()).select_from(OccurrenceRow)) or 0


def roll_forward(session: Session, *, now: datetime) -> bool:
    """As `rebuild`, unless somebody with newer zone data has derived the dates: says whether it was done.

    While servers are brought up one by one, an old worker must not undo what a new one has derived. Nor does it have to:
    the dates are known for thirteen months. To go back on purpose there is the command.
    """
    if not _derives_alone(session) or as_numbers(zone_data_of_dates(session)) > as_numbers(tzdata_version()):
        return False
    rebuild(session, now=now)
    return True


def follow_zone_data(session: Session, *, now: datetime) -> bool:
    """Derive every date anew if they follow from older zone data than ours; says whether it was done.

    When another process does it already, this one goes on without waiting. A date whose moment is another is owed its
    reminders anew, and those that were owed for the old moment are not sent.
    """
    if not _are_behind(session) or not _derives_alone(session) or not _are_behind(session):
        return False
    rebuild(session, now=now)
    return True


def _are_behind(session: Session) -> bool:
    return as_numbers(zone_data_of_dates(session)) < as_numbers(tzdata_version())


def _derives_alone(session: Session) -> bool:
    """Whether no other process derives all dates; until this transaction ends none begins."""
    return session.scalar(select(func.pg_try_advisory_xact_lock(DERIVING))) is True


def _note_zone_data(session: Session) -> None:
    noted = insert(DerivedWith).values(name=DATES, tzdata=tzdata_version())
    session.execute(noted.on_conflict_do_update(index_elements=["name"], set_={"tzdata": tzdata_version()}))


def _series_after(session: Session, last_id: UUID | None) -> list[MeetingSeries]:
    """Held until the rows are stored, so that no change comes between reading a series and writing its dates."""
    query = (
        select(MeetingSeries)
        .options(selectinload(MeetingSeries.overrides), selectinload(MeetingSeries.pauses))
        .order_by(MeetingSeries.id)
        .limit(SERIES_AT_ONCE)
        .with_for_update(read=True)
    )
    return list(session.scalars(query if last_id is None else query.where(MeetingSeries.id > last_id)))


def _store(session: Session, batch: list[MeetingSeries], *, now: datetime) -> None:
    """One statement to write what differs and one to remove what is no longer derived; reminders follow."""
    first, last = kept_window(now)
    rows = [_row(series, one) for series in batch for one in occurrences(series.schedule, first, last)]
    ids = [series.id for series in batch]
    existing = select(OccurrenceRow.series_id, OccurrenceRow.original_local).where(OccurrenceRow.series_id.in_(ids))
    gone = {tuple(key) for key in session.execute(existing)} - {
        (row["series_id"], row["original_local"]) for row in rows
    }
    _remove(session, gone)
    if (_write(session, rows) if rows else 0) or gone:
        _let_answers_follow(session, ids)
        waiting.follow_dates(session, ids, now=now)


def _write(session: Session, rows: list[dict[str, Any]]) -> int:
    """How many were not so before."""
    statement = insert(cast("Table", OccurrenceRow.__table__))
    new = {name: statement.excluded[name] for name in _DERIVED}
    differs = or_(*(getattr(OccurrenceRow, name).is_distinct_from(new[name]) for name in _DERIVED))
    written = session.execute(
        statement.on_conflict_do_update(index_elements=_KEY, set_=new, where=differs),
        rows,
        execution_options={"preserve_rowcount": True},
    )
    return cast("CursorResult[Any]", written).rowcount


def _let_answers_follow(session: Session, ids: list[UUID]) -> None:
    """An answer is kept until a day after the end of its date, whenever that is now."""
    is_about = Rsvp.series_id == OccurrenceRow.series_id, Rsvp.original_local == OccurrenceRow.original_local
    moved = update(Rsvp).where(*is_about, Rsvp.series_id.in_(ids), Rsvp.end_utc != OccurrenceRow.end_utc)
    session.execute(moved.values(end_utc=OccurrenceRow.end_utc), execution_options={"synchronize_session": "fetch"})


def _remove(session: Session, keys: set[tuple[Any, ...]]) -> None:
    by_series: dict[UUID, list[datetime]] = {}
    for series_id, original_local in keys:
        by_series.setdefault(series_id, []).append(original_local)
    for series_id, originals in by_series.items():
        session.execute(
            delete(OccurrenceRow).where(
                OccurrenceRow.series_id == series_id, OccurrenceRow.original_local.in_(originals)
            )
        )


def _row(series: MeetingSeries, one: Occurrence) -> dict[str, Any]:
    of_the_series = {"series_id": series.id, "series_slug": series.slug, "group_id": series.group_id}
    return {name: getattr(one, name) for name in _SHARED} | of_the_series
