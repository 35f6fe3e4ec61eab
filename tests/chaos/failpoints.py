"""Places between two steps of the sender where a process dies (CHAOS_KILL_AT) or stops (CHAOS_STOP_AT), the CHAOS_COUNTth time.

Nothing of the product is replaced: the transport is wrapped, and statements are recognised by what they do to `delivery`.
"""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, event

from groupsite.mail.transport import Leaving, Line, Transport, unnoted

MESSAGE_ID = re.compile(rb"^message-id:\s*<?([^>\r\n]+)", re.IGNORECASE | re.MULTILINE)
SET = re.compile(r"update delivery set (.*?)(?: from | where |$)")
HANDED_OVER = re.compile(r"\bhanded_over_at ?=")
STATE = re.compile(r"\bstate ?=")
SENT_AT = re.compile(r"\bsent_at ?=")


class Point(StrEnum):
    BEFORE_CLAIM_COMMIT = "before_claim_commit"
    AFTER_CLAIM = "after_claim"
    AFTER_HANDED_OVER = "after_handed_over"
    AFTER_250 = "after_250"
    BEFORE_SENT_COMMIT = "before_sent_commit"


class Step(StrEnum):
    CLAIM = "claim"
    LEAVING = "leaving"
    SENT = "sent"
    OTHER = "other"


def step_of(statement: str) -> Step:
    """What a statement does to the rows of the outbox."""
    flat = " ".join(statement.lower().split())
    found = SET.search(flat)
    if found is None:
        return Step.OTHER
    if "skip locked" in flat:
        return Step.CLAIM
    values = found[1]
    if SENT_AT.search(values):
        return Step.SENT
    return Step.LEAVING if HANDED_OVER.search(values) and not STATE.search(values) else Step.OTHER


@dataclass
class Trap:
    """Counts how often its point was reached; springs once."""

    point: Point
    spring: Callable[[], None]
    left: int

    def reach(self, point: Point) -> None:
        if point is self.point:
            self.left -= 1
            if self.left == 0:
                self.spring()


@dataclass
class Watch:
    """Follows the statements of this process from the claim to the mark that a mail was sent."""

    trap: Trap
    steps: dict[int, Step] = field(default_factory=dict)
    """The newest step of each connection in its transaction."""
    has_claimed: bool = False

    def statement(self, connection: Connection, statement: str) -> None:
        step = step_of(statement)
        if self.has_claimed:
            self.has_claimed = False
            self.trap.reach(Point.AFTER_CLAIM)
        if step is Step.SENT and _commits_itself(connection):
            self.trap.reach(Point.BEFORE_SENT_COMMIT)
        elif step is not Step.OTHER:
            self.steps[id(connection)] = step

    def commit(self, connection: Connection) -> None:
        step = self.steps.pop(id(connection), Step.OTHER)
        if step is Step.CLAIM:
            self.trap.reach(Point.BEFORE_CLAIM_COMMIT)
            self.has_claimed = True
        if step is Step.SENT:
            self.trap.reach(Point.BEFORE_SENT_COMMIT)


def _commits_itself(connection: Connection) -> bool:
    raw = connection.connection.dbapi_connection
    return bool(getattr(raw, "autocommit", False))


@dataclass(frozen=True)
class WatchedTransport:
    inner: Transport
    trap: Trap

    @contextmanager
    def open(self) -> Iterator["WatchedLine"]:
        with self.inner.open() as line:
            yield WatchedLine(line, self.trap)


@dataclass(frozen=True)
class WatchedLine:
    inner: Line
    trap: Trap

    def send(self, message: bytes, sender: str, recipient: str, leaving: Leaving = unnoted) -> None:
        def left() -> None:
            leaving()
            self.trap.reach(Point.AFTER_HANDED_OVER)

        self.inner.send(message, sender, recipient, left)
        self.trap.reach(Point.AFTER_250)


@dataclass(frozen=True)
class Diary:
    """A transport that notes, before the mark is made that a body leaves, when that was and which mail: one line each."""

    inner: Transport
    path: Path

    @contextmanager
    def open(self) -> Iterator["DiaryLine"]:
        with self.inner.open() as line:
            yield DiaryLine(line, self.path)


@dataclass(frozen=True)
class DiaryLine:
    inner: Line
    path: Path

    def send(self, message: bytes, sender: str, recipient: str, leaving: Leaving = unnoted) -> None:
        found = MESSAGE_ID.search(message)
        name = found[1].decode() if found else ""

        def left() -> None:
            with self.path.open("a") as diary:
                diary.write(f"{time.time():.6f}\t{name}\n")
            leaving()

        self.inner.send(message, sender, recipient, left)


def install(app: Flask) -> None:
    """Set the trap, and keep the diary (CHAOS_DIARY), that the environment asks for; nothing without one."""
    if "CHAOS_DIARY" in os.environ:
        app.extensions["groupsite.transport"] = Diary(
            app.extensions["groupsite.transport"], Path(os.environ["CHAOS_DIARY"])
        )
    for name, number in (("CHAOS_KILL_AT", signal.SIGKILL), ("CHAOS_STOP_AT", signal.SIGSTOP)):
        if name in os.environ:
            _set(app, Trap(Point(os.environ[name]), _struck_by(number), int(os.environ.get("CHAOS_COUNT", "1"))))


def _struck_by(number: signal.Signals) -> Callable[[], None]:
    return lambda: os.kill(os.getpid(), number)


def _set(app: Flask, trap: Trap) -> None:
    watch = Watch(trap)
    app.extensions["groupsite.transport"] = WatchedTransport(app.extensions["groupsite.transport"], trap)

    def before(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        watch.statement(connection, statement)

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "commit", watch.commit)
