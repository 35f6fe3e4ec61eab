"""Why a mail did not arrive, from what mail servers say: who is at fault decides who is spared from now on.

Enhanced status codes are those of RFC 3463: class.subject.detail, such as 5.1.1.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

STOPS_AT = 4
POINTS_LAST = timedelta(days=30)
ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
REPLY = re.compile(r"(?<!\d)([45]\d\d)[ -]")
NOTHING_SAID = re.compile(r"[245]\.0\.0")


class Fault(StrEnum):
    """Where it lies."""

    ADDRESS = "address"
    """There is no such mailbox: nothing will ever arrive."""
    MAILBOX = "mailbox"
    """It is full, switched off or out of reach: perhaps only for some days."""
    COMPLAINT = "complaint"
    """The reader called the mail unwanted."""
    POLICY = "policy"
    """Our mail is refused for what it is or where it comes from."""
    AUTHENTICATION = "authentication"
    TLS = "tls"
    OTHER = "other"
    """This one message, or something that nobody understands."""


class Step(StrEnum):
    """The part of the SMTP dialogue that was refused."""

    GREETING = "greeting"
    SIGN_IN = "sign_in"
    SENDER = "sender"
    RECIPIENT = "recipient"
    BODY = "body"


OURS = frozenset({Fault.POLICY, Fault.AUTHENTICATION, Fault.TLS})
"""Faults for which no member is blamed."""
NO_SUCH_MAILBOX = frozenset({"1.1", "1.2", "1.3", "1.6", "1.10"})
ABOUT_THE_SENDER = frozenset({"1.7", "1.8"})
ABOUT_THE_MESSAGE = frozenset({"2.3", "3.4"})
BY_SUBJECT = {"5": Fault.OTHER, "6": Fault.OTHER, "7": Fault.POLICY}
SIGN_IN_REFUSED = frozenset({530, 534, 535, 538})
MAILBOX_REFUSED = frozenset({550, 551, 552, 553})
MILDEST_FIRST = (Fault.OTHER, Fault.POLICY, Fault.MAILBOX, Fault.ADDRESS)


def fault_of_status(status: str) -> Fault:
    """Of an enhanced status code. Only class 5 makes an address wrong; what says nothing counts as trouble of the mailbox."""
    kind, _, rest = status.partition(".")
    if rest in NO_SUCH_MAILBOX:
        return Fault.ADDRESS if kind == "5" else Fault.MAILBOX
    if rest in ABOUT_THE_SENDER:
        return Fault.POLICY
    if rest in ABOUT_THE_MESSAGE:
        return Fault.OTHER
    return BY_SUBJECT.get(rest.partition(".")[0], Fault.MAILBOX)


def fault_of_statuses(statuses: Iterable[str]) -> Fault:
    """Of one mail that was passed on to several: the mildest, for that one may heal."""
    return min((fault_of_status(one) for one in statuses), key=MILDEST_FIRST.index, default=Fault.MAILBOX)


def fault_of_reply(step: Step, code: int, status: str) -> Fault:
    """Of a final SMTP reply (5xx), with its enhanced status code or an empty text."""
    if step is Step.SIGN_IN or code in SIGN_IN_REFUSED:
        return Fault.AUTHENTICATION
    if step is Step.GREETING:
        return Fault.POLICY
    told = fault_of_status(status) if status and not NOTHING_SAID.fullmatch(status) else None
    if step is Step.SENDER:
        return Fault.OTHER if told is Fault.OTHER or code == 552 else Fault.POLICY  # noqa: PLR2004  SMTP: too large
    if told is not None:
        return told
    return Fault.MAILBOX if step is Step.RECIPIENT and code in MAILBOX_REFUSED else Fault.OTHER


def enhanced_status(text: str) -> str:
    """The first enhanced status code in what a server said, or an empty text. IP addresses and versions are none."""
    found = ENHANCED.search(text)
    return found[1] if found else ""


def telling_status(status: str, diagnostic: str) -> str:
    """The code of a delivery report (RFC 3464); if it says nothing, that of the reply which the report quotes."""
    told = enhanced_status(status)
    if told and not NOTHING_SAID.fullmatch(told):
        return told
    quoted = enhanced_status(diagnostic)
    if quoted:
        return quoted
    reply = REPLY.search(diagnostic)
    return told or (f"{reply[1][0]}.0.0" if reply else "5.0.0")


def points(before: int, last_on: date | None, today: date) -> int:
    """One more bad day: at most one point a day, and all are forgotten when 30 days brought none."""
    if last_on is None or today - last_on > POINTS_LAST:
        return 1
    return before if today <= last_on else before + 1
