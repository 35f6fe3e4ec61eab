"""The rows of the outbox as they go through a worker's hands: claimed, leaving, sent, given back (docs/adr/0002).

Every statement names the fence under which the worker holds its rows. It changes nothing where another one holds them now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Update,
    Uuid,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from groupsite.mail.transport import TIMEOUT
from groupsite.models import NOTES, WAITING, Delivery, DeliveryKind, DeliveryState
from groupsite.queries.subjects import Seen
from groupsite.services import sender_pause
from groupsite.services.transactions import Begin

LEASE = timedelta(seconds=120)
ANSWER_TAKES = timedelta(seconds=TIMEOUT)
"""At most, after the body: before that nobody else may take the row for one that was left behind."""
CLAIMED_AT_ONCE = 100
IS_HELD = and_(Delivery.state == DeliveryState.SENDING, Delivery.handed_over_at.is_(None))
"""A worker has it, and the body has not left."""


class LeaseLost(Exception):
    """The rows are another worker's soon, or useless, or what was read for the letter is no longer so: it must not leave."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that this worker alone holds. `attempt` counts earlier tries; `carrier_id` is the row under whose name it has left."""

    id: UUID
    fence: int
    kind: DeliveryKind
    ripe_at: datetime
    attempt: int
    expires_at: datetime
    ambiguous: bool
    carrier_id: UUID | None


def sweep(session: Session, now: datetime) -> dict[DeliveryState, int]:
    """Free rows whose worker is gone, and record what has become useless. Returns how many are unknown or expired from now on."""
    is_left_behind = and_(Delivery.state == DeliveryState.SENDING, Delivery.lease_until < now)
    was_tried_twice = and_(Delivery.handed_over_at.is_not(None), Delivery.ambiguous)
    freed = (
        update(Delivery)
        .where(is_left_behind)
        .values(
            state=case((was_tried_twice, DeliveryState.UNKNOWN.value), else_=DeliveryState.PLANNED.value),
            ambiguous=or_(Delivery.ambiguous, Delivery.handed_over_at.is_not(None)),
            handed_over_at=None,
            lease_until=None,
            fence=Delivery.fence + 1,
            next_try_at=now,
        )
        .returning(Delivery.state)
    )
    states = session.scalars(freed).all()
    useless = update(Delivery).where(Delivery.state.in_(WAITING), Delivery.expires_at <= now)
    expired = session.scalars(useless.values(state=DeliveryState.EXPIRED).returning(Delivery.id)).all()
    return {
        DeliveryState.UNKNOWN: sum(state is DeliveryState.UNKNOWN for state in states),
        DeliveryState.EXPIRED: len(expired),
    }


def claim(begin: Begin, now: datetime, lease: timedelta = LEASE) -> list[Claim]:
    """Take some ripe rows for this worker alone, and what else is ripe for the same people; what has waited longest first."""
    ripe = (
        select(Delivery.id, Delivery.account_id)
        .where(_is_ripe(Delivery, now), ~sender_pause.rests(now))
        .order_by(Delivery.next_try_at)
        .limit(CLAIMED_AT_ONCE)
        .with_for_update(skip_locked=True)
        .cte("ripe")
    )
    other = aliased(Delivery)
    beside = (
        select(other.id)
        .where(_is_ripe(other, now), other.account_id.in_(select(ripe.c.account_id)), other.kind.in_(NOTES))
        .with_for_update(skip_locked=True)
        .cte("beside")
    )
    taken = (
        update(Delivery)
        .where(Delivery.id.in_(union_all(select(ripe.c.id), select(beside.c.id))))
        .values(state=DeliveryState.SENDING, fence=Delivery.fence + 1, lease_until=now + lease, handed_over_at=None)
        .returning(
            Delivery.id,
            Delivery.fence,
            Delivery.kind,
            Delivery.next_try_at.label("ripe_at"),
            Delivery.attempt,
            Delivery.expires_at,
            Delivery.ambiguous,
            Delivery.carrier_id,
        )
        .execution_options(synchronize_session=False)
    )
    with begin() as session:
        claims = [Claim(**row._asdict()) for row in session.execute(taken)]
    return sorted(claims, key=lambda one: (one.ripe_at, one.id))


def _is_ripe(rows: type[Delivery], now: datetime) -> ColumnElement[bool]:
    return and_(rows.state.in_(WAITING), rows.next_try_at <= now)


LEAVING = text("""
    WITH held AS (
        SELECT delivery.id
        FROM unnest(CAST(:ids AS uuid[]), CAST(:fences AS integer[]), CAST(:accounts AS text[]), CAST(:members AS text[]),
                    CAST(:dates AS text[]), CAST(:answers AS text[])) AS letter (id, fence, account, member, date, answer)
        JOIN delivery ON delivery.id = letter.id AND delivery.fence = letter.fence
        JOIN account ON account.id = delivery.account_id
        LEFT JOIN membership ON membership.id = delivery.membership_id
        LEFT JOIN occurrence ON occurrence.series_id = delivery.series_id
                             AND occurrence.original_local = delivery.original_local
        LEFT JOIN rsvp ON rsvp.membership_id = delivery.membership_id
                       AND rsvp.series_id = delivery.series_id
                       AND rsvp.original_local = delivery.original_local
        WHERE delivery.lease_until > :answered_by AND delivery.expires_at > :now
          AND account.xmin::text = letter.account
          AND membership.xmin::text IS NOT DISTINCT FROM letter.member
          AND occurrence.xmin::text IS NOT DISTINCT FROM letter.date
          AND rsvp.xmin::text IS NOT DISTINCT FROM letter.answer
        FOR UPDATE OF delivery
    )
    UPDATE delivery
    SET handed_over_at = :now, attempt = delivery.attempt + 1, carrier_id = :carrier
    FROM held
    WHERE delivery.id = held.id AND (SELECT count(*) FROM held) = :number
    RETURNING delivery.id
""")
SENT = text("""
    UPDATE delivery
    SET state = 'sent', sent_at = :now, lease_until = NULL, last_error_class = NULL
    FROM unnest(CAST(:ids AS uuid[]), CAST(:fences AS integer[])) AS letter (id, fence),
         (SELECT set_config('synchronous_commit', 'off', true)) AS without_waiting_for_the_disk
    WHERE delivery.id = letter.id AND delivery.fence = letter.fence
""")


def note_leaving(
    marks: Connection, claims: Sequence[Claim], seen: Sequence[Seen], carrier: UUID, now: datetime
) -> None:
    """Commit that the body of the letter for these rows leaves now, under the carrier's name.

    Raises LeaseLost when one of the rows is another worker's or has become useless, or when anything that was read for the
    letter has changed since: who left a second ago is not written to.
    """
    noted = marks.execute(
        LEAVING,
        _held(claims)
        | {
            "accounts": [one.account for one in seen],
            "members": [one.membership for one in seen],
            "dates": [one.occurrence for one in seen],
            "answers": [one.rsvp for one in seen],
            "carrier": carrier,
            "number": len(claims),
            "answered_by": now + ANSWER_TAKES,
            "now": now,
        },
    )
    if len(noted.all()) != len(claims):
        raise LeaseLost


def note_sent(marks: Connection, claims: Sequence[Claim], now: datetime) -> None:
    """Without waiting for the disk: if the database falls before it is written, the row is one in doubt, as after any crash."""
    marks.execute(SENT, _held(claims) | {"now": now})


def lock(session: Session, *which: ColumnElement[bool]) -> None:
    """Before several rows are written: in an order that is the same for everybody, so that nobody waits in a circle."""
    session.execute(select(Delivery.id).where(*which).order_by(Delivery.id).with_for_update())


def finish(session: Session, claims: Sequence[Claim], **values: Any) -> None:
    """Write the same result for all of them, where this worker still holds the row."""
    session.execute(_of_held(claims).values(lease_until=None, **values))


def give_back(session: Session, claims: Sequence[Claim], *, now: datetime) -> None:
    """What was not dealt with is free for the next one at once; what was stays as it is."""
    freed = _of_held(claims).where(IS_HELD, Delivery.lease_until > now)
    session.execute(freed.values(state=DeliveryState.PLANNED, lease_until=None, fence=Delivery.fence + 1))


def _of_held(claims: Sequence[Claim]) -> Update:
    """An update of those rows that this worker still holds."""
    ids, fences = (
        literal([one.id for one in claims], ARRAY(Uuid)),
        literal([one.fence for one in claims], ARRAY(Integer)),
    )
    held = func.unnest(ids, fences).table_valued("id", "fence").render_derived("held")
    update_held = update(Delivery).where(Delivery.id == held.c.id, Delivery.fence == held.c.fence)
    return update_held.execution_options(synchronize_session=False)


def _held(claims: Sequence[Claim]) -> dict[str, Any]:
    return {"ids": [one.id for one in claims], "fences": [one.fence for one in claims]}
