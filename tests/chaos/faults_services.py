"""F4, F5, F6, F11: the queue and the database fall, fill up, hang, lie."""

import signal
import time
from contextlib import suppress
from datetime import timedelta

import psycopg
import redis

from dev.services import free_port
from groupsite.services.health import MAIL_WAITS_AT_MOST
from tests.chaos.audit import Audit, audit
from tests.chaos.house import House
from tests.chaos.people import crowd
from tests.chaos.ringer import Ringer
from tests.chaos.size import Size
from tests.chaos.stage import PATIENCE, Process, Stage, set_up
from tests.chaos.visitor import visiting

LIMIT = 150.0
THRICE = 3
PILED_UP = 30
AN_HOUR_A_MINUTE = 60.0
STARTING = 12.0
"""Our seconds until workers and web server are up."""


def queue_troubled(house: House, size: Size) -> Audit:
    """F4: killed, emptied, full, hung, one after the other while mail goes out. The workers live on by themselves."""
    rounds = 1 if size.is_small else 2
    hung_for = 3.0 if size.is_small else 12.0
    with set_up(house, "f4", size.chance("f4")) as stage:
        span = rounds * 6.0 + hung_for
        stage.settle(crowd(stage.chance, size.reminders, since=stage.now(), until=stage.later(span), groups=20))
        workers = [stage.worker(), stage.worker()]
        with stage.ringing():
            stage.wait_for(lambda: stage.taken() > 0, seconds=PATIENCE)
            for _ in range(rounds):
                house.valkey_falls()
                time.sleep(2)
                house.valkey_falls(emptied=True)
                time.sleep(1)
                empty(house)
                _fill(house, seconds=2)
            _hang(house, seconds=hung_for)
            stage.drain(seconds=LIMIT)
        found = audit(stage, extras_at_most=0)
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
    with set_up(house, "f5", size.chance("f5"), speed=AN_HOUR_A_MINUTE, has_own_clock=True) as stage:
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
    with set_up(house, "f6", size.chance("f6"), speed=30.0 if size.is_small else 10.0) as stage:
        stage.settle(
            crowd(stage.chance, size.reminders, since=stage.now(), until=stage.later(rounds * 12.0), groups=20)
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
