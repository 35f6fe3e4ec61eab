"""F1, F2, F3, F12, F15: what happens to the processes that send."""

import os
import signal
import time
from contextlib import suppress
from datetime import timedelta

from tests.chaos.audit import Audit, audit, read_book
from tests.chaos.failpoints import Point
from tests.chaos.house import House
from tests.chaos.people import crowd
from tests.chaos.size import Size
from tests.chaos.stage import PATIENCE, Process, Stage, children, set_up, soon

HANDS = 12
"""Mails that a single worker has in its hands where one of them is struck."""
AFTER_THE_LEASE = timedelta(minutes=3)
WHOLE_WORKER = 0.1
"""How often a whole worker is killed instead of one of its processes."""
KILL_LIMIT = 240.0


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
    total = Audit(0, {})
    for point in Point:
        for count in sorted({1} if size.is_small else {1, min(HANDS // 2, _reached(point))}):
            total = _added(total, _struck(house, size, point, count))
    return total


def _reached(point: Point) -> int:
    """A claim is made once for all that is due."""
    return 1 if point in {Point.BEFORE_CLAIM_COMMIT, Point.AFTER_CLAIM} else HANDS


def _struck(house: House, size: Size, point: Point, count: int) -> Audit:
    with set_up(house, f"f2_{point}_{count}", size.chance(point), speed=0.0) as stage:
        _owe(stage)
        struck = stage.job("deliver", CHAOS_KILL_AT=point, CHAOS_COUNT=str(count))
        code = struck.wait(PATIENCE)
        stage.run_job("deliver", CHAOS_NOW=(stage.now() + AFTER_THE_LEASE).isoformat())
        before_the_body = point in {Point.BEFORE_CLAIM_COMMIT, Point.AFTER_CLAIM}
        found = audit(stage, extras_at_most=0 if before_the_body else 1)
        found.expect(code == -signal.SIGKILL, f"{point}: the worker was not killed but ended with {code}")
        found.expect(found.count("sent") == HANDS, f"{point}: {found.count('sent')} of {HANDS} sent")
        return found


def _owe(stage: Stage) -> None:
    stage.settle(crowd(stage.chance, HANDS, since=stage.now(), until=stage.now(), groups=2))
    stage.run_job("plan")


def _added(one: Audit, other: Audit) -> Audit:
    states = {name: one.count(name) + other.count(name) for name in one.states | other.states}
    return Audit(
        one.owed + other.owed,
        states,
        one.copies + other.copies,
        one.extras + other.extras,
        one.lost + other.lost,
        one.never_came + other.never_came,
        one.faults + other.faults,
    )


def stopped_past_its_lease(house: House, size: Size) -> Audit:
    """F3: it wakes up when another one has done its work; its own clock has stood still, so only the fence can tell it."""
    total = Audit(0, {})
    for point, extras in ((Point.AFTER_CLAIM, 0), (Point.AFTER_HANDED_OVER, 1), (Point.AFTER_250, 1)):
        total = _added(total, _stopped(house, size, point, extras))
    return total


def _stopped(house: House, size: Size, point: Point, extras: int) -> Audit:
    with set_up(house, f"f3_{point}", size.chance(point), speed=0.0) as stage:
        _owe(stage)
        sleeper = stage.job("deliver", CHAOS_STOP_AT=point, CHAOS_COUNT="1")
        os.waitid(os.P_PID, sleeper.pid, os.WSTOPPED | os.WNOWAIT)
        stage.run_job("deliver", CHAOS_NOW=(stage.now() + AFTER_THE_LEASE).isoformat())
        os.kill(sleeper.pid, signal.SIGCONT)
        sleeper.wait(PATIENCE)
        found = audit(stage, extras_at_most=extras)
        found.expect(found.count("sent") == HANDS, f"{point}: {found.count('sent')} of {HANDS} sent")
        return found


def rolled(house: House, size: Size) -> Audit:
    """F12: SIGTERM to one worker after the other while mail goes out; each drains, another takes its place. Nothing comes twice."""
    times = 2 if size.is_small else 20
    with set_up(house, "f12", size.chance("f12")) as stage:
        stage.settle(crowd(stage.chance, size.reminders, since=stage.now(), until=stage.later(times * 3.0), groups=20))
        workers = [stage.worker(), stage.worker()]
        with stage.ringing():
            stage.wait_for(lambda: stage.taken() > 0, seconds=PATIENCE)
            for number in range(times):
                stage.end(workers[number % 2])
                workers[number % 2] = stage.worker()
            stage.drain(seconds=KILL_LIMIT)
        return audit(stage, extras_at_most=0)


def all_killed(house: House, size: Size) -> Audit:
    """F15: everything ends at once, the database too, and is away for a while: half of the backlog is too old by then."""
    with set_up(house, "f15", size.chance("f15")) as stage:
        half = size.reminders // 2
        stage.settle(crowd(stage.chance, half, since=stage.now(), until=stage.now(), groups=4))
        late = crowd(stage.chance, half, since=soon(stage, 60), until=soon(stage, 60), groups=4, mood="short", lead=60)
        stage.settle(late)
        stage.run_job("plan")
        worker = stage.worker()
        stage.wait_for(lambda: stage.taken() > 0, seconds=PATIENCE)
        stage.kills += len(children(worker.pid))
        house.postgres.fall()
        house.valkey.stop(kill=True)
        stage.end(worker, signal.SIGKILL)
        before = {one.recipient for one in read_book(stage)}
        away = late[0].due_at + timedelta(minutes=31) - stage.now()
        stage.set_at -= away.total_seconds() / (stage.speed or 1.0)
        house.postgres.rise()
        house.valkey_rises()
        stage.worker()
        with stage.ringing():
            stage.drain(seconds=KILL_LIMIT)
        found = audit(stage, extras_at_most=None)
        old = sum(one.address not in before for one in late)
        found.expect(found.count("expired") == old, f"{found.count('expired')} expired, not {old}")
        return found
