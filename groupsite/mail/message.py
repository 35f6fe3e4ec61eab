"""A message as a value, and the same value as bytes: one recipient, stable Date and Message-ID.

The library takes milliseconds to write a mail. So it writes one for all that differ only in what is each person's own, and that is
put into its place afterwards.
"""

import re
from binascii import b2a_qp
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from functools import lru_cache
from secrets import token_hex
from typing import Any

from groupsite.domain.plain_text import without_unusable_characters

INVITE_FILE = "invite.ics"
ON_ONE_LINE = {"from", "to", "list-unsubscribe", "message-id"}
"""Headers with addresses: some programs read only their first line."""
LONG_LINES = SMTP.clone(max_line_length=900)


class _Wire(EmailPolicy):
    """Lines of at most 76 octets, so that bodies and encoded words keep to theirs (RFC 2045, 6.7; RFC 2047, 2)."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in ON_ONE_LINE:
            return LONG_LINES.fold_binary(name, value)
        return super().fold_binary(name, value)


WIRE: "EmailPolicy[Any]" = _Wire(linesep="\r\n", max_line_length=76)


@dataclass(frozen=True, slots=True)
class Message:
    """One mail to one person.

    `list_id` is what mail programs sort by (RFC 2919), empty for none; `unsubscribe` are the addresses, https: and mailto:,
    that stop this kind of mail; `calendar` is an iTIP object whose METHOD is `method`. `return_path` is where it comes back to
    if it cannot be delivered: on the envelope, not in the message.
    """

    message_id: str
    date: datetime
    sender_name: str
    sender: str
    return_path: str
    recipient: str
    subject: str
    text: str
    html: str
    list_id: str = ""
    unsubscribe: tuple[str, ...] = ()
    calendar: bytes = b""
    method: str = ""


FRAMES_KEPT = 256
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""Stands in a header as it is (RFC 5322, 3.2.3: a part of what an atom may be)."""
UNGUESSED = token_hex(8)
"""So that nobody's words can name a place."""
STANDS_FOR = {
    "recipient": f"recipient@{UNGUESSED}.invalid",
    "message_id": f"id@{UNGUESSED}.invalid",
    "unsubscribe": f"stop:{UNGUESSED}",
    "text": f"text-{UNGUESSED}",
    "html": f"html-{UNGUESSED}",
}
"""In a frame, for what is put in for each mail."""


def to_bytes(message: Message) -> bytes:
    """The message for the wire; equal values give bytes that differ in their MIME boundaries at most.

    Raises ValueError for a recipient that is not one address.
    """
    if message.calendar or not PLAIN_ADDRESS.fullmatch(message.recipient):
        return _written(message)
    parts = {
        "recipient": message.recipient.encode(),
        "message_id": message.message_id.encode(),
        "unsubscribe": _bracketed(message.unsubscribe).encode(),
        "text": _quoted(message.text),
        "html": _quoted(message.html),
    }
    return b"".join(parts[piece] if isinstance(piece, str) else piece for piece in _frame(_shared(message)))


def _shared(message: Message) -> Message:
    """The message with what is one person's own taken out."""
    return replace(
        message,
        return_path="",
        recipient=STANDS_FOR["recipient"],
        message_id=STANDS_FOR["message_id"],
        unsubscribe=(STANDS_FOR["unsubscribe"],) if message.unsubscribe else (),
        text=STANDS_FOR["text"],
        html=STANDS_FOR["html"],
    )


@lru_cache(maxsize=FRAMES_KEPT)
def _frame(shared: Message) -> tuple[str | bytes, ...]:
    """The mail in pieces: bytes as they are, or the name of what stands there."""
    names = {f"<{text}>" if name == "unsubscribe" else text: name for name, text in STANDS_FOR.items()}
    pieces = re.split("(" + "|".join(map(re.escape, names)) + ")", _written(shared).decode("ascii"))
    return tuple(names.get(piece) or piece.encode() for piece in pieces)


def _quoted(text: str) -> bytes:
    """Quoted-printable with CRLF (RFC 2045, 6.7). No line of it can be a MIME boundary: those have a bare `=`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    return b2a_qp("\r\n".join(lines).encode(), istext=True)


def _bracketed(addresses: tuple[str, ...]) -> str:
    return ", ".join(f"<{address}>" for address in addresses)


def _written(message: Message) -> bytes:
    """By the library, whole.

    With a calendar: alternative (text, HTML, text/calendar) and the same object as a file, which is the shape in which
    mail programs show Accept and Decline (CalConnect, iMIP best practice).
    """
    mail = EmailMessage(policy=WIRE)
    mail["From"] = Address(_line(message.sender_name), addr_spec=message.sender)
    mail["To"] = Address(addr_spec=message.recipient)
    mail["Subject"] = _line(message.subject)
    mail["Date"] = format_datetime(message.date.astimezone(UTC))
    mail["Message-ID"] = f"<{message.message_id}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if message.list_id:
        mail["List-Id"] = f"<{message.list_id}>"
    if message.unsubscribe:
        mail["List-Unsubscribe"] = _bracketed(message.unsubscribe)
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    if message.calendar:
        _add_calendar(mail, message)
    return mail.as_bytes()


def _add_calendar(mail: EmailMessage, message: Message) -> None:
    mail.add_alternative(message.calendar.decode(), subtype="calendar", params={"method": message.method}, cte="base64")
    named = {"name": INVITE_FILE}
    mail.add_attachment(message.calendar, maintype="application", subtype="ics", filename=INVITE_FILE, params=named)


def _line(text: str) -> str:
    """On one line, whatever it was: no header can begin in it."""
    return " ".join(without_unusable_characters(text).split())
