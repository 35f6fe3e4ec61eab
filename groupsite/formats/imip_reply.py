"""Answers from calendar programs: iTIP replies (RFC 5546, 3.2.3) as values. Comments are never read."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from icalendar import Calendar

MOST_EVENTS = 50
LONGEST_PROPERTY = 500


class PartStat(StrEnum):
    """What an attendee answers (RFC 5545, 3.2.12); anything else is no answer."""

    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


class NotAReply(Exception):
    """This is no answer from a calendar program, or none that can be read."""


@dataclass(frozen=True, slots=True)
class DateReply:
    """One answer: about the date with this RECURRENCE-ID as it was written (naive: as clocks show it), or about all."""

    recurrence_id: datetime | None
    partstat: PartStat
    sequence: int
    stamp: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    uid: str
    attendee: str
    dates: tuple[DateReply, ...]


def read_reply(content: bytes) -> Reply:
    """The answer in this calendar object. Raises NotAReply."""
    try:
        return _reply(Calendar.from_ical(content))
    except NotAReply:
        raise
    except Exception as error:
        raise NotAReply from error


def _reply(calendar: Any) -> Reply:
    events = calendar.walk("VEVENT")
    if str(calendar.get("METHOD", "")).upper() != "REPLY" or not 0 < len(events) <= MOST_EVENTS:
        raise NotAReply
    uids = {str(event["UID"])[:LONGEST_PROPERTY] for event in events}
    attendees = {_one_attendee(event)[0] for event in events}
    if len(uids) != 1 or len(attendees) != 1:
        raise NotAReply
    return Reply(uids.pop(), attendees.pop(), tuple(_date_reply(event) for event in events))


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
