"""From a row to a handed-over message. No network inside a transaction; a result counts only while the fence holds.

`begin` opens a transaction that commits at its end. A crash before `handed_over_at` is a safe retry; after it the mail may
have arrived: it is tried once more with the same Message-ID, then the row says `unknown` (docs/adr/0002).
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, case, or_, select, text, update
from sqlalchemy.orm import Session

from groupsite.domain.bounces import Fault
from groupsite.logging import get_logger
from groupsite.mail.message import Message, to_bytes
from groupsite.mail.refusals import Ambiguous, Permanent, Temporary
from groupsite.mail.transport import Transport
from groupsite.models import Delivery, DeliveryKind, DeliveryState
from groupsite.queries.deliveries import Subject, subject_of
from groupsite.services import fair_line, sender_pause, suppression
from groupsite.services.desk import Desk
from groupsite.services.fair_line import FairLine
from groupsite.services.letters import write
from groupsite.services.limits import hold_of
from groupsite.services.wanted import comes_too_late, still_wanted

LEASE = timedelta(seconds=120)
BUSY_FOR = timedelta(seconds=90)
"""How long one run goes on: less than a lease and less than a task may take. The next tick does the rest."""
CLAIMED_AT_ONCE = 50
TRIES_WHEN_UNFORESEEN = 8
BACK_OFF = (5, 5, 10, 20, 40, 60)
"""Minutes until the next attempt, the last one again and again."""
WAITING = (DeliveryState.PLANNED, DeliveryState.DEFERRED)

ROWS = Delivery.__table__.c
LEAVING = (
    update(Delivery.__table__)  # type: ignore[arg-type]  # a table, not any FROM
    .where(ROWS.id == bindparam("row"), ROWS.fence == bindparam("held_fence"), ROWS.lease_until > bindparam("now"))
    .values(handed_over_at=bindparam("now"), attempt=bindparam("tries"))
    .returning(ROWS.id)
)
SENT = (
    update(Delivery.__table__)  # type: ignore[arg-type]  # a table, not any FROM
    .where(ROWS.id == bindparam("row"), ROWS.fence == bindparam("held_fence"))
    .values(state=DeliveryState.SENT, sent_at=bindparam("now"), lease_until=None, last_error_class=None)
)
"""Put together once: they are done for each mail."""

Begin = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]


@dataclass
class Tally:
    """How many deliveries ended in which state."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, state: DeliveryState, count: int = 1) -> None:
        if count:
            self.counts[state.value] = self.counts.get(state.value, 0) + count


class LeaseLost(Exception):
    """This worker took so long that another one may have the row."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that this worker alone holds. `attempt` counts earlier tries."""

    id: UUID
    fence: int
    attempt: int
    expires_at: datetime
    ambiguous: bool


def deliver(begin: Begin, transport: Transport, desk: Desk, clock: Clock, *, lease: timedelta = LEASE) -> Tally:
    """Send everything that is due, until nothing is; sweep what an earlier worker left behind first."""
    tally = Tally()
    finish_by = clock() + min(BUSY_FOR, lease)
    with begin() as session:
        sweep(session, clock(), tally)
    with fair_line.opened(transport, begin, desk.vault, clock) as line:
        while clock() < finish_by and (claims := _claim(begin, clock(), lease)):
            for claim in claims:
                if clock() >= finish_by or line.is_shut:
                    _give_back(begin, claims, clock())
                    return tally
                tally.add(_deliver_one(begin, line, desk, clock, claim))
    return tally


def sweep(session: Session, now: datetime, tally: Tally) -> None:
    """Free rows whose worker is gone, and record what has become useless."""
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
    tally.add(DeliveryState.UNKNOWN, sum(state is DeliveryState.UNKNOWN for state in states))
    useless = update(Delivery).where(Delivery.state.in_(WAITING), Delivery.expires_at <= now)
    expired = session.scalars(useless.values(state=DeliveryState.EXPIRED).returning(Delivery.id)).all()
    tally.add(DeliveryState.EXPIRED, len(expired))


def _claim(begin: Begin, now: datetime, lease: timedelta) -> list[Claim]:
    """Take some ripe rows for this worker alone."""
    ripe = (
        select(Delivery.id)
        .where(Delivery.state.in_(WAITING), Delivery.next_try_at <= now, ~sender_pause.rests(now))
        .order_by(Delivery.next_try_at)
        .limit(CLAIMED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(Delivery)
        .where(Delivery.id.in_(ripe.scalar_subquery()))
        .values(state=DeliveryState.SENDING, fence=Delivery.fence + 1, lease_until=now + lease, handed_over_at=None)
        .returning(Delivery.id, Delivery.fence, Delivery.attempt, Delivery.expires_at, Delivery.ambiguous)
        .execution_options(synchronize_session=False)
    )
    with begin() as session:
        return [Claim(*row) for row in session.execute(taken)]


def _give_back(begin: Begin, claims: list[Claim], now: datetime) -> None:
    """What this run will not come to any more is free for the next one at once; what it has dealt with stays."""
    untouched = update(Delivery).where(
        Delivery.id.in_([one.id for one in claims]), Delivery.state == DeliveryState.SENDING, Delivery.lease_until > now
    )
    with begin() as session:
        session.execute(untouched.values(state=DeliveryState.PLANNED, lease_until=None, fence=Delivery.fence + 1))


def _deliver_one(begin: Begin, line: FairLine, desk: Desk, clock: Clock, claim: Claim) -> DeliveryState:
    """One row through to its state. An error that nobody foresaw fails this row and no other."""
    try:
        with begin() as session:
            message = _prepare(session, claim, desk, clock())
        return _hand_over(begin, line, claim, clock, message) if isinstance(message, Message) else message
    except Exception as error:  # noqa: BLE001  a poisoned row must not stop the batch
        return _set_aside(begin, claim, clock(), type(error).__name__)


def _hand_over(begin: Begin, line: FairLine, claim: Claim, clock: Clock, message: Message) -> DeliveryState:
    try:
        line.send(
            to_bytes(message), message.return_path, message.recipient, lambda: _note_leaving(begin, claim, clock())
        )
    except LeaseLost:
        return DeliveryState.SENDING
    except Temporary as error:
        return _retry(begin, claim, clock(), error.code)
    except Permanent as error:
        state = DeliveryState.SUPPRESSED if error.fault is Fault.ADDRESS else DeliveryState.FAILED
        return _finish(begin, claim, state=state, attempt=claim.attempt + 1, last_error_class=error.code)
    except Ambiguous as error:
        return _doubt(begin, claim, clock(), error.code)
    return _note_sent(begin, claim, clock())


def _note_leaving(begin: Begin, claim: Claim, now: datetime) -> None:
    """Commit that the body leaves now. Raises LeaseLost when another worker has the row: then it must not leave."""
    held = {"row": claim.id, "held_fence": claim.fence, "now": now, "tries": claim.attempt + 1}
    with begin() as session:
        if session.scalar(LEAVING, held) is None:
            raise LeaseLost


def _note_sent(begin: Begin, claim: Claim, now: datetime) -> DeliveryState:
    """Without waiting for the disk: if the database falls before it is written, the row is one in doubt, as after any crash."""
    with begin() as session:
        session.execute(text("SET LOCAL synchronous_commit = off"))
        session.execute(SENT, {"row": claim.id, "held_fence": claim.fence, "now": now})
    return DeliveryState.SENT


def _prepare(session: Session, claim: Claim, desk: Desk, now: datetime) -> Message | DeliveryState:
    """The message; or the state that the row takes because nothing is to be sent, or not now."""
    subject = subject_of(session, claim.id)
    if subject is None or subject.delivery.fence != claim.fence:
        return DeliveryState.CANCELLED
    row = subject.delivery
    verdict = still_wanted(subject, now) or comes_too_late(session, subject, now)
    recipient = _recipient(subject, desk)
    if verdict is None and (recipient is None or suppression.holds(session, row.kind, recipient, desk.vault)):
        verdict = DeliveryState.SUPPRESSED
    if verdict is not None or recipient is None:
        row.state, row.lease_until = verdict or DeliveryState.SUPPRESSED, None
        return row.state
    hold = hold_of(subject, now)
    if hold is not None:
        row.state, row.next_try_at, row.lease_until = hold.state, hold.until, None
        return row.state
    return write(session, subject, recipient, desk, now=now)


def _recipient(subject: Subject, desk: Desk) -> str | None:
    """The one address: confirmed, or the one that is being confirmed."""
    account, token = subject.account, subject.token
    sealed = token.email_sealed if subject.delivery.kind is DeliveryKind.CONFIRM_EMAIL and token else None
    if subject.delivery.kind is not DeliveryKind.CONFIRM_EMAIL and account.email_confirmed_at is not None:
        sealed = account.email_sealed
    return desk.vault.open(sealed) if sealed else None


def _retry(begin: Begin, claim: Claim, now: datetime, code: str) -> DeliveryState:
    """Later, if that is of use: the message was not taken, so a hand-over that was noted is taken back."""
    following = _next_try(claim, now)
    state = DeliveryState.DEFERRED if following < claim.expires_at else DeliveryState.EXPIRED
    tried = {"attempt": claim.attempt + 1, "next_try_at": following, "handed_over_at": None}
    return _finish(begin, claim, state=state, last_error_class=code, **tried)


def _set_aside(begin: Begin, claim: Claim, now: datetime, code: str) -> DeliveryState:
    """Trouble while writing, perhaps only for a moment: some more tries, then the row has failed."""
    following = _next_try(claim, now)
    is_over = claim.attempt + 1 >= TRIES_WHEN_UNFORESEEN or following >= claim.expires_at
    state = DeliveryState.FAILED if is_over else DeliveryState.DEFERRED
    get_logger().warning("delivery_set_aside", delivery_id=str(claim.id), state=state.value, error=code)
    tried = {"attempt": claim.attempt + 1, "next_try_at": following, "handed_over_at": None}
    return _finish(begin, claim, state=state, last_error_class=code, **tried)


def _next_try(claim: Claim, now: datetime) -> datetime:
    return now + timedelta(minutes=BACK_OFF[min(claim.attempt, len(BACK_OFF) - 1)])


def _doubt(begin: Begin, claim: Claim, now: datetime, code: str) -> DeliveryState:
    """It may have arrived: once more under the same Message-ID, then never again."""
    state = DeliveryState.UNKNOWN if claim.ambiguous else DeliveryState.DEFERRED
    following = now + timedelta(minutes=BACK_OFF[0])
    return _finish(begin, claim, state=state, ambiguous=True, next_try_at=following, last_error_class=code)


def _finish(begin: Begin, claim: Claim, *, state: DeliveryState, **values: Any) -> DeliveryState:
    """Write the result, if this worker still holds the row."""
    done = (
        update(Delivery)
        .where(Delivery.id == claim.id, Delivery.fence == claim.fence)
        .values(state=state, lease_until=None, **values)
    )
    with begin() as session:
        session.execute(done)
    return state
