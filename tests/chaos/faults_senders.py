"""F1, F2, F3, F15: what happens to the processes that send."""

import os
import signal
import time
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta

from tests.chaos.audit import Audit, audit, read_book, read_rows
from tests.chaos.failpoints import Point
from tests.chaos.house import House
from tests.chaos.people import Person, crowd
from tests.chaos.size import Size
from tests.chaos.stage import PATIENCE, Process, Stage, children, set_up, soon

HANDS = 12
"""Mails that a single worker has in its hands where one of them is struck."""
BEFORE_THE_BODY = frozenset({Point.BEFORE_CLAIM_COMMIT, Point.AFTER_CLAIM})
"""Both come once for all that is due; nothing has left by then."""
AFTER_THE_LEASE = timedelta(minutes=3)
WHOLE_WORKER = 0.1
"""How often a whole worker is killed instead of one of its processes."""
KILL_LIMIT = 240.0
STARTING = 14.0
"""Our seconds until a worker is up and has sent its first mails."""
AWAY = timedelta(minutes=15)


def killed_at_random(house: House, size: Size) -> Audit:
    """F1."""
    with set_up(house, "f1", size.chance("f1")) as stage:
        span = size.kills * 1.0
        stage.settle(crowd(stage.chance, size.reminders, since=stage.now(), until=stage.later(span), groups=20))
        workers = [stage.worker(), stage.worker()]
        with stage.ringing():
            _kill(stage, workers, times=size.kills, every=span / size.kills)
            stage.drain(seconds=KILL_LIMIT)
        found = audit(stage, extras_at_most=stage.kills)
        found.expect(stage.kills == size.kills, f"only {stage.kills} kills")
        return found


def _kill(stage: Stage, workers: list[Process], *, times: int, every: float) -> None:
    """Only while mail goes out: a process that stands idle holds nothing that could be lost."""
    until = time.monotonic() + KILL_LIMIT
    stage.wait_for(lambda: stage.taken() > 0, seconds=PATIENCE)
    while stage.kills < times and time.monotonic() < until:
        time.sleep(stage.chance.uniform(0.5, 1.5) * every)
        strike(stage, workers)


def strike(stage: Stage, workers: list[Process]) -> None:
    """kill -9 of one process that sends, or now and then of a worker with all it has started; another one takes its place."""
    number = stage.chance.randrange(len(workers))
    if stage.chance.random() < WHOLE_WORKER or workers[number].poll() is not None:
        stage.kills += max(1, len(children(workers[number].pid)))
        stage.end(workers[number], signal.SIGKILL)
        workers[number] = stage.worker()
        return
    found = children(workers[number].pid)
    if found:
        with suppress(ProcessLookupError):
            os.kill(stage.chance.choice(found), signal.SIGKILL)
            stage.kills += 1


def killed_at_a_point(house: House, size: Size) -> Audit:
    """F2: each point once early and once in the middle of what a worker holds. No copy in excess before the body leaves."""
    counts = (1,) if size.is_small else (1, HANDS // 2)
    places = [(point, count) for point in Point for count in counts if count == 1 or point not in BEFORE_THE_BODY]
    with set_up(house, "f2", size.chance("f2"), speed=0.0) as stage:
        crowds = _owed_in_turn(stage, len(places))
        codes = [
            stage.job("deliver", CHAOS_KILL_AT=point, CHAOS_COUNT=str(count), **_at(some)).wait(PATIENCE)
            for (point, count), some in zip(places, crowds, strict=True)
        ]
        stage.run_job("deliver", CHAOS_NOW=(stage.now() + AFTER_THE_LEASE).isoformat())
        found = audit(stage, extras_at_most=len(places))
        found.expect(set(codes) == {-signal.SIGKILL}, f"not every worker was killed: {codes}")
        _expect_extras(found, stage, [point for point, _ in places], crowds)
        return found


def stopped_past_its_lease(house: House, size: Size) -> Audit:
    """F3: it wakes up when another one has done its work; its own clock has stood still, so only the fence can tell it."""
    points = [Point.AFTER_CLAIM, Point.AFTER_HANDED_OVER, Point.AFTER_250]
    with set_up(house, "f3", size.chance("f3"), speed=0.0) as stage:
        crowds = _owed_in_turn(stage, len(points))
        sleepers = []
        for point, some in zip(points, crowds, strict=True):
            sleepers.append(stage.job("deliver", CHAOS_STOP_AT=point, **_at(some)))
            os.waitid(os.P_PID, sleepers[-1].pid, os.WSTOPPED | os.WNOWAIT)
        stage.run_job("deliver", CHAOS_NOW=(stage.now() + AFTER_THE_LEASE).isoformat())
        for sleeper in sleepers:
            os.kill(sleeper.pid, signal.SIGCONT)
        codes = [sleeper.wait(PATIENCE) for sleeper in sleepers]
        found = audit(stage, extras_at_most=len(points))
        found.expect(set(codes) == {0}, f"not every sleeper went on to its end: {codes}")
        _expect_extras(found, stage, points, crowds)
        return found


def _owed_in_turn(stage: Stage, count: int) -> list[list[Person]]:
    """So many crowds, a few seconds apart and all within one lease: each worker finds its own."""
    crowds = []
    for number in range(count):
        moment = stage.now() + timedelta(seconds=5 * number)
        crowds.append(crowd(stage.chance, HANDS, since=moment, until=moment, groups=2, tag=f"{number}-"))
    stage.settle([one for some in crowds for one in some])
    stage.run_job("plan")
    return crowds


def _at(some: list[Person]) -> dict[str, str]:
    return {"CHAOS_NOW": some[0].due_at.isoformat()}


def _expect_extras(found: Audit, stage: Stage, points: list[Point], crowds: list[list[Person]]) -> None:
    copies = Counter(one.recipient for one in read_book(stage))
    for point, some in zip(points, crowds, strict=True):
        extras = sum(max(0, copies[one.address] - 1) for one in some)
        allowed = 0 if point in BEFORE_THE_BODY else 1
        found.expect(extras <= allowed, f"{point}: {extras} copies in excess, {allowed} allowed")
    found.expect(found.count("sent") == found.owed, f"{found.count('sent')} of {found.owed} sent")


def all_killed(house: House, size: Size) -> Audit:
    """F15: everything ends at once, the database too, and is back after exactly 15 minutes.

    What is still of use is sent, the backlog of all 15 minutes included; what is about meetings that have begun has expired.
    """
    with set_up(house, "f15", size.chance("f15")) as stage:
        falls = soon(stage, STARTING * stage.speed)
        backlog, over = _owed_around(stage, falls, size.reminders // 3)
        first = crowd(stage.chance, HANDS, since=stage.now(), until=stage.now(), groups=1, tag="w")
        stage.settle([*first, *backlog, *over])
        worker = stage.worker()
        with stage.ringing():
            stage.wait_for(lambda: stage.taken() >= HANDS and stage.now() >= falls, seconds=PATIENCE)
            fell = stage.now()
            stage.kills += len(children(worker.pid))
            house.postgres.fall()
            house.valkey.stop(kill=True)
            stage.end(worker, signal.SIGKILL)
        sent_before = stage.taken() - HANDS
        house.postgres.rise()
        house.valkey_rises()
        stage.jump_to(fell + AWAY)
        stage.worker()
        with stage.ringing():
            stage.drain(seconds=KILL_LIMIT)
        found = audit(stage, extras_at_most=None, may_end=("sent", "unknown", "expired"))
        expired = {row.account for row in read_rows(stage) if row.state == "expired"}
        found.expect(
            expired == {one.account for one in over}, f"{len(expired)} expired, not the {len(over)} that had to"
        )
        found.expect(0 <= sent_before < len(backlog), f"{sent_before} were sent before everything fell")
        return found


def _owed_around(stage: Stage, falls: datetime, count: int) -> tuple[list[Person], list[Person]]:
    """Who is of use when all is up again: due just before the fall and all through it. And whose meetings have begun by then."""

    def some(first: float, last: float, lead: int, tag: str) -> list[Person]:
        since, until = (falls + timedelta(minutes=minutes) for minutes in (first, last))
        return crowd(stage.chance, count // 2, since=since, until=until, groups=10, lead=lead, tag=tag)

    backlog = [*some(-0.2, 0, 60, "a"), *some(0, 14, 60, "b"), *some(12, 14.5, 10, "c")]
    return backlog, some(0.5, 4, 10, "d")
