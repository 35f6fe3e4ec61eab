"""Foreign iCalendar bytes (RFC 5545) as the few lines that an import reads, under limits that no honest file meets.

Everything is counted before anything is interpreted. Zones, alarms and whatever else the house has its own of is not read at all.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from icalendar.parser import Contentline

from groupsite.domain.errors import InvalidInput

FIELD = "content"
LARGEST = 256 * 1024
"""Bytes."""
MOST_LINES = 20_000
LONGEST_LINE = 32 * 1024
"""Characters, after unfolding (3.1)."""
DEEPEST = 5
MOST_COMPONENTS = 3000
MOST_EVENTS = 200
MOST_PROPERTIES = 500
"""Lines of one event."""
METHODS = {"", "PUBLISH", "REQUEST"}
"""Whatever else stands there is a message about a meeting, not the meeting (RFC 5546, 1.4)."""

READ = {
    "UID", "SEQUENCE", "STATUS", "CLASS", "SUMMARY", "LOCATION", "URL", "CONFERENCE", "DESCRIPTION", "DTSTART", "DTEND", "DURATION",
    "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL",
}  # fmt: skip
PEOPLE = "Names and addresses of people, descriptions and comments are not read: they may say who comes."
ALARMS = "Alarms are left out. Here each member chooses reminders."
FILES = "Attached files and pictures are left out."
OTHERS = "Tasks, notes and busy times are left out. Only meetings can be brought in."
LEFT_OUT_LINES = {
    **dict.fromkeys(("ATTENDEE", "ORGANIZER", "CONTACT", "COMMENT", "DESCRIPTION", "X-ALT-DESC"), PEOPLE),
    **dict.fromkeys(("ATTACH", "IMAGE"), FILES),
}
LEFT_OUT_PARTS = {"VALARM": ALARMS, **dict.fromkeys(("VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY"), OTHERS)}

_START = re.compile(r"^BEGIN:VCALENDAR[ \t]*$", re.IGNORECASE | re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9-]+")
_COMPRESSED = (b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Property:
    """One content line. `value` as it stands, its escapes kept; parameters by their name in capitals."""

    value: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class RawEvent:
    """The lines of one VEVENT that an import reads, by their name."""

    lines: dict[str, list[Property]] = field(default_factory=dict)
    size: int = 0

    def all(self, name: str) -> list[Property]:
        return self.lines.get(name, [])

    def first(self, name: str) -> Property | None:
        return next(iter(self.all(name)), None)

    def value(self, name: str) -> str:
        """What the first line of this name holds, or nothing."""
        return (self.first(name) or Property("")).value.strip()

    @property
    def is_cancelled(self) -> bool:
        return self.value("STATUS").upper() == "CANCELLED"

    @property
    def version(self) -> int:
        """SEQUENCE (3.8.7.4); 0 where it is missing or no number."""
        found = self.value("SEQUENCE")
        return int(found) if re.fullmatch(r"[0-9]{1,9}", found) else 0


@dataclass(slots=True)
class RawCalendar:
    """`places` says which IANA zone a VTIMEZONE names beside its TZID; `notes` what was passed over, as whole sentences."""

    events: list[RawEvent] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)


def refusal(reason: str) -> InvalidInput:
    """The one error of an import: the whole file is refused, and why."""
    return InvalidInput(FIELD, reason)


def read_lines(content: bytes) -> RawCalendar:
    """Every event of the file, in its order. Raises InvalidInput("content", ...) when it is no calendar or too much of one."""
    walk = _Walk()
    for line in _unfolded(_text(content)):
        walk.take(line)
    return walk.finished()


def _text(content: bytes) -> str:
    """The file as text, from its first BEGIN:VCALENDAR on."""
    if not content.strip():
        raise refusal("There is nothing in it yet. Choose a calendar file, or paste its text.")
    if content.startswith(_COMPRESSED):
        raise refusal("This file is packed. Open it, and choose the .ics file inside.")
    if len(content) > LARGEST:
        raise refusal(
            f"This is larger than {LARGEST // 1024} kB. Export only the calendar of this group, or fewer events."
        )
    if content.startswith(_UTF_16) or b"\0" in content:
        raise refusal("This is not plain text in UTF-8. Export the calendar again as an .ics file.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refusal("This is not plain text in UTF-8. Export the calendar again as an .ics file.") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    start = _START.search(text)
    if start is None and text.lstrip().startswith("<"):
        raise refusal("This is a web page, not a calendar. Look there for a link to export or download an .ics file.")
    if start is None:
        raise refusal(
            "This is not a calendar. The text of one has a line BEGIN:VCALENDAR: copy everything from there on."
        )
    return text[start.start() :]


def _unfolded(text: str) -> Iterator[str]:
    if text.count("\n") > MOST_LINES:
        raise refusal(f"It has more than {MOST_LINES} lines. Export fewer events.")
    for line in re.sub(r"\n[ \t]", "", text).split("\n"):
        if len(line) > LONGEST_LINE:
            raise refusal(
                "One of its lines is far too long; often that is a picture. Export it without attached files."
            )
        if line.strip():
            yield line


class _Walk:
    """Goes through the lines once and knows only in which component it stands."""

    def __init__(self) -> None:
        self.calendar = RawCalendar()
        self.open: list[str] = []
        self.components = 0
        self.zone = self.zone_place = ""

    def take(self, line: str) -> None:
        found = _NAME.match(line)
        name = found[0].upper() if found else ""
        if name in {"BEGIN", "END"}:
            self._turn(name, line.partition(":")[2].strip().upper())
        elif self.open == ["VCALENDAR", "VEVENT"]:
            self._take_of_event(name, line)
        elif self.open == ["VCALENDAR", "VTIMEZONE"]:
            self._take_of_zone(name, line)
        elif self.open == ["VCALENDAR"] and name == "METHOD":
            self._check_method(line)

    def finished(self) -> RawCalendar:
        if self.open:
            raise refusal("The file stops in the middle. Export it again, or copy it up to its last END:VCALENDAR.")
        if not self.calendar.events:
            raise refusal("There is no meeting in this calendar.")
        return self.calendar

    def _turn(self, name: str, component: str) -> None:
        if name == "BEGIN":
            self._enter(component)
            return
        if not self.open or self.open.pop() != component:
            raise refusal("The file is damaged: its parts do not end where they should. Export it again.")
        if component == "VTIMEZONE" and self.zone:
            self.calendar.places[self.zone] = self.zone_place

    def _enter(self, component: str) -> None:
        self.open.append(component)
        self.components += 1
        if len(self.open) > DEEPEST or self.components > MOST_COMPONENTS:
            raise refusal("The file has too many parts inside each other. Export fewer events.")
        if component in LEFT_OUT_PARTS:
            self.calendar.note(LEFT_OUT_PARTS[component])
        if component == "VTIMEZONE":
            self.zone = self.zone_place = ""
        if self.open == ["VCALENDAR", "VEVENT"]:
            self.calendar.events.append(RawEvent())
            if len(self.calendar.events) > MOST_EVENTS:
                raise refusal(f"It has more than {MOST_EVENTS} events. Export only the calendar of this group.")

    def _take_of_event(self, name: str, line: str) -> None:
        event = self.calendar.events[-1]
        event.size += 1
        if event.size > MOST_PROPERTIES:
            raise refusal(f"One of its events has more than {MOST_PROPERTIES} lines. Export it without guests.")
        if name in LEFT_OUT_LINES:
            self.calendar.note(LEFT_OUT_LINES[name])
        if name in READ:
            event.lines.setdefault(name, []).append(_property(line))

    def _take_of_zone(self, name: str, line: str) -> None:
        if name == "TZID":
            self.zone = _property(line).value.strip()
        elif name == "X-LIC-LOCATION":
            self.zone_place = _property(line).value.strip()

    def _check_method(self, line: str) -> None:
        if _property(line).value.strip().upper() not in METHODS:
            raise refusal(
                "This is an answer or a cancellation, not a calendar. Export the meeting itself from your calendar."
            )


def _property(line: str) -> Property:
    """The line in its parts. A line that the library cannot read is an empty one of its name."""
    try:
        _, parameters, value = Contentline(line).raw_parts()  # type: ignore[no-untyped-call]  # half typed
    except ValueError:
        return Property("")
    return Property(value, {str(name).upper(): _one(given) for name, given in parameters.items()})


def _one(given: object) -> str:
    return str(next(iter(given), "") if isinstance(given, list) else given)
