"""The lines that calendars are joined from, written in the background, so that hardly anybody who fetches waits for it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from groupsite.logging import get_logger
from groupsite.models import MeetingSeries
from groupsite.queries.calendars import whole_series
from groupsite.services.calendars import Site, block_version, write_lines
from groupsite.services.transactions import Begin

AT_ONCE = 50
"""Series in one transaction: a change of one of them waits for no longer than that."""


def write_stale(begin: Begin, site: Site, *, now: datetime, at_once: int = AT_ONCE) -> int:
    """Write all lines that are missing or no longer true, for whatever reason; returns for how many series.

    What somebody else holds just now is passed over: they write it, or the next run does. A series that cannot be written
    is logged and stops no other.
    """
    written, last = 0, None
    while True:
        with begin() as session:
            batch = _claim(session, site, last, now, at_once)
            written += sum(_is_written(series, site, now) for series in batch)
            if not batch:
                return written
            last = batch[-1].id


def _claim(session: Session, site: Site, last: UUID | None, now: datetime, at_once: int) -> Sequence[MeetingSeries]:
    """The next series whose lines are stale, locked before they are read."""
    is_stale = or_(
        MeetingSeries.calendar_block.is_(None),
        MeetingSeries.block_version != block_version(site),
        MeetingSeries.block_renews_at <= now,
    )
    query = select(MeetingSeries.id).where(is_stale).order_by(MeetingSeries.id).limit(at_once)
    held = query.with_for_update(skip_locked=True)
    ids = session.scalars(held if last is None else held.where(MeetingSeries.id > last)).all()
    return whole_series(session, ids) if ids else []


def _is_written(series: MeetingSeries, site: Site, now: datetime) -> bool:
    try:
        write_lines(series, site, now=now)
    except Exception as error:  # noqa: BLE001  a poisoned series must not stop the batch
        get_logger().error("lines_not_written", series_id=str(series.id), error=type(error).__name__)
        return False
    return True
