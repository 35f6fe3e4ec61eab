"""From a row to a handed-over message. No network inside a transaction; a result counts only while the fence holds.

A crash before `handed_over_at` is a safe retry; after it the mail may have arrived: it is tried once more with the same
Message-ID, then the row says `unknown` (docs/adr/0002).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from groupsite.domain.bounces import Fault
from groupsite.logging import get_logger
from groupsite.mail.message import to_bytes
from groupsite.mail.refusals import Ambiguous, Permanent, Temporary
from groupsite.mail.transport import Transport
from groupsite.models import DeliveryState
from groupsite.services import fair_line, ledger, sorting
from groupsite.services.desk import Desk
from groupsite.services.fair_line import FairLine
from groupsite.services.ledger import LEASE, Claim, LeaseLost
from groupsite.services.sorting import Letter
from groupsite.services.transactions import Begin, Mark

BUSY_FOR = timedelta(seconds=90)
"""How long one run goes on: less than a lease and less than a task may take. The next tick does the rest."""
TRIES_WHEN_UNFORESEEN = 8
BACK_OFF = (5, 5, 10, 20, 40, 60)
"""Minutes until the next attempt, the last one again and again."""

Clock = Callable[[], datetime]


@dataclass
class Tally:
    """How many deliveries ended in which state."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, state: DeliveryState, count: int = 1) -> None:
        if count:
            self.counts[state.value] = self.counts.get(state.value, 0) + count

    def add_all(self, counts: dict[DeliveryState, int]) -> None:
        for state, count in counts.items():
            self.add(state, count)


@dataclass(frozen=True, slots=True)
class Office:
    """What every letter of a run goes through."""

    begin: Begin
    mark: Mark
    line: FairLine
    desk: Desk
    clock: Clock
    tally: Tally
    finish_by: datetime

    def closes(self) -> bool:
        """Whether no further letter is begun in this run."""
        return self.line.is_shut or self.clock() >= self.finish_by


def deliver(
    begin: Begin, mark: Mark, transport: Transport, desk: Desk, clock: Clock, *, lease: timedelta = LEASE
) -> Tally:
    """Send everything that is due, until nothing is; sweep what an earlier worker left behind first."""
    tally, finish_by = Tally(), clock() + min(BUSY_FOR, lease)
    with begin() as session:
        tally.add_all(ledger.sweep(session, clock()))
    with fair_line.opened(transport, begin, desk.vault, clock) as line:
        office = Office(begin, mark, line, desk, clock, tally, finish_by)
        while not office.closes() and (claims := ledger.claim(begin, clock(), lease)):
            with _given_back_if_cut(office, claims):
                for batch in sorting.batches(claims):
                    _deal_with(office, batch)
            if office.closes():
                _give_back(office, claims)
    return tally


@contextmanager
def _given_back_if_cut(office: Office, claims: Sequence[Claim]) -> Iterator[None]:
    """Where the database goes away the run ends; what it had not begun with is free at once, if that can still be said."""
    try:
        yield
    except SQLAlchemyError:
        with suppress(SQLAlchemyError):
            _give_back(office, claims)
        raise


def _deal_with(office: Office, claims: Sequence[Claim]) -> None:
    """Rows through to their states. An error that nobody foresaw fails one row and no other."""
    if office.closes():
        return
    try:
        with office.begin() as session:
            letters, counts = sorting.sort_out(session, claims, office.desk, office.clock())
    except (OperationalError, InterfaceError):  # the database is away: no row is to blame
        raise
    except Exception as error:  # noqa: BLE001  a poisoned row must not stop the batch
        if len(claims) == 1:
            office.tally.add(_set_aside(office, claims, type(error).__name__))
            return
        for one in claims:
            _deal_with(office, [one])
        return
    office.tally.add_all(counts)
    for letter in letters:
        if office.closes():
            return
        office.tally.add(_hand_over(office, letter), len(letter.claims))


def _give_back(office: Office, claims: Sequence[Claim]) -> None:
    """What this run will not come to any more is free for the next one at once."""
    with office.begin() as session:
        ledger.give_back(session, claims, now=office.clock())


def _hand_over(office: Office, letter: Letter) -> DeliveryState:
    """The letter out of the house, and its rows to the state that follows."""
    message, claims = letter.message, letter.claims
    with office.mark() as marks:
        try:
            office.line.send(
                to_bytes(message),
                message.return_path,
                message.recipient,
                lambda: ledger.note_leaving(marks, claims, letter.seen, letter.name, office.clock()),
            )
        except LeaseLost:
            return _look_again(office, claims)
        except Temporary as error:
            return _retry(office, claims, error.code)
        except Permanent as error:
            return _refused(office, claims, error)
        except Ambiguous as error:
            return _doubt(office, claims, error.code)
        except SQLAlchemyError:  # a mark holds nothing but ids: the database is away
            raise
        except Exception as error:  # noqa: BLE001  a poisoned row must not stop the batch
            return _set_aside(office, claims, type(error).__name__)
        ledger.note_sent(marks, claims, office.clock())
    return DeliveryState.SENT


def _look_again(office: Office, claims: Sequence[Claim]) -> DeliveryState:
    """Something has changed while the letter was written: what is still this worker's is read anew by whoever claims it next."""
    _give_back(office, claims)
    return DeliveryState.PLANNED


def _retry(office: Office, claims: Sequence[Claim], code: str) -> DeliveryState:
    """Later, if that is of use: the message was not taken, so a hand-over that was noted is taken back."""
    return _try_later(office, claims, code, useless=DeliveryState.EXPIRED)


def _set_aside(office: Office, claims: Sequence[Claim], code: str) -> DeliveryState:
    """Trouble while writing, perhaps only for a moment: some more tries, then the row has failed."""
    if any(one.attempt + 1 >= TRIES_WHEN_UNFORESEEN for one in claims):
        state = _finish(
            office, claims, state=DeliveryState.FAILED, attempt=claims[0].attempt + 1, last_error_class=code
        )
    else:
        state = _try_later(office, claims, code, useless=DeliveryState.FAILED)
    for one in claims:
        get_logger().warning("delivery_set_aside", delivery_id=str(one.id), state=state.value, error=code)
    return state


def _try_later(office: Office, claims: Sequence[Claim], code: str, *, useless: DeliveryState) -> DeliveryState:
    tried = max(one.attempt for one in claims)
    following = office.clock() + timedelta(minutes=BACK_OFF[min(tried, len(BACK_OFF) - 1)])
    is_of_use = following < max(one.expires_at for one in claims)
    state = DeliveryState.DEFERRED if is_of_use else useless
    values = {"attempt": tried + 1, "next_try_at": following, "handed_over_at": None, "last_error_class": code}
    return _finish(office, claims, state=state, **values)


def _refused(office: Office, claims: Sequence[Claim], error: Permanent) -> DeliveryState:
    state = DeliveryState.SUPPRESSED if error.fault is Fault.ADDRESS else DeliveryState.FAILED
    return _finish(office, claims, state=state, attempt=claims[0].attempt + 1, last_error_class=error.code)


def _doubt(office: Office, claims: Sequence[Claim], code: str) -> DeliveryState:
    """It may have arrived: once more under the same Message-ID, then never again."""
    state = DeliveryState.UNKNOWN if any(one.ambiguous for one in claims) else DeliveryState.DEFERRED
    following = office.clock() + timedelta(minutes=BACK_OFF[0])
    return _finish(office, claims, state=state, ambiguous=True, next_try_at=following, last_error_class=code)


def _finish(office: Office, claims: Sequence[Claim], *, state: DeliveryState, **values: Any) -> DeliveryState:
    """Write the result, if this worker still holds the rows."""
    with office.begin() as session:
        ledger.finish(session, claims, state=state, **values)
    return state
