"""The storm: workers, the queue and the database are knocked over all the time while many reminders fall due."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.chaos.audit import Audit, audit
from tests.chaos.faults_senders import strike
from tests.chaos.faults_services import empty
from tests.chaos.house import House
from tests.chaos.people import crowd
from tests.chaos.size import Size
from tests.chaos.stage import Process, Stage, set_up

WORKERS = 3
EACH = 2
"""Processes that send, in each worker."""


@dataclass(frozen=True, slots=True)
class Storm:
    """How many reminders fall due in how many of our seconds, what strikes meanwhile, and when it must be over."""

    reminders: int
    span: float
    kills: int
    queue_kills: int
    queue_emptied: int
    database_falls: int
    limit: float


FULL = Storm(100_000, 300.0, kills=500, queue_kills=20, queue_emptied=5, database_falls=10, limit=1500.0)
USUAL = Storm(3_000, 30.0, kills=20, queue_kills=2, queue_emptied=1, database_falls=2, limit=150.0)


def full(house: House, size: Size) -> Audit:
    return _storm(house, size, FULL)


def usual(house: House, size: Size) -> Audit:
    return _storm(house, size, USUAL)


def _storm(house: House, size: Size, storm: Storm) -> Audit:
    """Lost is nobody, whatever falls over. A copy in excess needs the record of an attempt that was cut."""
    with set_up(house, "storm", size.chance("storm")) as stage:
        begins, ends = stage.later(storm.reminders / 5000), stage.later(storm.reminders / 5000 + storm.span)
        stage.settle(crowd(stage.chance, storm.reminders, since=begins, until=ends, groups=100))
        workers = [stage.worker(EACH) for _ in range(WORKERS)]
        until = time.monotonic() + storm.limit
        with stage.ringing():
            stage.wait_for(lambda: stage.taken() > 0, seconds=storm.limit)
            struck = _strike_all(house, stage, workers, storm, until)
            stage.drain(seconds=until - time.monotonic())
        found = audit(stage, extras_at_most=None)
        found.expect(stage.kills >= storm.kills, f"only {stage.kills} kills")
        found.note = (
            f"{stage.kills} processes killed, {struck} other strokes, {found.never_came} unknown that never came"
        )
        return found


def _strike_all(house: House, stage: Stage, workers: list[Process], storm: Storm, until: float) -> int:
    """Spread over the run: never faster than the mail goes, so that there is something to lose to the end."""
    strokes = list(_strokes(house, stage, workers, storm))
    stage.chance.shuffle(strokes)
    begun, others = time.monotonic(), 0
    for number, (stroke, is_kill) in enumerate(strokes):
        part = number / len(strokes)
        _wait(stage, part * storm.reminders * 0.9, begun + part * storm.span, until)
        if not is_kill or stage.kills < storm.kills:
            stroke()
            others += not is_kill
    while stage.kills < storm.kills and time.monotonic() < until:
        strike(stage, workers)
        time.sleep(storm.span / storm.kills)
    return others


def _strokes(
    house: House, stage: Stage, workers: list[Process], storm: Storm
) -> Iterator[tuple[Callable[[], None], bool]]:
    yield from [(lambda: strike(stage, workers), True)] * storm.kills
    yield from [(house.valkey_falls, False)] * storm.queue_kills
    yield from [(lambda: empty(house), False)] * storm.queue_emptied
    yield from [(house.postgres_falls, False)] * storm.database_falls


def _wait(stage: Stage, taken: float, moment: float, until: float) -> None:
    while time.monotonic() < moment or (stage.taken() < taken and time.monotonic() < until):
        time.sleep(0.1)
