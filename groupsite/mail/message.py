"""A message as a value, and the same value as bytes: one recipient, stable Date and Message-ID."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
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

    `unsubscribe` are the addresses, https: and mailto:, that stop this kind of mail; `calendar` is an iTIP object whose METHOD
    is `method`. `return_path` is where it comes back to if it cannot be delivered: on the envelope, not in the message.
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
    unsubscribe: tuple[str, ...] = ()
    calendar: bytes = b""
    method: str = ""


def to_bytes(message: Message) -> bytes:
    """The message for the wire; equal values give bytes that differ in their MIME boundaries at most.

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
    if message.unsubscribe:
        mail["List-Unsubscribe"] = ", ".join(f"<{address}>" for address in message.unsubscribe)
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
