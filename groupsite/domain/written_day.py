"""One date of a written meeting: a window in the group's zone in which members write; the chair may open it ahead."""

from datetime import datetime, timedelta

from groupsite.domain.errors import Conflict

OPENED_AHEAD = timedelta(days=7)
"""So early may the opening post be left, to be shown when the date begins."""


def may_open(start_utc: datetime, end_utc: datetime, now: datetime) -> bool:
    """Whether whoever chairs may leave the opening post now."""
    return start_utc - OPENED_AHEAD <= now < end_utc


def may_write(start_utc: datetime, end_utc: datetime, now: datetime) -> bool:
    return start_utc <= now < end_utc


def shown_from(start_utc: datetime, end_utc: datetime, *, is_opening: bool, now: datetime) -> datetime:
    """From when on words that are sent now are shown. Raises Conflict outside the window."""
    if now >= end_utc:
        raise Conflict("This day is over. You can write to the group at any time, or into the next one.")
    if is_opening and may_open(start_utc, end_utc, now):
        return max(now, start_utc)
    if not may_write(start_utc, end_utc, now):
        raise Conflict("This day has not begun yet. Please come back then.")
    return now
