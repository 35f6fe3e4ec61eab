"""F4, F5, F6, F11: the queue and the database fall, fill up, hang, lie."""

import signal
import time
from contextlib import suppress
from datetime import datetime, timedelta

import psycopg
import redis

from dev.services import free_port
from groupsite.services.health import MAIL_WAITS_AT_MOST
from groupsite.tasks.jobs import PLANNED_AHEAD
from tests.chaos.audit import Audit, audit
from tests.chaos.house import House
from tests.chaos.people import Person, crowd
from tests.chaos.ringer import Ringer
from tests.chaos.size import Size
from tests.chaos.small_disk import SmallDisk, mounted
from tests.chaos.stage import LOOKS_EVERY, PATIENCE, Process, Stage, set_up
from tests.chaos.visitor import visiting

LIMIT = 150.0
THRICE = 3
PILED_UP = 30
STARTING = 12.0
"""Our seconds until workers and web server are up: nothing is due before."""
HOUR_IN_48 = 75.0
"""How fast clocks run so that an hour goes by in 48 seconds."""
A_MINUTE = 60.0
FAST = 30.0
MINUTE_IN_TWELVE = 5.0
"""How fast clocks run so that a minute goes by in twelve seconds."""


def queue_troubled(house: House, size: Size) -> Audit:
    """F4: killed, emptied, full, hung for a minute. The workers live on by themselves, and nobody waits for over a minute."""
    rounds = 1 if size.is_small else 2
    with set_up(house, "f4", size.chance("f4"), speed=MINUTE_IN_TWELVE, has_own_clock=True) as stage:
        hangs = A_MINUTE / stage.speed
        since, until = stage.later(STARTING), stage.later(STARTING + rounds * 6.0 + hangs)
        stage.settle(crowd(stage.chance, size.reminders, since=since, until=until, groups=40))
        workers = [stage.worker(), stage.worker()]
        with stage.ringing(3.0):
            stage.wait_for(lambda: stage.taken() > 0, seconds=PATIENCE)
            for _ in range(rounds):
                house.valkey_falls()
                time.sleep(2)
                house.valkey_falls(emptied=True)
                time.sleep(1)
                empty(house)
                _fill(house, seconds=2)
            _hang(house, seconds=hangs)
            stage.drain(seconds=LIMIT)
        found = audit(stage, extras_at_most=0)
        found.expect_delay(timedelta(seconds=A_MINUTE))
        _expect_alive(found, workers)
        return found


def empty(house: House) -> None:
    """FLUSHALL."""
    with redis.Redis(port=house.valkey.port) as client:
        client.flushall()


def _fill(house: House, *, seconds: float) -> None:
    """Nothing more can be written: every bell is refused."""
    with redis.Redis(port=house.valkey.port) as client:
        client.config_set("maxmemory", "1")
        time.sleep(seconds)
        client.config_set("maxmemory", "0")


def _hang(house: House, *, seconds: float) -> None:
    house.valkey.process.send_signal(signal.SIGSTOP)
    time.sleep(seconds)
    house.valkey.process.send_signal(signal.SIGCONT)


def _expect_alive(found: Audit, workers: list[Process]) -> None:
    ended = [one.returncode for one in workers if one.poll() is not None]
    found.expect(not ended, f"workers ended by themselves: {ended}")


def queue_absent(house: House, size: Size) -> Audit:
    """F5: there is no queue for an hour and nobody rings; the workers' own clock does it all, and people notice nothing."""
    lasts = timedelta(minutes=10) if size.is_small else timedelta(hours=1)
    with set_up(house, "f5", size.chance("f5"), speed=HOUR_IN_48, has_own_clock=True) as stage:
        nowhere = f"redis://127.0.0.1:{free_port()}/0"
        begins = stage.later(STARTING)
        stage.settle(crowd(stage.chance, size.reminders // 2, since=begins, until=begins + lasts, groups=60))
        workers = [stage.worker(REDIS_URL=nowhere), stage.worker(REDIS_URL=nowhere)]
        with visiting(stage, REDIS_URL=nowhere) as visit:
            stage.drain(seconds=LIMIT)
        found = audit(stage, extras_at_most=0)
        found.expect_delay(MAIL_WAITS_AT_MOST)
        found.faults += visit.faults
        found.note = f"{visit.answers:,} answers of the web server meanwhile, {len(visit.faults)} of them errors"
        _expect_alive(found, workers)
        return found


def rung_for_thrice(house: House, size: Size) -> Audit:
    """F11: every bell rings three times, many have piled up before anybody listens, and they ring on when all is done."""
    with set_up(house, "f11", size.chance("f11")) as stage:
        empty(house)
        stage.settle(crowd(stage.chance, size.reminders // 2, since=stage.now(), until=stage.later(10), groups=10))
        with Ringer(house.valkey.url(), 0.01, PILED_UP):
            time.sleep(1)
        stage.worker()
        stage.worker()
        with stage.ringing(0.5, each=THRICE):
            stage.drain(seconds=LIMIT)
            time.sleep(2)
        return audit(stage, extras_at_most=0)


def database_troubled(house: House, size: Size) -> Audit:
    """F6: immediate restarts, sessions ended by the dozen, no writing for a while; before that planners cut in the middle."""
    rounds = 1 if size.is_small else 2
    with set_up(house, "f6", size.chance("f6"), speed=FAST) as stage:
        stage.settle(
            crowd(stage.chance, size.reminders, since=stage.now(), until=stage.later(rounds * 12.0), groups=40)
        )
        faults = [] if size.is_small else _cut_planners(stage)
        workers = [stage.worker(), stage.worker()]
        with stage.ringing():
            stage.wait_for(lambda: stage.taken() > 0, seconds=PATIENCE)
            for _ in range(rounds):
                time.sleep(1)
                house.postgres_falls()
                time.sleep(2)
                _end_sessions(stage, times=10)
                _forbid_writing(stage, house, seconds=3)
            stage.drain(seconds=LIMIT)
        found = audit(stage, extras_at_most=None)
        _expect_alive(found, workers)
        found.faults += faults
        return found


def disk_filled(house: House, size: Size) -> Audit:
    """F6: the disk of the tables is full while mail goes out and a crowd has to be planned: none of it then, all of it later."""
    with mounted(house.folder / "disk") as disk:
        if disk is None:
            return Audit(0, {}, note="not tried: a small disk can be mounted by root alone")
        with (
            house.tablespace_on(disk) as tables,
            set_up(house, "f6_disk", size.chance("f6 disk"), speed=FAST, tablespace=tables) as stage,
        ):
            return _with_full_disk(stage, disk, size.reminders // 2)


def _with_full_disk(stage: Stage, disk: SmallDisk, count: int) -> Audit:
    stage.settle(crowd(stage.chance, count, since=stage.now(), until=stage.later(10), groups=20))
    workers = [stage.worker(), stage.worker()]
    with stage.ringing():
        stage.wait_for(lambda: stage.taken() > 0, seconds=PATIENCE)
        planned = stage.later(3)
        due = planned + PLANNED_AHEAD
        second = crowd(stage.chance, count, since=due, until=due, groups=10, tag="s")
        stage.settle(second)
        disk.fill()
        counts = _counted(stage, second, until=planned + timedelta(minutes=3))
        disk.empty()
        stage.drain(seconds=LIMIT)
    found = audit(stage, extras_at_most=None)
    found.expect(counts == {0}, f"{counts} rows of {count} were planned on a full disk")
    found.expect("DiskFull" in stage.log.read_text(), "nobody noticed that the disk was full")
    _expect_alive(found, workers)
    return found


def _counted(stage: Stage, some: list[Person], *, until: datetime) -> set[int]:
    """How many rows there were of these people at each look: what a planner does it does for all of them."""
    query, accounts = "SELECT count(*) FROM delivery WHERE account_id = ANY(%s)", [one.account for one in some]
    counts: set[int] = set()
    with stage.connection() as connection:
        while stage.now() < until or not counts:
            found = connection.execute(query, [accounts]).fetchone()
            counts.add(found[0] if found else 0)
            time.sleep(LOOKS_EVERY)
    return counts


def _cut_planners(stage: Stage) -> list[str]:
    """What each of them leaves behind is nothing or all that it had to plan. The clock stands still for them."""
    frozen = {"CHAOS_SPEED": "0.0", "CHAOS_NOW": stage.now().isoformat()}
    counts = set()
    for _ in range(3):
        planner = stage.job("plan", **frozen)
        while planner.poll() is None:
            _end_sessions(stage, times=1)
        counts.add(sum(stage.states().values()))
    stage.run_job("plan", **frozen)
    whole = sum(stage.states().values())
    return [f"a planner that was cut left {count} of {whole} rows" for count in counts - {0, whole}]


def _end_sessions(stage: Stage, *, times: int) -> None:
    """Everybody's but this one's."""
    query = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    for _ in range(times):
        with suppress(psycopg.Error), stage.connection() as connection:
            connection.execute(query)
        time.sleep(0.1)


def _forbid_writing(stage: Stage, house: House, *, seconds: float) -> None:
    """As a full disk or a standby does: everything can be read and nothing written."""
    with stage.connection() as connection:
        found = connection.execute("SELECT current_database()").fetchone()
    name = found[0] if found else ""
    house.postgres.run(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    _end_sessions(stage, times=1)
    time.sleep(seconds)
    house.postgres.run(f'ALTER DATABASE "{name}" SET default_transaction_read_only = off')
    _end_sessions(stage, times=1)
