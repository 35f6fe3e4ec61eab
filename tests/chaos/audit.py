"""What came of everybody who was owed a reminder: read from the letterbox and the rows, never asked of planner or sender."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tests.chaos.people import GUEST, Person
from tests.chaos.stage import Stage

ENDS = ("sent", "unknown", "expired", "failed", "cancelled", "suppressed")
OPEN = ("planned", "deferred", "sending")


@dataclass(frozen=True, slots=True)
class Copy:
    """A mail that the letterbox has written down. `at` is seconds since 1970."""

    at: float
    recipient: str
    message_id: str
    connection: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of the outbox. `ambiguous` is the record that an attempt was cut after its body may have left."""

    account: UUID
    state: str
    due_at: datetime
    ambiguous: bool
    sent_at: datetime | None


@dataclass
class Audit:
    """Faults are sentences; a run without any has passed."""

    owed: int
    states: dict[str, int]
    copies: int = 0
    extras: int = 0
    lost: int = 0
    never_came: int = 0
    """Rows that say `unknown` of a mail that has not arrived."""
    delay: timedelta = timedelta()
    """The longest from the moment at which a reminder was due to that at which the letterbox had it, by the application's clock."""
    faults: list[str] = field(default_factory=list)
    note: str = ""

    def expect(self, condition: bool, fault: str) -> None:
        if not condition:
            self.faults.append(fault)

    def came(self, person: Person, moment: datetime) -> None:
        """Her first copy came at this moment."""
        self.delay = max(self.delay, moment - person.due_at)
        self.expect(moment >= person.due_at, f"{person.address} got it at {moment}, before {person.due_at}")

    def expect_delay(self, at_most: timedelta) -> None:
        self.expect(self.delay <= at_most, f"somebody waited {self.delay}, {at_most} allowed")

    def count(self, *states: str) -> int:
        return sum(self.states.get(one, 0) for one in states)


def read_book(stage: Stage, word: str = "taken") -> list[Copy]:
    """The letterbox's lines with this word. A last line that was cut short by a kill is no line."""
    if not stage.book.exists():
        return []
    whole, _, _ = stage.book.read_text().rpartition("\n")
    parts = [line.split("\t") for line in whole.splitlines()]
    return [Copy(float(at), to, name, int(number)) for at, said, to, name, number in parts if said == word]


def read_rows(stage: Stage) -> list[Kept]:
    query = "SELECT account_id, state, due_at, ambiguous, sent_at FROM delivery WHERE kind = 'reminder'"
    with stage.connection() as connection:
        return [Kept(*row) for row in connection.execute(query).fetchall()]


def audit(stage: Stage, *, extras_at_most: int | None, may_end: Collection[str] = ("sent", "unknown")) -> Audit:
    """The identity and the copies of everybody on this stage.

    `extras_at_most`: None where each copy in excess needs its record and no more. `may_end`: the ends that the fault allows.
    """
    clock = None if stage.speed == 0 else stage.now
    result = weigh(stage.people, read_rows(stage), read_book(stage), clock)
    if extras_at_most is not None:
        result.expect(result.extras <= extras_at_most, f"{result.extras} copies in excess, {extras_at_most} allowed")
    others = {state: count for state, count in result.states.items() if state in ENDS and state not in may_end}
    result.expect(not others, f"ended as they should not: {others}")
    return result


def weigh(
    people: Sequence[Person], rows: Sequence[Kept], copies: Sequence[Copy], clock: Callable[[float], datetime] | None
) -> Audit:
    """`clock` tells what the application's showed when a copy came; None if it stood still: then the rows know."""
    by_account, by_address = defaultdict(list), defaultdict(list)
    for row in rows:
        by_account[row.account].append(row)
    for copy in copies:
        by_address[copy.recipient].append(copy)
    states: dict[str, int] = defaultdict(int)
    for row in rows:
        states[row.state] += 1
    result = Audit(len(people), dict(states), copies=len(copies))
    for person in people:
        _examine(result, person, by_account[person.account], by_address[person.address], clock)
    strangers = {one for one in by_address if not one.startswith(GUEST)} - {one.address for one in people}
    result.expect(not strangers, f"{len(strangers)} addresses that nobody owes anything")
    result.expect(result.count(*OPEN) == 0, f"{result.count(*OPEN)} rows have come to no end")
    result.expect(len(rows) == result.count(*ENDS, *OPEN), "rows in states that nobody knows")
    return result


def _examine(
    result: Audit, person: Person, rows: list[Kept], copies: list[Copy], clock: Callable[[float], datetime] | None
) -> None:
    if len(rows) != 1:
        result.lost += not rows
        result.faults.append(f"{person.address} has {len(rows)} rows")
        return
    row = rows[0]
    if row.state == "sent" and not copies:
        result.lost += 1
        result.faults.append(f"{person.address} counts as sent and nothing came")
    result.never_came += row.state == "unknown" and not copies
    result.expect(row.due_at == person.due_at, f"{person.address} is due at {row.due_at}, not {person.due_at}")
    if copies:
        _examine_copies(result, person, row, copies)
        came = clock(copies[0].at) if clock else row.sent_at
        if came is not None:
            result.came(person, came)


def _examine_copies(result: Audit, person: Person, row: Kept, copies: list[Copy]) -> None:
    result.extras += len(copies) - 1
    result.expect(len(copies) <= 2, f"{person.address} got {len(copies)} copies")
    result.expect(len({one.message_id for one in copies}) == 1, f"{person.address} got copies under different names")
    result.expect(len(copies) == 1 or row.ambiguous, f"{person.address} got two copies without a record of why")
    result.expect(row.state in {"sent", "unknown", *OPEN}, f"{person.address} got a mail that counts as {row.state}")
