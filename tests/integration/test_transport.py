"""Handing over to a real SMTP server, and into a Maildir. Refusals are in test_refusals.py."""

import mailbox
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.services import free_port
from groupsite.mail.refusals import Ambiguous, Temporary
from groupsite.mail.transport import transport_for
from tests.smtp_server import Server, smtp_server

MESSAGE = b"Subject: Appointment today\r\n\r\nAppointment\r\n.\r\nA line that began with a dot.\r\n"


@pytest.fixture
def server() -> Iterator[Server]:
    with smtp_server() as running:
        yield running


def send(server: Server, count: int = 1) -> None:
    with transport_for(server.url).open() as line:
        for _ in range(count):
            line.send(MESSAGE, "notes@example.org", "charlene@example.org")


def test_message_arrives_as_it_was(server: Server) -> None:
    send(server, count=2)
    assert server.taken == [("notes@example.org", ["charlene@example.org"], MESSAGE)] * 2


def test_server_that_ends_a_used_connection_gets_the_next_message_over_a_new_one(server: Server) -> None:
    with transport_for(server.url).open() as line:
        line.send(MESSAGE, "notes@example.org", "charlene@example.org")
        server.answers_once["MAIL"] = "421 4.7.0 Enough for one connection"
        line.send(MESSAGE, "notes@example.org", "charlene@example.org")
    assert len(server.taken) == 2


def test_new_connection_that_is_refused_is_tried_later(server: Server) -> None:
    server.answers["MAIL"] = "421 4.7.0 Not now"
    with pytest.raises(Temporary):
        send(server)
    assert server.commands.count("MAIL") == 1


@pytest.mark.parametrize(("command", "error"), [("MAIL", Temporary), ("RCPT", Temporary), ("DATA", Ambiguous)])
@pytest.mark.parametrize("answer", ["What?", "199 Hm", "354 Go on"])
def test_answer_that_is_none_takes_no_message(
    server: Server, command: str, error: type[Exception], answer: str
) -> None:
    server.answers[command] = answer
    with pytest.raises(error):
        send(server)


def test_server_that_is_away_is_tried_later() -> None:
    with pytest.raises(Temporary), transport_for(f"smtp://127.0.0.1:{free_port()}").open() as line:
        line.send(MESSAGE, "notes@example.org", "charlene@example.org")


def test_maildir_keeps_each_message(tmp_path: Path) -> None:
    with transport_for(f"maildir://{tmp_path / 'mail'}").open() as line:
        line.send(MESSAGE, "notes@example.org", "charlene@example.org")
    box = mailbox.Maildir(tmp_path / "mail", create=False)
    assert [message["Subject"] for message in box] == ["Appointment today"]


@pytest.mark.parametrize("url", ["", "ftp://example.org", "smtp://", "maildir:", "mailto:x@example.org"])
def test_wrong_address_stops_the_start(url: str) -> None:
    with pytest.raises(SystemExit, match="MAIL_URL"):
        transport_for(url)
