"""`make soak MINUTES=15`: mail under load for a while, and whether memory, files, connections and backlog stay as they are.

Reminders fall due at an even rate, and Celery workers with the product's own clock, beat and queue send them. Every few seconds
everything is looked at; what has grown from the second third of the run to the last by more than a tenth fails it.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from statistics import median

from tests.chaos.audit import audit
from tests.chaos.house import open_house
from tests.chaos.people import crowd
from tests.chaos.stage import Stage, children, set_up

PER_SECOND = 50
LOOKS_EVERY = 15.0
EACH_GROUP = 2.0
"""Seconds between the dates of two groups."""
ROOM_TO_GROW = 1.1
BACKLOG = "SELECT count(*) FROM delivery WHERE state IN ('planned', 'deferred') AND next_try_at < now() - interval '30 seconds'"
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
SLACK = {"mebibytes": 8, "files": 4, "connections": 2, "late": PER_SECOND}
"""What may come and go beside the tenth."""


@dataclass(frozen=True, slots=True)
class Look:
    """`late` are reminders that have been due for over half a minute and wait."""

    mebibytes: int
    files: int
    connections: int
    late: int
    sent: int


def main() -> int:
    asked = _asked()
    chance = random.Random(asked.seed)  # noqa: S311  no secret
    with open_house() as house, set_up(house, "soak", chance, speed=1.0, has_own_clock=True) as stage:
        _owe(stage, asked.minutes * 60)
        workers = [stage.worker(concurrency=2), stage.beat()]
        print(" ".join(f"{one.name:>12}" for one in fields(Look)), flush=True)
        looks = []
        until = time.monotonic() + asked.minutes * 60
        while time.monotonic() < until:
            time.sleep(LOOKS_EVERY)
            looks.append(_look(stage, [one.pid for one in workers]))
            print(" ".join(f"{getattr(looks[-1], one.name):>12,}" for one in fields(Look)), flush=True)
        stage.drain(seconds=120)
        found = audit(stage, extras_at_most=0)
        grown = [*_grown(looks), *found.faults]
        print(f"{found.owed:,} owed, {found.count('sent'):,} sent, {found.lost} lost, {found.extras} in excess")
    print("\n".join(grown) or "All is as flat as it has to be.")
    return 1 if grown else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.soak", description=__doc__)
    parser.add_argument("--minutes", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _owe(stage: Stage, seconds: int) -> None:
    since = stage.now() + timedelta(seconds=20)
    people = crowd(
        stage.chance,
        PER_SECOND * seconds,
        since=since,
        until=since + timedelta(seconds=seconds),
        groups=int(seconds / EACH_GROUP),
    )
    stage.settle(people)


def _look(stage: Stage, pids: Sequence[int]) -> Look:
    tree = [*pids, *(child for pid in pids for child in children(pid))]
    with stage.connection() as connection:
        late, connections = (connection.execute(query).fetchone() for query in (BACKLOG, CONNECTIONS))
    return Look(
        mebibytes=sum(map(_resident, tree)) // 1024,
        files=sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in tree),
        connections=connections[0] if connections else 0,
        late=late[0] if late else 0,
        sent=stage.taken(),
    )


def _resident(pid: int) -> int:
    """KiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def _grown(looks: Sequence[Look]) -> list[str]:
    """The middle of the last third against that of the second: the first is for getting warm."""
    third = len(looks) // 3
    if third == 0:
        return ["too short to say anything"]
    faults = []
    for name, slack in SLACK.items():
        before, after = (
            median(getattr(one, name) for one in some) for some in (looks[third : 2 * third], looks[2 * third :])
        )
        if after > before * ROOM_TO_GROW + slack:
            faults.append(f"{name} grew from {before:,.0f} to {after:,.0f}")
    return faults


if __name__ == "__main__":
    sys.exit(main())
