"""Answers as calendar programs send them, written here in the style of each: who sends it to whom, and what it says."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import cast

from icalendar import Calendar

from tests.plugins.application import MORNING

LATER = MORNING + timedelta(minutes=10)
HER = "marisol@example.org"
TONIGHT = ";TZID=America/New_York:20261124T190000"


@dataclass(frozen=True)
class Invitation:
    """What the program knows from the invite that it answers."""

    uid: str
    organizer: str
    attendee: str
    start: str
    """DTSTART as it stands: `;TZID=...:20261124T190000`."""

    @classmethod
    def of(cls, mail: EmailMessage) -> "Invitation":
        part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
        wire = cast("bytes", part.get_payload(decode=True))
        event = Calendar.from_ical(wire).walk("VEVENT")[0]
        start = next(line for line in wire.decode().splitlines() if line.startswith("DTSTART;TZID"))
        return cls(str(event["UID"]), str(event["ORGANIZER"]), str(event["ATTENDEE"]), start.removeprefix("DTSTART"))

    @property
    def recipient(self) -> str:
        return self.organizer.removeprefix("mailto:")


def event_lines(invitation: Invitation, partstat: str, stamp: datetime, **said: str) -> list[str]:
    """A VEVENT of a reply; `said` sets or, when empty, leaves out a property (underscores for hyphens)."""
    usual = {
        "UID": f":{invitation.uid}",
        "DTSTAMP": f":{stamp:%Y%m%dT%H%M%SZ}",
        "SEQUENCE": ":0",
        "ORGANIZER": f":{invitation.organizer}",
        "ATTENDEE": f";PARTSTAT={partstat}:{invitation.attendee}",
        "SUMMARY": ":Library hour",
        "COMMENT": ":I am ill and he must not know",
    }
    properties = usual | {name.replace("_", "-"): value for name, value in said.items()}
    return ["BEGIN:VEVENT", *(f"{name}{value}" for name, value in properties.items() if value), "END:VEVENT"]


def reply(invitation: Invitation, *events: list[str], method: str = "REPLY") -> str:
    lines = ["BEGIN:VCALENDAR", "PRODID:-//A Program//EN", "VERSION:2.0", f"METHOD:{method}"]
    return "\r\n".join([*lines, *(line for event in events for line in event), "END:VCALENDAR", ""])


def for_tonight(invitation: Invitation, partstat: str, stamp: datetime = LATER, **said: str) -> str:
    return reply(invitation, event_lines(invitation, partstat, stamp, RECURRENCE_ID=TONIGHT, **said))


def google(calendar: str, sender: str, recipient: str) -> bytes:
    """Alternative of text and text/calendar in base64, the same as application/ics."""
    mail = _mail(sender, recipient)
    mail.set_content("Somebody has accepted this invitation.")
    mail.add_alternative(calendar, subtype="calendar", params={"method": "REPLY"}, cte="base64")
    mail.add_attachment(calendar.encode(), maintype="application", subtype="ics", filename="invite.ics")
    return mail.as_bytes()


def outlook(calendar: str, sender: str, recipient: str) -> bytes:
    """Alternative with quoted-printable, and a name before the address."""
    mail = _mail(f'"A. Name, of hers" <{sender}>', recipient)
    mail.set_content("")
    mail.add_alternative(calendar, subtype="calendar", params={"method": "REPLY"}, cte="quoted-printable")
    return mail.as_bytes()


def apple(calendar: str, sender: str, recipient: str) -> bytes:
    """The calendar alone, as the whole body."""
    mail = _mail(sender, recipient)
    mail.set_content(calendar, subtype="calendar", params={"method": "REPLY"}, cte="7bit")
    return mail.as_bytes()


STYLES = (google, outlook, apple)


def _mail(sender: str, recipient: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, recipient, "Accepted: Library hour"
    return mail
