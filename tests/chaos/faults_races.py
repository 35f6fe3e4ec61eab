"""F13: people leave, stop mail, delete their account or see a date cancelled in the moment in which their mail leaves."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from queue import Empty, SimpleQueue
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy import Engine, create_engine, select, update
from sqlalchemy.orm import Session

from groupsite.domain.permissions import VISITOR
from groupsite.models import Account, Group, OccurrenceRow
from groupsite.queries.groups import series_of
from groupsite.queries.identities import identity_of
from groupsite.services import accounts, date_changes, memberships, stopping
from tests.chaos.audit import Audit, Copy, read_book
from tests.chaos.house import House
from tests.chaos.people import Person, crowd
from tests.chaos.size import Size
from tests.chaos.stage import Stage, set_up

LIMIT = 180.0
THREADS = 4
PASSWORD = "nothing that anybody uses"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""Quick to check: what is raced for is the mail."""
AROUND = (-0.3, 1.0, 0.2)
"""Seconds from the moment in which a reminder is due: from, to, mostly."""
WARM_UP = 15.0
"""Seconds until the first reminder that is raced for."""

Cause = Callable[[Stage, Session, Person, datetime], None]


def _leaves(_stage: Stage, session: Session, one: Person, now: datetime) -> None:
    account = session.get_one(Account, one.account)
    memberships.leave(session, identity_of(session, account), session.get_one(Group, one.group), now=now)


def _stops_mail(stage: Stage, session: Session, one: Person, now: datetime) -> None:
    stopping.stop_mail(session, stage.vault.token(memberships.UNSUBSCRIBE, one.membership), now=now)


def _deletes(_stage: Stage, session: Session, one: Person, now: datetime) -> None:
    account = session.get_one(Account, one.account)
    accounts.delete_account(session, identity_of(session, account), password=PASSWORD, now=now)


def _date_is_cancelled(_stage: Stage, session: Session, one: Person, now: datetime) -> None:
    original = session.scalars(select(OccurrenceRow.original_local).where(OccurrenceRow.series_id == one.group)).one()
    date_changes.cancel_date(session, VISITOR, series_of(session, one.group, "main"), original, now=now)


CAUSES: dict[str, Cause] = {
    "leaves": _leaves,
    "stops mail": _stops_mail,
    "deletes": _deletes,
    "date is cancelled": _date_is_cancelled,
}


@dataclass(frozen=True, slots=True)
class Race:
    """A cause that is to begin at a moment (seconds since 1970); `committed` once it is known to be so."""

    person: Person
    cause: str
    at: float
    committed: float = 0.0


def raced(house: House, size: Size) -> Audit:
    """Nothing leaves whose cause was committed before the mark was made that it leaves."""
    with set_up(house, "f13", size.chance("f13")) as stage:
        first, span = stage.later(WARM_UP), max(4.0, size.races / 100)
        last, dates = stage.later(WARM_UP + span), size.races // 8
        together = crowd(stage.chance, size.races, since=first, until=last, groups=20)
        alone = crowd(stage.chance, dates, since=first, until=last, groups=dates, tag="x")
        stage.settle(
            [*together, *alone, *crowd(stage.chance, 1, since=stage.now(), until=stage.now(), groups=1, tag="s")]
        )
        engine = create_engine(stage.database_url, pool_size=THREADS)
        with Session(engine) as session:
            session.execute(update(Account).values(password_hash=HASH))
            session.commit()
        diary = stage.folder / "diary"
        for _ in range(2):
            stage.worker(CHAOS_DIARY=str(diary))
        with stage.ringing(0.3):
            stage.wait_for(lambda: stage.taken() > 0, seconds=LIMIT)
            races = _run(stage, engine, _planned(stage, together, alone))
            stage.drain_rows(seconds=LIMIT)
        engine.dispose()
        return _judge(stage, races, _read_diary(stage), is_small=size.is_small)


def _planned(stage: Stage, together: Sequence[Person], alone: Sequence[Person]) -> list[Race]:
    """Half of those who share a date do something themselves; of the others, the date is cancelled."""
    own = [name for name in CAUSES if name != "date is cancelled"]
    races = [(one, stage.chance.choice(own)) for one in together if stage.chance.random() < 0.5]
    races += [(one, "date is cancelled") for one in alone]
    found = [Race(one, cause, _due(stage, one) + stage.chance.triangular(*AROUND)) for one, cause in races]
    return sorted(found, key=lambda race: race.at)


def _due(stage: Stage, one: Person) -> float:
    """Seconds since 1970 at which the application's clock shows that it is due."""
    return time.time() + (one.due_at - stage.now()).total_seconds() / stage.speed


def _run(stage: Stage, engine: Engine, races: Sequence[Race]) -> list[Race]:
    waiting: SimpleQueue[Race] = SimpleQueue()
    done: list[Race] = []
    for race in races:
        waiting.put(race)

    def work() -> None:
        while True:
            try:
                race = waiting.get_nowait()
            except Empty:
                return
            time.sleep(max(0.0, race.at - time.time()))
            with Session(engine, expire_on_commit=False) as session:
                CAUSES[race.cause](stage, session, race.person, stage.now())
                session.commit()
            done.append(replace(race, committed=time.time()))

    threads = [threading.Thread(target=work, name=f"race-{number}") for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def _read_diary(stage: Stage) -> dict[str, list[float]]:
    """By Message-ID, when a worker was about to mark that this mail leaves."""
    found: dict[str, list[float]] = defaultdict(list)
    diary = stage.folder / "diary"
    for line in diary.read_text().splitlines() if diary.exists() else []:
        at, name = line.split("\t")
        found[name].append(float(at))
    return found


def _judge(stage: Stage, races: Sequence[Race], diary: dict[str, list[float]], *, is_small: bool) -> Audit:
    states, reminders = _rows(stage)
    result = Audit(len(stage.people), states)
    by_person = {race.person.address: race for race in races}
    got: dict[str, list[Copy]] = defaultdict(list)
    for copy in read_book(stage):
        race = by_person.get(copy.recipient)
        if race is not None and race.cause == "date is cancelled" and _row_of(copy.message_id) not in reminders:
            continue  # the news that it is cancelled
        got[copy.recipient].append(copy)
    for person in stage.people:
        race, copies = by_person.get(person.address), got[person.address]
        result.copies += len(copies)
        result.extras += max(0, len(copies) - 1)
        if copies:
            result.came(person, stage.now(copies[0].at))
        if race is None:
            result.lost += not copies
            result.expect(bool(copies), f"{person.address} got nothing")
        elif copies:
            marked = max(at for at in diary[copies[0].message_id] if at <= copies[0].at)
            result.expect(
                marked <= race.committed, f"{person.address} {race.cause}, and {_late(race, marked)} her mail left"
            )
    result.expect(result.extras == 0, f"{result.extras} copies in excess")
    won = sum(not got[race.person.address] for race in races)
    result.expect(is_small or 0 < won < len(races), "the same side came first each time: nobody raced")
    result.note = _told(races, got)
    return result


def _late(race: Race, marked: float) -> str:
    return f"{(marked - race.committed) * 1000:.0f} ms after that was committed"


def _told(races: Sequence[Race], got: dict[str, list[Copy]]) -> str:
    won = sum(not got[race.person.address] for race in races)
    return f"{len(races)} races: {won} times the cause came first, {len(races) - won} times the mail"


def _row_of(message_id: str) -> UUID:
    return UUID(hex=message_id.partition("@")[0])


def _rows(stage: Stage) -> tuple[dict[str, int], set[UUID]]:
    states: dict[str, int] = defaultdict(int)
    ids = set()
    with stage.connection() as connection:
        for row, state in connection.execute("SELECT id, state FROM delivery WHERE kind = 'reminder'").fetchall():
            states[state] += 1
            ids.add(row)
    return dict(states), ids
