"""Answers from calendar programs: iMIP replies (RFC 6047, RFC 5546 3.2.3) as values. Comments are never read."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum
from typing import Any

from icalendar import Calendar

LARGEST_MAIL = 512 * 1024
LARGEST_REPLY = 64 * 1024
MOST_EVENTS = 50
LONGEST_PROPERTY = 500
SENT_TO = ("Delivered-To", "X-Original-To", "To", "Cc")


class PartStat(StrEnum):
    """What an attendee answers (RFC 5545, 3.2.12); anything else is no answer."""

    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


class NotAReply(Exception):
    """This is no answer from a calendar program, or none that can be read."""


class TooLarge(NotAReply):
    """More than any honest answer has."""


@dataclass(frozen=True, slots=True)
class DateReply:
    """One answer: about the date with this RECURRENCE-ID as it was written (naive: as clocks show it), or about all."""

    recurrence_id: datetime | None
    partstat: PartStat
    sequence: int
    stamp: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """`roles` are the parts behind the plus sign of every address that the mail was sent to."""

    sender: str
    roles: tuple[str, ...]
    uid: str
    attendee: str
    dates: tuple[DateReply, ...]
    verdicts: tuple[str, ...]
    """Authentication-Results headers (RFC 8601), as they stand."""


def read_reply(raw: bytes, *, sent_to: str = "") -> Reply:
    """The answer in this mail. `sent_to` is the envelope's recipient, if known. Raises NotAReply, TooLarge."""
    if len(raw) > LARGEST_MAIL:
        raise TooLarge
    try:
        mail = message_from_bytes(raw, policy=default)
        return _reply(mail, _calendar_part(mail), sent_to)
    except NotAReply:
        raise
    except Exception as error:
        raise NotAReply from error


def _calendar_part(mail: EmailMessage) -> bytes:
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_payload(decode=True)
            if not isinstance(content, bytes):
                break
            if len(content) > LARGEST_REPLY:
                raise TooLarge
            return content
    raise NotAReply


def _reply(mail: EmailMessage, content: bytes, sent_to: str) -> Reply:
    calendar = Calendar.from_ical(content)
    events: list[Any] = calendar.walk("VEVENT")
    if str(calendar.get("METHOD", "")).upper() != "REPLY" or not 0 < len(events) <= MOST_EVENTS:
        raise NotAReply
    uids = {str(event["UID"])[:LONGEST_PROPERTY] for event in events}
    attendees = {_one_attendee(event) for event in events}
    if len(uids) != 1 or len({address for address, _ in attendees}) != 1:
        raise NotAReply
    (sender,) = _addresses(mail, "From")
    return Reply(
        sender=sender,
        roles=_roles([sent_to, *(one for name in SENT_TO for one in _addresses(mail, name))]),
        uid=uids.pop(),
        attendee=attendees.pop()[0],
        dates=tuple(_date_reply(event) for event in events),
        verdicts=tuple(str(one) for one in mail.get_all("Authentication-Results", [])),
    )


def _date_reply(event: Any) -> DateReply:
    about = event.get("RECURRENCE-ID")
    moment = about.dt if about is not None else None
    if isinstance(moment, date) and not isinstance(moment, datetime):
        raise NotAReply
    stamp = event["DTSTAMP"].dt
    return DateReply(
        recurrence_id=moment,
        partstat=PartStat(_one_attendee(event)[1]),
        sequence=int(event.get("SEQUENCE", 0)),
        stamp=stamp.astimezone(UTC) if stamp.tzinfo else stamp.replace(tzinfo=UTC),
    )


def _one_attendee(event: Any) -> tuple[str, str]:
    """Address and answer of the only ATTENDEE; more than one, or none, is no reply."""
    found = event["ATTENDEE"]
    if isinstance(found, list):
        raise NotAReply
    address = str(found).strip()[:LONGEST_PROPERTY]
    if address[:7].lower() != "mailto:":
        raise NotAReply
    return address[7:].lower(), str(found.params.get("PARTSTAT", "")).upper()


def _addresses(mail: EmailMessage, name: str) -> list[str]:
    headers = [header for header in mail.get_all(name, []) if isinstance(header, AddressHeader)]
    found = [one.addr_spec.lower() for header in headers for one in header.addresses]
    return found or [str(one).strip().lower() for one in mail.get_all(name, []) if not isinstance(one, AddressHeader)]


def _roles(addresses: list[str]) -> tuple[str, ...]:
    tagged = [address.partition("@")[0].partition("+")[2].lower() for address in addresses]
    return tuple(dict.fromkeys(tag for tag in tagged if tag))
