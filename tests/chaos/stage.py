"""One scenario's database, letterbox and processes; everything that was started is gone at its end."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from dev.services import free_port
from groupsite.mail.vault import Vault
from tests.chaos.clockwork import moment_of
from tests.chaos.fast_clock import running_at
from tests.chaos.house import House
from tests.chaos.people import Person, settle
from tests.chaos.ringer import Ringer
from tests.live import BIN, ROOT, wait_until_listens

SECRET = "for the fault run alone, nothing else"
BEGAN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PATIENCE = 60.0
STILL_OPEN = ("planned", "deferred", "sending")
LOOKS_EVERY = 0.25

Process = subprocess.Popen[bytes]


@dataclass
class Stage:
    """`speed` is how many seconds go by on the application's clock in one of ours; 0 stands still.

    `has_own_clock`: it is the product's own, that of the database, and database and workers run at this speed as a whole.
    """

    house: House
    folder: Path
    chance: random.Random
    speed: float
    database_url: str
    port: int
    has_own_clock: bool = False
    began: datetime = BEGAN
    set_at: float = field(default_factory=time.time)
    """When the clock showed `began`, in seconds since 1970."""
    jumped_at: float = 0.0
    jumped: float = 0.0
    """Seconds since 1970, and by how many of ours the clock was put forward then."""
    people: list[Person] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)
    kills: int = 0
    """How many processes that may have held a mail were killed."""
    overdue: int = 0
    """How many did not end when they were told to, and had to be killed."""
    read_to: int = 0
    counted: int = 0
    """How far the letterbox's book was read, and how many mails stood there."""

    @property
    def book(self) -> Path:
        return self.folder / "letters"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def vault(self) -> Vault:
        return Vault(SECRET)

    def now(self, at: float | None = None) -> datetime:
        """What the application's clock shows now, or at a moment (seconds since 1970)."""
        moment = time.time() if at is None else at
        set_at = self.set_at + self.jumped if moment < self.jumped_at else self.set_at
        return moment_of(self.began, set_at, self.speed, moment)

    def jump_to(self, moment: datetime) -> None:
        """The clock shows this moment now; for processes that are started from now on."""
        self.jumped_at, self.jumped = time.time(), (moment - self.now()).total_seconds() / self.speed
        self.set_at -= self.jumped

    def later(self, seconds: float) -> datetime:
        """The application's clock in so many of our seconds."""
        return self.now(time.time() + seconds)

    def settle(self, people: Sequence[Person]) -> None:
        """Expect a reminder for each of them."""
        self.people += people
        settle(self.database_url, people, self.vault, now=self.now())

    def environment(self, **changes: str) -> dict[str, str]:
        ours = {
            "ENVIRONMENT": "testing",
            "SECRET_KEY": SECRET,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.house.valkey.url(),
            "MAIL_URL": f"smtp://127.0.0.1:{self.port}",
            "PYTHONTZPATH": "",
        }
        return dict(os.environ) | ours | (self._own_clock() if self.has_own_clock else self.clock()) | changes

    def clock(self) -> dict[str, str]:
        """The environment of a process that is told what this stage's clock shows."""
        return {
            "CHAOS_NOW": self.began.isoformat(),
            "CHAOS_SET_AT": str(self.set_at),
            "CHAOS_SPEED": str(self.speed),
        }

    def _own_clock(self) -> dict[str, str]:
        return {} if self.speed == 1.0 else running_at(self.speed)

    def start(self, *command: str, **changes: str) -> Process:
        """A process of the application, at the head of a group of its own."""
        with self.log.open("ab") as said:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment(**changes), stdout=said, stderr=said, start_new_session=True
            )
        self.processes.append(process)
        return process

    def job(self, names: str, *moments: datetime, **changes: str) -> Process:
        """One job or several (with commas) in a process that ends afterwards: once, or at each of these moments."""
        told = [one.isoformat() for one in moments]
        return self.start(sys.executable, "-m", "tests.chaos.job", names, *told, **changes)

    def run_job(self, names: str, *moments: datetime, **changes: str) -> None:
        """The same to its end. Raises AssertionError with the log when it fails."""
        code = self.job(names, *moments, **changes).wait(PATIENCE * 5)
        assert code == 0, self.log.read_text()[-3000:]

    def migrate(self, direction: str) -> None:
        """`upgrade` to the newest revision, or `downgrade` by one. Raises AssertionError with the log when it fails."""
        code = self.start(str(BIN / "flask"), "--app", "groupsite", "db", direction).wait(PATIENCE)
        assert code == 0, self.log.read_text()[-3000:]

    def worker(self, concurrency: int = 2, **changes: str) -> Process:
        """A Celery worker as on a server."""
        return self.start(
            str(BIN / "celery"), "-A", "tests.chaos.app:celery", "worker", "--queues", "mail", "--loglevel", "WARNING",
            "--concurrency", str(concurrency), "--hostname", f"w{len(self.processes)}@%h", **changes,
        )  # fmt: skip

    def beat(self, **changes: str) -> Process:
        notes = self.folder / f"beat{len(self.processes)}"
        return self.start(
            str(BIN / "celery"), "-A", "tests.chaos.app:celery", "beat", "--schedule", str(notes), **changes
        )

    @contextmanager
    def ringing(self, every: float = 1.0, *, each: int = 1) -> Iterator[None]:
        """Somebody rings for both jobs in this rhythm (our seconds), so many times each, whether or not the queue is there."""
        with Ringer(self.house.valkey.url(), every, each):
            yield

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection]:
        url = self.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
        with psycopg.connect(url, autocommit=True) as found:
            yield found

    def states(self) -> dict[str, int]:
        """How many reminders are in which state; waits while the database is away."""
        query = "SELECT state, count(*) FROM delivery WHERE kind = 'reminder' GROUP BY state"
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with self.connection() as connection:
                    return {str(state): int(count) for state, count in connection.execute(query).fetchall()}
            except psycopg.Error:
                if time.monotonic() > until:
                    raise
                time.sleep(LOOKS_EVERY)

    def is_settled(self) -> bool:
        """Whether everybody has a row that has come to its end."""
        states = self.states()
        return sum(states.values()) >= len(self.people) and not any(states.get(one) for one in STILL_OPEN)

    def wait_for(self, condition: Callable[[], bool], *, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if condition():
                return True
            time.sleep(LOOKS_EVERY)
        return condition()

    def drain(self, *, seconds: float) -> bool:
        """Wait until nothing is open any more; whether that came about in time."""
        return self.wait_for(self.is_settled, seconds=seconds)

    def drain_rows(self, *, seconds: float) -> bool:
        """The same where rows may be gone with their people: nothing is open, and the last reminder is due."""
        last = max(one.due_at for one in self.people)
        return self.wait_for(
            lambda: self.now() > last and not any(self.states().get(one) for one in STILL_OPEN), seconds=seconds
        )

    def taken(self) -> int:
        """How many mails the letterbox has written down: cheap enough to ask often."""
        with suppress(FileNotFoundError), self.book.open("rb") as book:
            book.seek(self.read_to)
            new = book.read()
            whole = new[: new.rfind(b"\n") + 1]
            self.read_to += len(whole)
            self.counted += whole.count(b"\ttaken\t")
        return self.counted

    def end(self, process: Process, number: signal.Signals = signal.SIGTERM) -> None:
        """End a process with all that it has started. SIGTERM goes to the process alone, which lets its own come to an end."""
        with suppress(ProcessLookupError):
            (os.kill if number is signal.SIGTERM else os.killpg)(process.pid, number)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            self.overdue += 1
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        self.processes.remove(process)


def children(pid: int) -> list[int]:
    """The processes that this one has started and that live."""
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


@contextmanager
def set_up(
    house: House,
    name: str,
    chance: random.Random,
    *,
    speed: float = 10.0,
    has_own_clock: bool = False,
    tablespace: str = "pg_default",
) -> Iterator[Stage]:
    folder = house.folder / name
    folder.mkdir()
    with house.clock_at(speed if has_own_clock else 1.0):
        database_url = house.new_database(name, tablespace=tablespace)
        stage = Stage(house, folder, chance, speed, database_url, free_port(), has_own_clock)
        if has_own_clock:
            stage.began, stage.set_at = house.clock_shows(), time.time()
        letterbox = _letterbox(stage)
        try:
            wait_until_listens(stage.port, stage.log)
            yield stage
        finally:
            for process in [one for one in stage.processes if one is not letterbox]:
                stage.end(process, signal.SIGKILL)
            stage.end(letterbox, signal.SIGKILL)


def _letterbox(stage: Stage) -> Process:
    """Its own clock is true, for its book tells when each mail came."""
    true = {"LD_PRELOAD": "", "FAKETIME": ""}
    return stage.start(
        sys.executable, "-m", "tests.chaos.letterbox", str(stage.port), str(stage.book), str(stage.speed or 1.0), **true
    )


def soon(stage: Stage, seconds: float) -> datetime:
    """A moment on the application's clock, so many of its seconds from now."""
    return stage.now() + timedelta(seconds=seconds)
