"""What a mail server does to an invite on its way: it writes on top where the mail came from, and alters nothing."""

import mailbox
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.bounces import Fault
from groupsite.domain.permissions import VISITOR
from groupsite.mail.transport import Leaving, Line, Transport, transport_for, unnoted
from groupsite.models import Account, Delivery, DeliveryState, Suppression
from groupsite.queries.groups import series_of
from groupsite.services import date_changes, outbox, sending
from tests.live import PATIENCE
from tests.plugins.application import MORNING
from tests.post_office import EVENING, PostOffice, member, tonight, without_quiet_hours
from tests.programs.mail_server import MailServer, mail_server

SHAPE = ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics"]


@dataclass
class Copied:
    """Hands everything on, and keeps the bytes that were handed on."""

    way: Transport
    sent: list[bytes] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator[Line]:
        with self.way.open() as line:
            self._line = line
            yield self

    def send(self, message: bytes, sender: str, recipient: str, leaving: Leaving = unnoted) -> None:
        self._line.send(message, sender, recipient, leaving)
        self.sent.append(message)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    with mail_server(tmp_path, reader="marisol") as running:
        yield running


def invite_and_call_off(post: PostOffice, session: Session, way: Transport) -> None:
    """Marisol asks for invites, and then one date is called off."""
    without_quiet_hours(session, "marisol")
    person = member(session, "marisol")
    person.wants_invites, person.lead_minutes = True, []
    session.flush()
    outbox.invites_chosen(session, membership_id=person.id, now=MORNING)
    session.commit()
    sending.deliver(post.begin, post.mark, way, post.desk, post.clock)
    row = tonight(session)
    date_changes.cancel_date(
        session, VISITOR, series_of(session, row.group_id, "main"), row.original_local, now=MORNING
    )
    session.commit()
    post.clock.now = MORNING + timedelta(seconds=1)
    sending.deliver(post.begin, post.mark, way, post.desk, post.clock)


def arrived(server: MailServer, count: int) -> list[bytes]:
    """What lies in the box when so many have arrived."""
    box, until = mailbox.Maildir(server.box), time.monotonic() + PATIENCE
    while len(box) < count and time.monotonic() < until:
        time.sleep(0.05)
    assert len(box) == count, server.log.read_text()
    return [box.get_bytes(key) for key in box.keys()]  # noqa: SIM118  a mailbox has values of its own


def parsed(mail: bytes) -> EmailMessage:
    return message_from_bytes(mail, policy=policy.default)


def calendars(mail: EmailMessage) -> list[bytes]:
    """The calendar part and the file, as a mail program takes them out."""
    parts = [part for part in mail.walk() if part.get_content_type() in {"text/calendar", "application/ics"}]
    return [cast("bytes", part.get_payload(decode=True)) for part in parts]


def test_invites_arrive_as_they_were_sent(server: MailServer, post: PostOffice, session: Session) -> None:
    way = Copied(transport_for(f"smtp://127.0.0.1:{server.port}"))
    invite_and_call_off(post, session, way)
    taken = {parsed(mail)["Message-ID"]: mail.replace(b"\r\n", b"\n") for mail in arrived(server, len(way.sent))}
    methods = set()
    for sent in way.sent:
        before, received = parsed(sent), taken[parsed(sent)["Message-ID"]]
        after = parsed(received)
        trace, _, _ = received.partition(sent.replace(b"\r\n", b"\n"))
        assert received == trace + sent.replace(b"\r\n", b"\n")
        assert b"Received: from" in trace
        if "multipart/mixed" not in after.get_content_type():
            continue
        assert [part.get_content_type() for part in after.walk()] == SHAPE
        assert calendars(after) == calendars(before)
        part = next(part for part in after.walk() if part.get_content_type() == "text/calendar")
        assert part.get_param("method") == Calendar.from_ical(calendars(after)[0])["METHOD"]
        methods.add(part.get_param("method"))
    assert methods == {"REQUEST", "CANCEL"}


def test_recipient_whom_the_server_does_not_know_is_spared_from_then_on(
    server: MailServer, post: PostOffice, session: Session
) -> None:
    post.transport = transport_for(f"smtp://127.0.0.1:{server.port}")
    post.plan()
    assert post.deliver(at=EVENING)["suppressed"] > 0
    said = select(Delivery.state, Delivery.last_error_class).join(Account).where(Account.login == "charlene")
    assert (DeliveryState.SUPPRESSED, "smtp_550_5.1.1") in [tuple(row) for row in session.execute(said)]
    assert session.scalars(select(Suppression.fault)).all() == [Fault.ADDRESS]
