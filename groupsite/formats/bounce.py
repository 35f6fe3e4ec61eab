"""What a mail says that came back: a delivery report (RFC 3464), a complaint (RFC 5965), or one of the older forms.

Whom it is about is never read from it: that stands in the address that it was sent to (services/bounces.py).
"""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses

from flufl.bounce import all_failures

from groupsite.domain.bounces import Fault, fault_of_statuses, telling_status
from groupsite.formats.incoming import TooLarge, Unreadable, take_apart

NOTICE = 16 * 1024
"""Bytes at the beginning in which a mail in an older form says what it has to say."""
SOMEBODY = "mailer-daemon@bounces.invalid"
COPY_BEGINS = re.compile(r"^\s*-{3,}", re.MULTILINE)
COMPLAINTS = frozenset({"abuse", "fraud", "opt-out"})
ARRIVED = ("delivered", "relayed", "expanded")
FAILED = ("fail", "error")
NEVER_ANSWERED = frozenset({"<>", "<#@[]>"})
SENT_FROM = ("Original-Mail-From", "Return-Path")

# It would write what it was reading into the log when it fails.
logging.getLogger("flufl.bounce").addFilter(lambda _record: False)


@dataclass(frozen=True, slots=True)
class Returned:
    """`fault` is None for what is no failure: a delay, an automatic answer, the bounce of a bounce.

    `return_paths` are the addresses that a complaint says the mail came from.
    """

    fault: Fault | None
    return_paths: tuple[str, ...] = ()


def read(raw: bytes) -> Returned:
    """Why the mail came back. Raises Unreadable, TooLarge."""
    try:
        return _returned(take_apart(raw), raw)
    except TooLarge:
        raise
    except Exception as error:
        raise Unreadable from error


def _returned(mail: Message, raw: bytes) -> Returned:
    parts = list(mail.walk())
    if _is_of_a_bounce(mail, parts):
        return Returned(None)
    reports = [field for part in parts if _is(part, "message/feedback-report") for field in _blocks(part)]
    if reports:
        return _complaint(reports[0], parts)
    blocks = [block for part in parts if _is(part, "message/delivery-status") for block in _blocks(part)]
    recipients = [block for block in blocks if block["Action"]]
    return Returned(_fault(recipients) if recipients else _fault_in_an_older_form(raw))


def _fault(recipients: list[Message]) -> Fault | None:
    """None when it may still arrive, or has arrived at one of several."""
    actions = [_words(block, "Action") for block in recipients]
    if any(action.startswith(ARRIVED) for action in actions):
        return None
    failed = [block for block, action in zip(recipients, actions, strict=True) if action.startswith(FAILED)]
    told = [telling_status(_words(block, "Status"), _words(block, "Diagnostic-Code")) for block in failed]
    return fault_of_statuses(told) if told else None


def _complaint(report: Message, parts: Sequence[Message]) -> Returned:
    """Providers send these to one address for all: the copy of our mail says which one it was."""
    kind = _words(report, "Feedback-Type")
    if kind.startswith("auth-failure"):
        return Returned(Fault.POLICY, _return_paths(report, parts))
    return Returned(Fault.COMPLAINT if kind in COMPLAINTS else None, _return_paths(report, parts))


def _return_paths(report: Message, parts: Sequence[Message]) -> tuple[str, ...]:
    copies = [copy for part in parts for copy in _copies(part)]
    written = [_words(one, name) for one in (report, *copies) for name in SENT_FROM]
    return tuple(dict.fromkeys(one.strip("<>") for one in written if one))


def _copies(part: Message) -> Iterator[Message]:
    """Our mail, or its headers, as it was sent back."""
    if _is(part, "message/rfc822"):
        yield from _blocks(part)
    if _is(part, "text/rfc822-headers"):
        content = part.get_payload(decode=True)
        yield take_apart(content if isinstance(content, bytes) else b"")


def _is_of_a_bounce(mail: Message, parts: Sequence[Message]) -> bool:
    """Whether the mail that came back was itself one that nobody may answer (RFC 5321, 4.5.5)."""
    if _words(mail, "Return-Path") == "<#@[]>":
        return True
    return any(
        _words(copy, "Return-Path") in NEVER_ANSWERED or _is(copy, "multipart/report")
        for part in parts
        for copy in _copies(part)
    )


def _fault_in_an_older_form(raw: bytes) -> Fault | None:
    """Programs that write no report: flufl.bounce knows their ways; it says that it failed, the quoted reply says why."""
    begun = raw[:NOTICE]
    if not _has_failed(take_apart(begun)):
        return None
    notice = COPY_BEGINS.split(_first_text(take_apart(begun)), maxsplit=1)[0]
    return fault_of_statuses([telling_status("", notice)])


def _has_failed(mail: Message) -> bool:
    if not getaddresses([mail.get("From", "")]):
        del mail["From"]
        mail["From"] = SOMEBODY  # the library takes for granted that there is one
    _, failed = all_failures(mail)
    return bool(failed)


def _first_text(mail: Message) -> str:
    part = next((one for one in mail.walk() if _is(one, "text/plain")), None)
    content = part.get_payload(decode=True) if part else b""
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _is(part: Message, kind: str) -> bool:
    return part.get_content_type() == kind


def _words(block: Message, name: str) -> str:
    """A field in small letters on one line."""
    return " ".join(str(block.get(name, "")).lower().split())
