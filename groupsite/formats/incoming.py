"""One incoming mail as values: who sent it where, what it is about, and the answer of a calendar program in it. No text is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.policy import default

LARGEST_MAIL = 512 * 1024
LARGEST_CALENDAR = 64 * 1024
MOST_PARTS = 1000
MOST_BLANK_LINES = 5000
LONGEST_SUBJECT = 500
SENT_TO = ("Delivered-To", "X-Original-To", "To", "Cc")


class Unreadable(Exception):
    """This is no mail that can be understood."""


class TooLarge(Exception):
    """More than any honest answer has."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """`roles` are the parts behind the plus sign of every address that the mail was sent to; `calendar` may be missing.

    `sender` is empty unless there is exactly one.
    """

    sender: str
    roles: tuple[str, ...]
    subject: str
    verdicts: tuple[str, ...]
    """Authentication-Results headers (RFC 8601), as they stand."""
    calendar: bytes | None
    is_report: bool
    """On another mail: it came back, was complained about, or was read (RFC 6522)."""


def read(raw: bytes, *, sent_to: str = "") -> Incoming:
    """The mail's values. `sent_to` is the envelope's recipient, if known. Raises Unreadable, TooLarge."""
    refuse_bombs(raw)
    try:
        return _incoming(message_from_bytes(raw, policy=default), sent_to)
    except TooLarge:
        raise
    except Exception as error:
        raise Unreadable from error


def refuse_bombs(raw: bytes) -> None:
    """Raises TooLarge for what would take long to take apart."""
    blank_lines = raw.count(b"\n\n") + raw.count(b"\n\r\n")
    if len(raw) > LARGEST_MAIL or raw.count(b"\n--") > MOST_PARTS or blank_lines > MOST_BLANK_LINES:
        raise TooLarge


def _incoming(mail: EmailMessage, sent_to: str) -> Incoming:
    senders = _addresses(mail, "From")
    return Incoming(
        sender=senders[0] if len(senders) == 1 else "",
        roles=roles_of([sent_to, *(one for name in SENT_TO for one in _addresses(mail, name))]),
        subject=str(mail.get("Subject", ""))[:LONGEST_SUBJECT],
        verdicts=tuple(str(one) for one in mail.get_all("Authentication-Results", [])),
        calendar=_calendar(mail),
        is_report=mail.get_content_type() == "multipart/report",
    )


def _calendar(mail: EmailMessage) -> bytes | None:
    """The first text/calendar part, its transfer encoding undone."""
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_payload(decode=True)
            if not isinstance(content, bytes):
                return None
            if len(content) > LARGEST_CALENDAR:
                raise TooLarge
            return content
    return None


def _addresses(mail: EmailMessage, name: str) -> list[str]:
    """Addresses of a header in small letters; of one that is not parsed by the library, its whole text."""
    found = []
    for header in mail.get_all(name, []):
        if isinstance(header, AddressHeader):
            found += [one.addr_spec.lower() for one in header.addresses]
        else:
            found.append(str(header).strip().strip("<>").lower())
    return found


def roles_of(addresses: Iterable[str]) -> tuple[str, ...]:
    """What stands behind the plus sign of each, in small letters."""
    tagged = [address.partition("@")[0].partition("+")[2].lower() for address in addresses]
    return tuple(dict.fromkeys(tag for tag in tagged if tag))
