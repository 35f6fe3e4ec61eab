"""F12: a release is rolled out while mail goes out."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.chaos.audit import Audit, audit
from tests.chaos.house import House
from tests.chaos.people import crowd
from tests.chaos.size import Size
from tests.chaos.stage import PATIENCE, Process, Stage, children, set_up

MIGRATING = 4.0
"""Our seconds for one migration, the start of its process included."""
REPLACING = 8.0
"""Our seconds until new workers are up and the others have drained."""
AT_ONCE = 2
TOMORROW = (
    "ALTER TABLE delivery ADD COLUMN tomorrow text NOT NULL DEFAULT 'none'",
    "ALTER TABLE account ADD COLUMN tomorrow timestamptz",
    "CREATE TABLE tomorrow (delivery_id uuid PRIMARY KEY REFERENCES delivery ON DELETE CASCADE)",
    "CREATE INDEX CONCURRENTLY ix_delivery_tomorrow ON delivery (tomorrow)",
)
"""What a later release may do to the schema while workers of this one run on: it adds, and takes nothing away."""


@dataclass(frozen=True, slots=True)
class Rollout:
    reminders: int
    times: int
    """How often all workers are replaced."""
    limit: float
    """Our seconds from the last of them until everything must be sent."""

    @property
    def span(self) -> float:
        """Our seconds over which the reminders fall due."""
        return self.times * REPLACING + 2 * MIGRATING


def rolled(house: House, size: Size) -> Audit:
    """Two or four times, as a part of the usual run."""
    return _rolled(house, size, Rollout(size.reminders, times=2 if size.is_small else 4, limit=240.0))


def rolled_at_length(house: House, size: Size) -> Audit:
    """Twenty times while 100,000 reminders go out."""
    return _rolled(house, size, Rollout(100_000, times=20, limit=1500.0))


def _rolled(house: House, size: Size, rollout: Rollout) -> Audit:
    """New workers start, the others drain (SIGTERM). Nothing comes twice, and all end by themselves.

    In between, on live rows and under workers that run on, the schema is taken back by one migration and brought forward
    again; from the second half on it is the one of a later release.
    """
    with set_up(house, "f12", size.chance("f12")) as stage:
        until = stage.later(rollout.span)
        stage.settle(crowd(stage.chance, rollout.reminders, since=stage.now(), until=until, groups=60))
        workers = [stage.worker() for _ in range(AT_ONCE)]
        with stage.ringing():
            for number in range(rollout.times):
                stage.wait_for(_sends_more(stage), seconds=PATIENCE)
                if number == rollout.times // 2 - 1:
                    stage.migrate("downgrade")
                    stage.migrate("upgrade")
                if number == rollout.times // 2:
                    _bring_tomorrow(stage)
                workers = _replaced(stage, workers)
            stage.drain(seconds=rollout.limit)
        found = audit(stage, extras_at_most=0)
        found.expect(stage.overdue == 0, f"{stage.overdue} workers did not end by themselves")
        found.note = f"{rollout.times * AT_ONCE} workers replaced"
        return found


def _bring_tomorrow(stage: Stage) -> None:
    with stage.connection() as connection:
        for statement in TOMORROW:
            connection.execute(statement)


def _sends_more(stage: Stage) -> Callable[[], bool]:
    """Whether mail has gone out since this was asked for."""
    before = stage.taken()
    return lambda: stage.taken() > before


def _replaced(stage: Stage, workers: list[Process]) -> list[Process]:
    new = [stage.worker() for _ in workers]
    stage.wait_for(lambda: all(children(one.pid) for one in new), seconds=PATIENCE)
    for one in workers:
        stage.end(one)
    return new
