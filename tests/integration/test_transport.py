"""Handing over to a real SMTP server that takes, refuses or breaks off; and into a Maildir."""

import mailbox
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from dev.services import free_port
from groupsite.mail.transport import Ambiguous, MailError, Permanent, Temporary, transport_for

MESSAGE = b"Subject: Appointment today\r\n\r\nAppointment\r\n.\r\nA line that began with a dot.\r\n"


class Server:
    """Answers as it is told; keeps what it took."""

    def __init__(self) -> None:
        self.at_rcpt = "250 OK"
        self.at_data = "250 OK"
        self.breaks_off = False
        self.taken: list[tuple[str, list[str], bytes]] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802, ARG002  aiosmtpd's
        if self.at_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002  aiosmtpd's
        if self.breaks_off:
            server.transport.abort()
            return "250 never arrives"
        if self.at_data.startswith("250"):
            self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return self.at_data


@pytest.fixture
def server() -> Iterator[Server]:
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port  # type: ignore[attr-defined]
    yield handler
    controller.stop()


def send(server: Server, count: int = 1) -> None:
    with transport_for(f"smtp://127.0.0.1:{server.port}").open() as line:  # type: ignore[attr-defined]
        for _ in range(count):
            line.send(MESSAGE, "notes@example.org", "charlene@example.org")


def test_message_arrives_as_it_was(server: Server) -> None:
    send(server, count=2)
    assert server.taken == [("notes@example.org", ["charlene@example.org"], MESSAGE)] * 2


@pytest.mark.parametrize(
    ("at_rcpt", "at_data", "error", "code"),
    [
        ("451 later", "250 OK", Temporary, "smtp_451"),
        ("550 no such person", "250 OK", Permanent, "smtp_550"),
        ("250 OK", "452 full", Temporary, "smtp_452"),
        ("250 OK", "554 refused", Permanent, "smtp_554"),
    ],
)
def test_refusals_are_told_apart(server: Server, at_rcpt: str, at_data: str, error: type[MailError], code: str) -> None:
    server.at_rcpt, server.at_data = at_rcpt, at_data
    with pytest.raises(error) as refused:
        send(server)
    assert refused.value.code == code
    assert server.taken == []


def test_line_that_breaks_after_the_body_leaves_a_doubt(server: Server) -> None:
    server.breaks_off = True
    with pytest.raises(Ambiguous):
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
