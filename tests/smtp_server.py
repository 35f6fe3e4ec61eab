"""A real SMTP server on a free port that takes, refuses, breaks off or never answers, as it is told."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from dev.services import free_port

TAKEN = "250 OK"


class Server:
    """Keeps what it took. `answers` are given instead of 250, by the command they answer; `answers_once` for the first only."""

    def __init__(self) -> None:
        self.port = free_port()
        self.answers: dict[str, str] = {}
        self.answers_once: dict[str, str] = {}
        self.breaks_off_at = ""
        self.holds_at = ""
        self.is_held = Event()
        self.taken: list[tuple[str, list[str], bytes]] = []
        self.commands: list[str] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def letters(self) -> list[tuple[str, str]]:
        """Recipient and Message-ID of each mail, in the order of arrival."""
        return [(to[0], str(message_from_bytes(mail)["Message-ID"])) for _, to, mail in self.taken]

    def hold(self, command: str) -> None:
        """The next sender that comes to MAIL (nothing has left yet) or DATA (the body is here) never gets an answer."""
        self.is_held.clear()
        self.holds_at = command

    def release(self) -> None:
        """From now on everything is answered."""
        self.holds_at = ""

    async def _hold(self, command: str) -> None:
        if self.holds_at == command:
            self.is_held.set()
            await asyncio.Event().wait()

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802, ARG002  aiosmtpd's
        await self._hold("MAIL")
        envelope.mail_from = address
        return self._answer(server, "MAIL")

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802, ARG002  aiosmtpd's
        answer = self._answer(server, "RCPT")
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002  aiosmtpd's
        answer = self._answer(server, "DATA")
        if answer == TAKEN and self.breaks_off_at != "DATA":
            self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        await self._hold("DATA")
        return answer

    def sign_in(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, _login: Any) -> AuthResult:
        self.commands.append("AUTH")
        refusal = self.answers.get("AUTH")
        return AuthResult(success=refusal is None, handled=False, message=refusal)

    def _answer(self, server: Any, command: str) -> str:
        self.commands.append(command)
        if self.breaks_off_at == command:
            server.transport.abort()
        return self.answers_once.pop(command, None) or self.answers.get(command, TAKEN)


@contextmanager
def smtp_server() -> Iterator[Server]:
    server = Server()
    controller = Controller(
        server, hostname="127.0.0.1", port=server.port, authenticator=server.sign_in, auth_require_tls=False
    )
    controller.start()
    yield server
    controller.stop()
