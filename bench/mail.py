"""10,000 reminders planned and delivered to a local SMTP sink, against the same messages handed straight to it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import Engine, create_engine, insert, select
from sqlalchemy.orm import Session

from bench.site import Site
from bench.table import Line
from dev.services import free_port
from groupsite.domain.words import MembershipState
from groupsite.extensions import MARKS_OPTIONS
from groupsite.mail.message import Message, to_bytes
from groupsite.mail.transport import Transport, transport_for
from groupsite.mail.vault import Vault
from groupsite.models import Account, Group, Membership, OccurrenceRow
from groupsite.services import planning, sending
from groupsite.services.calendars import Site as Names
from groupsite.services.desk import Desk

REMINDERS = 10_000
LEAD = 60
SENDER = "notes@bench.invalid"


def lines(site: Site) -> list[Line]:
    engine = create_engine(site.postgres.url("bench"))
    desk = Desk(Names("dates.invalid", "https://bench.invalid", "Dates"), SENDER, Vault("for the speed table alone"))
    start = _populate(engine, desk.vault)
    now = start - timedelta(minutes=LEAD)
    with _sink() as port:
        transport = transport_for(f"smtp://127.0.0.1:{port}")
        ours = _plan_and_deliver(engine, transport, desk, now)
        theirs = _straight(transport, now)
    engine.dispose()
    return [
        Line(f"{REMINDERS:,} reminders planned and delivered", ours, "the same messages straight to SMTP", theirs, 0.03)
    ]


def _populate(engine: Engine, vault: Vault) -> datetime:
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
        session.execute(insert(Account), [_account(number, one, vault, moment) for number, one in enumerate(people)])
        session.execute(insert(Membership), [_member(number, one, group, moment) for number, one in enumerate(people)])
        session.commit()
        return row.start_utc


def _account(number: int, account_id: object, vault: Vault, moment: datetime) -> dict[str, object]:
    return {
        "id": account_id,
        "login": f"bench-{number}",
        "password_hash": "-",
        "email_sealed": vault.seal(f"bench-{number}@bench.invalid"),
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


def _plan_and_deliver(engine: Engine, transport: Transport, desk: Desk, now: datetime) -> float:
    @contextmanager
    def begin() -> Iterator[Session]:
        with Session(engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    marks = create_engine(engine.url, **MARKS_OPTIONS)

    begun = time.perf_counter()
    with begin() as session:
        planning.plan(session, now=now, ahead=timedelta(hours=2))
    sent = 0
    while more := sending.deliver(begin, marks.connect, transport, desk, lambda: now).counts.get("sent", 0):
        sent += more
    if sent < REMINDERS:
        raise SystemExit(f"Only {sent} of {REMINDERS} reminders were sent.")
    return sent / (time.perf_counter() - begun)


def _straight(transport: Transport, now: datetime) -> float:
    message = Message("bench@bench.invalid", now, "Dates", SENDER, SENDER, "one@bench.invalid", "Appointment today",
                      "Appointment\n" * 12, "<p>Appointment</p>\n" * 12, unsubscribe=("https://bench.invalid/u/t",))  # fmt: skip
    raw = to_bytes(message)
    begun = time.perf_counter()
    with transport.open() as line:
        for _ in range(REMINDERS):
            line.send(raw, SENDER, "one@bench.invalid")
    return REMINDERS / (time.perf_counter() - begun)


@contextmanager
def _sink() -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port)])
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
