"""One incoming mail as values: who sent it where, what it is about, and the answer of a calendar program in it. No text is read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from itertools import chain, islice

LARGEST_MAIL = 512 * 1024
LARGEST_CALENDAR = 64 * 1024
LONGEST_HEADER = 4000
MOST_HEADERS = 1000
"""Of one part."""
MOST_PARTS = 100
MOST_BOUNDARIES = 1000
MOST_BLANK_LINES = 5000
MOST_NESTED = 20
MOST_ADDRESSES = 20
LONGEST_SUBJECT = 500
SENT_TO = ("Delivered-To", "X-Original-To", "To", "Cc")
NEEDED_WHOLE = frozenset({"from", "authentication-results"})
"""Without these nobody knows who sent it: a mail whose own are too long is not understood at all."""

_NESTS = re.compile(rb"boundary[\s\d*]*=|delivery-status", re.IGNORECASE)


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
    try:
        return _incoming(take_apart(raw), sent_to)
    except TooLarge:
        raise
    except Exception as error:
        raise Unreadable from error


class _Part(Message):
    """One part. Headers are kept as they stand: the library's own values of them take hours to make of a few hostile lines.

    A header that is too long to be honest is there, but says nothing.
    """

    def set_raw(self, name: str, value: str) -> None:
        if len(self) >= MOST_HEADERS:
            raise TooLarge
        if len(value) > LONGEST_HEADER and name.lower() in NEEDED_WHOLE:
            raise Unreadable
        super().set_raw(name, value if len(value) <= LONGEST_HEADER else "")


def take_apart(raw: bytes) -> Message:
    """The mail's parts, in time that its length alone decides. Raises TooLarge, Unreadable."""
    blank_lines = raw.count(b"\n\n") + raw.count(b"\n\r\n")
    if len(raw) > LARGEST_MAIL or raw.count(b"\n--") > MOST_BOUNDARIES or blank_lines > MOST_BLANK_LINES:
        raise TooLarge
    if len(_NESTS.findall(raw)) > MOST_NESTED:
        raise TooLarge
    left = iter(range(MOST_PARTS))

    def part() -> _Part:
        if next(left, None) is None:
            raise TooLarge
        return _Part()

    return message_from_bytes(raw, part)


def _incoming(mail: Message, sent_to: str) -> Incoming:
    senders = _addresses(mail, ["From"])
    return Incoming(
        sender=senders[0] if len(senders) == 1 else "",
        roles=roles_of([sent_to, *_addresses(mail, SENT_TO)]),
        subject=_decoded(str(mail.get("Subject", "")))[:LONGEST_SUBJECT],
        verdicts=tuple(str(one) for one in mail.get_all("Authentication-Results", [])),
        calendar=_calendar(mail),
        is_report=mail.get_content_type() == "multipart/report",
    )


def _calendar(mail: Message) -> bytes | None:
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


def _addresses(mail: Message, names: Iterable[str]) -> list[str]:
    """Addresses of these headers in small letters, the first few alone: an honest mail is not sent to hundreds.

    What cannot be read is an empty one: it counts, so that nobody hides a second sender behind it.
    """
    headers = chain.from_iterable(mail.get_all(name, []) for name in names)
    found = getaddresses([str(one) for one in islice(headers, MOST_ADDRESSES)])
    return [address.lower() for _, address in found[:MOST_ADDRESSES]]


def _decoded(text: str) -> str:
    """With its encoded words (RFC 2047) read, if they can be."""
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, ValueError):
        return text


def roles_of(addresses: Iterable[str]) -> tuple[str, ...]:
    """What stands behind the plus sign of each, in small letters; the first few."""
    tagged = [address.partition("@")[0].partition("+")[2].lower() for address in addresses]
    return tuple(dict.fromkeys(tag for tag in tagged if tag))[:MOST_ADDRESSES]
