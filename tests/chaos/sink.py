"""An SMTP server that keeps what it takes and can hold a sender at a chosen line, for as long as it lives."""

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

PATIENCE = 60.0


@dataclass
class Sink:
    """`hold_at` is MAIL (nothing has left yet) or DATA (the body is here, its sender has no answer yet)."""

    hold_at: str = ""
    taken: list[tuple[str, str]] = field(default_factory=list)
    """Recipient and Message-ID of each message, in the order of arrival."""
    is_held: Event = field(default_factory=Event)

    async def handle_MAIL(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        await self._hold("MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content or b"")  # type: ignore[arg-type]  # bytes unless decoding was asked for
        self.taken.append((envelope.rcpt_tos[0], mail["Message-ID"]))
        await self._hold("DATA")
        return "250 OK"

    async def _hold(self, line: str) -> None:
        if self.hold_at == line:
            self.is_held.set()
            await asyncio.Event().wait()

    def hold(self, line: str) -> None:
        """The next sender that comes to this line gets no answer."""
        self.is_held.clear()
        self.hold_at = line

    def release(self) -> None:
        """From now on everything is taken at once."""
        self.hold_at = ""


def listen(sink: Sink, port: int) -> Controller:
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    return controller
