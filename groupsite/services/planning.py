"""The planner: owes each reminder of the coming days once, however often and wherever it runs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from groupsite.domain.reminders import Timing, quiet_hours, timing
from groupsite.models import Delivery, DeliveryKind, DeliveryState
from groupsite.queries.deliveries import unplanned

ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Planned:
    """How many reminders were owed, and how many of them came too late to be sent."""

    planned: int
    expired: int


def plan(session: Session, *, now: datetime, ahead: timedelta) -> Planned:
    """Owe every reminder for dates that start within `ahead`. What was owed before stays as it is."""
    planned = expired = 0
    rows = (_row(owed, now) for owed in unplanned(session, now=now, until=now + ahead))
    for batch in _batches(rows):
        statement = insert(Delivery).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(Delivery.state)
        states = session.scalars(statement.values(batch)).all()
        planned += len(states)
        expired += sum(state is DeliveryState.EXPIRED for state in states)
    return Planned(planned, expired)


def _row(owed: Any, now: datetime) -> dict[str, Any]:
    """A row that is too late from the start is recorded as expired, never silently left out."""
    when = timing_of(owed)
    return {
        "id": uuid4(),
        "dedupe_key": owed.key,
        "kind": DeliveryKind.REMINDER,
        "state": DeliveryState.EXPIRED if when.expires_at <= now else DeliveryState.PLANNED,
        "account_id": owed.account_id,
        "membership_id": owed.membership_id,
        "series_id": owed.series_id,
        "original_local": owed.original_local,
        "start_utc": owed.start_utc,
        "lead_minutes": owed.lead,
        "due_at": when.due_at,
        "next_try_at": when.due_at,
        "expires_at": when.expires_at,
    }


def timing_of(owed: Any) -> Timing:
    """The span in which this owed reminder may be sent."""
    return timing(owed.start_utc, owed.lead, quiet_hours(owed.quiet_from, owed.quiet_until, owed.timezone))


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(rows)
    while batch := list(islice(left, ROWS_AT_ONCE)):
        yield batch
