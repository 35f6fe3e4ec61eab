"""Reminders from the plan to a sink written in C: against the same bytes down one line, no-op tasks, and more workers."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import Engine, create_engine, insert, select, text
from sqlalchemy.orm import Session

from bench import tasks
from bench.sender import DESK, SENDER
from bench.site import ROOT, Site
from bench.table import Line
from dev import smtp_sink
from dev.services import free_port
from groupsite.domain.words import MembershipState
from groupsite.mail.message import Message, to_bytes
from groupsite.models import Account, Group, Membership, OccurrenceRow
from groupsite.services import planning

REMINDERS = 10_000
LEAD = 60
AHEAD = timedelta(minutes=5)
FORGOTTEN = "TRUNCATE delivery; DELETE FROM heartbeat; UPDATE account SET daily_budget = NULL"
ENVELOPE = f"MAIL FROM:<{SENDER}>\r\nRCPT TO:<one@bench.invalid>\r\nDATA\r\n".encode()


def lines(site: Site) -> list[Line]:
    engine = create_engine(site.postgres.url("bench"))
    now = _populate(engine) - timedelta(minutes=LEAD)
    with _sink() as port:
        rates = {workers: _planned_and_sent(engine, site, port, now, workers) for workers in (1, 2, 4)}
        piped = _pipelined(port, now)
    engine.dispose()
    one, noop = rates[1], tasks.noops_per_second(site)
    return [
        Line(f"{REMINDERS:,} reminders, planned and sent", one, "the same bytes down one line", piped, 0.015),
        Line("the same", one, "no-op tasks by one process", noop, 0.15),
        Line("the same by 2 processes", rates[2], "by 1", one, 1.2),
        Line("the same by 4 processes", rates[4], "by 1", one, 1.2),
    ]


def _populate(engine: Engine) -> datetime:
    """As many members as reminders in one group, and the start of its next date."""
    with Session(engine) as session:
        group = session.scalars(select(Group).where(Group.slug == "tuesday-lantern")).one()
        moment = datetime.now(UTC)
        row = session.scalars(
            select(OccurrenceRow)
            .where(OccurrenceRow.group_id == group.id, OccurrenceRow.start_utc > moment + timedelta(days=2))
            .order_by(OccurrenceRow.start_utc)
        ).first()
        if row is None:
            raise SystemExit("The sample has no date ahead; it ends in June 2027.")
        people = [uuid4() for _ in range(REMINDERS)]
        session.execute(insert(Account), [_account(number, one, moment) for number, one in enumerate(people)])
        session.execute(insert(Membership), [_member(number, one, group, moment) for number, one in enumerate(people)])
        session.commit()
        return row.start_utc


def _account(number: int, account_id: object, moment: datetime) -> dict[str, object]:
    return {
        "id": account_id,
        "login": f"bench-{number}",
        "password_hash": "-",
        "email_sealed": DESK.vault.seal(f"bench-{number}@bench.invalid"),
        "email_confirmed_at": moment,
        "adult_confirmed_at": moment,
        "created_at": moment,
        "discreet": bool(number % 2),
    }


def _member(number: int, account_id: object, group: Group, moment: datetime) -> dict[str, object]:
    return {
        "id": uuid4(),
        "group_id": group.id,
        "account_id": account_id,
        "display_name": f"B. {number}",
        "state": MembershipState.ACTIVE,
        "joined_month": date(moment.year, moment.month, 1),
        "lead_minutes": [LEAD],
        "reminders_since": moment,
        "unsubscribe_hash": uuid4().bytes,
    }


def _planned_and_sent(engine: Engine, site: Site, port: int, now: datetime, workers: int) -> float:
    """Reminders per second, the planning included, by so many processes on one database."""
    with engine.begin() as connection:
        for statement in FORGOTTEN.split(";"):
            connection.execute(text(statement))
    command = [sys.executable, "-m", "bench.sender", site.postgres.url("bench"), str(port), now.isoformat()]
    processes = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(workers)
    ]
    for process in processes:
        _said(process)
    begun = time.perf_counter()
    with Session(engine) as session:
        planning.plan(session, now=now, ahead=AHEAD)
        session.commit()
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    sent = sum(int(_said(process)) for process in processes)
    if sent < REMINDERS:
        raise SystemExit(f"Only {sent} of {REMINDERS} reminders were sent.")
    return sent / (time.perf_counter() - begun)


def _said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def _pipelined(port: int, now: datetime) -> float:
    """Mails per second down one connection: each body and the next envelope in one piece (RFC 2920)."""
    message = Message("bench@bench.invalid", now, "Dates", SENDER, SENDER, "one@bench.invalid", "Appointment today",
                      "Appointment\n" * 12, "<p>Appointment</p>\n" * 12, unsubscribe=("https://bench.invalid/u/t",))  # fmt: skip
    piece = to_bytes(message) + b".\r\n" + ENVELOPE
    with socket.create_connection(("127.0.0.1", port)) as line, line.makefile("rb") as answers:
        answers.readline()
        line.sendall(b"HELO bench\r\n")
        answers.readline()
        begun = time.perf_counter()
        line.sendall(ENVELOPE)
        for _ in range(REMINDERS):
            for _ in ("MAIL", "RCPT", "DATA"):
                answers.readline()
            line.sendall(piece)
            answers.readline()
        return REMINDERS / (time.perf_counter() - begun)


@contextmanager
def _sink() -> Iterator[int]:
    smtp_sink.install()
    port = free_port()
    command, environment = smtp_sink.command(port)
    process = subprocess.Popen(command, env=environment)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("The SMTP sink did not start.")
