"""What RFC 5545, 5546, 6868 and 7986 demand of a calendar object, byte by byte, read by nothing that wrote it.

`faults` gives a sentence for each breach; an empty list is a calendar that any program may rely on.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

LONGEST = 75
PARAMETER = r';[A-Z0-9-]+=(?:"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x08\x0a-\x1f\x7f]*)(?:,(?:"[^"]*"|[^";:,]*))*'
LINE = re.compile(rf"(?P<name>[A-Z0-9-]+)(?P<parameters>(?:{PARAMETER})*):(?P<value>.*)", re.DOTALL)
UTC, LOCAL = re.compile(r"\d{8}T\d{6}Z"), re.compile(r"\d{8}T\d{6}")
DURATION = re.compile(r"P(\d+W|(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)")
NESTING = {"": {"VCALENDAR"}, "VCALENDAR": {"VEVENT", "VTIMEZONE"}, "VEVENT": {"VALARM"},
           "VTIMEZONE": {"STANDARD", "DAYLIGHT"}}  # fmt: skip
ONCE = {
    "VCALENDAR": {"PRODID", "VERSION"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE"},
    "VTIMEZONE": {"TZID"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
    "DAYLIGHT": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
    "VALARM": {"ACTION", "TRIGGER", "DESCRIPTION"},
}
MANY = {"RDATE", "EXDATE", "CONFERENCE", "RELATED-TO", "TZNAME", "ATTENDEE"}
NEVER = {
    "VEVENT": {"COMMENT", "CONTACT", "ATTACH", "EXRULE", "DTEND"},
    "STANDARD": {"RDATE"}, "DAYLIGHT": {"RDATE"}, "VALARM": {"ATTENDEE", "ATTACH"},
}  # fmt: skip
TYPED = {"REFRESH-INTERVAL": "DURATION", "SOURCE": "URI", "CONFERENCE": "URI", "IMAGE": "URI"}
TEXTS = {"SUMMARY", "LOCATION", "DESCRIPTION", "NAME", "X-WR-CALNAME", "PRODID", "UID"}
BAD_TEXT = re.compile(r"(?<!\\)(?:\\\\)*(?:[;,]|\\(?![\\;,nN]))")


@dataclass
class Property:
    name: str
    parameters: dict[str, str]
    value: str


@dataclass
class Component:
    name: str
    properties: list[Property] = field(default_factory=list)
    parts: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        return [one for one in self.properties if one.name == name]

    def one(self, name: str) -> Property:
        return next(iter(self.all(name)), Property(name, {}, ""))

    def walk(self) -> Iterator["Component"]:
        yield self
        for part in self.parts:
            yield from part.walk()


def faults(wire: bytes, *, method: str = "") -> list[str]:
    """Every breach in this object; `method` is the iTIP method that it has to have, none for what is subscribed to."""
    found = list(_line_faults(wire))
    if found:
        return found
    try:
        calendar = _tree(wire.replace(b"\r\n ", b"").decode().split("\r\n")[:-1])
    except ValueError as error:
        return [str(error)]
    found = [fault for part in calendar.walk() for fault in _component_faults(part)]
    return [*found, *_zone_faults(calendar), *_series_faults(calendar), *_method_faults(calendar, method)]


def _line_faults(wire: bytes) -> Iterator[str]:
    if not wire.endswith(b"\r\n") or wire.startswith(b"\xef\xbb\xbf"):
        yield "it does not end with CRLF, or begins with a byte order mark"
    for line in wire.removesuffix(b"\r\n").split(b"\r\n"):
        if len(line) > LONGEST:
            yield f"{len(line)} octets in a line"
        if re.search(rb"[\x00-\x1f\x7f]", line):
            yield f"a control character: {line!r}"
        try:
            line.decode()
        except UnicodeDecodeError:
            yield f"a character is cut: {line!r}"


def _tree(lines: list[str]) -> Component:
    top = Component("")
    open_ones = [top]
    for line in lines:
        found = LINE.fullmatch(line)
        if found is None:
            raise ValueError(f"no content line: {line!r}")
        if found["name"] == "BEGIN":
            if found["value"] not in NESTING.get(open_ones[-1].name, set()):
                raise ValueError(f"{found['value']} in {open_ones[-1].name}")
            open_ones[-1].parts.append(part := Component(found["value"]))
            open_ones.append(part)
        elif found["name"] == "END":
            if open_ones.pop().name != found["value"]:
                raise ValueError(f"{line} ends what is not open")
        else:
            open_ones[-1].properties.append(Property(found["name"], _parameters(found["parameters"]), found["value"]))
    if len(open_ones) != 1 or [one.name for one in top.parts] != ["VCALENDAR"] or top.properties:
        raise ValueError("it is not one calendar")
    return top.parts[0]


def _parameters(text: str) -> dict[str, str]:
    pairs = re.findall(r';([A-Z0-9-]+)=((?:"[^"]*"|[^";]*)*)', text)
    return dict(pairs)


def _component_faults(part: Component) -> Iterator[str]:
    counts = Counter(one.name for one in part.properties)
    for name in ONCE[part.name]:
        if counts[name] != 1:
            yield f"{counts[name]} times {name} in {part.name}"
    for name, count in counts.items():
        if count > 1 and name not in MANY:
            yield f"{count} times {name} in {part.name}"
        if name in NEVER.get(part.name, set()):
            yield f"{name} in {part.name}"
    for one in part.properties:
        yield from _property_faults(one)
    if part.name == "VCALENDAR" and (part.one("VERSION").value != "2.0" or not part.parts):
        yield "another version, or no component"
    if part.name == "VEVENT":
        yield from _event_faults(part)
    if part.name == "VALARM" and part.one("ACTION").value != "DISPLAY":
        yield "an alarm that is no note on the screen"


def _property_faults(one: Property) -> Iterator[str]:
    if one.name in TYPED and one.parameters.get("VALUE") != TYPED[one.name]:
        yield f"{one.name} without its VALUE"
    if one.name in TEXTS and BAD_TEXT.search(one.value):
        yield f"TEXT is not escaped: {one.name}:{one.value}"
    if one.name == "CONFERENCE" and '"' in one.parameters.get("FEATURE", ""):
        yield "FEATURE is quoted: one unknown value instead of two"
    if one.name in {"DTSTAMP", "CREATED", "LAST-MODIFIED"} and not UTC.fullmatch(one.value):
        yield f"{one.name} is not in UTC"
    if one.name in {"REFRESH-INTERVAL", "DURATION", "X-PUBLISHED-TTL"} and not DURATION.fullmatch(one.value):
        yield f"{one.value} is no duration"
    if one.name in {"ORGANIZER", "ATTENDEE"} and not re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", one.value):
        yield f"{one.name} is no mail address"
    if UTC.fullmatch(one.value) and "TZID" in one.parameters:
        yield f"{one.name} is in UTC and in a zone"


def _event_faults(event: Component) -> Iterator[str]:
    start, rule = event.one("DTSTART"), event.one("RRULE").value
    if not event.all("DURATION") or event.one("DURATION").value in {"P", "PT0S", "P0D"}:
        yield "an event without a length"
    if not (UTC.fullmatch(start.value) or ("TZID" in start.parameters and LOCAL.fullmatch(start.value))):
        yield "DTSTART floats, or is a day"
    until = re.search(r"UNTIL=([^;]*)", rule)
    if until and not UTC.fullmatch(until[1]):
        yield "UNTIL is not in UTC"
    if not re.fullmatch(r"\d+", event.one("SEQUENCE").value):
        yield "SEQUENCE is no number"


def _zone_faults(calendar: Component) -> Iterator[str]:
    described = [one.one("TZID").value for one in calendar.parts if one.name == "VTIMEZONE"]
    used = {one.parameters["TZID"].strip('"') for part in calendar.parts for one in part.properties
            if "TZID" in one.parameters}  # fmt: skip
    if len(described) != len(set(described)) or not used <= set(described):
        yield f"zones {sorted(used)} are used, {sorted(described)} described"
    for part in (one for zone in calendar.parts if zone.name == "VTIMEZONE" for one in zone.parts):
        if not LOCAL.fullmatch(part.one("DTSTART").value):
            yield "an observance does not begin at a local time"
        if not all(re.fullmatch(r"[+-]\d{4}", part.one(name).value) for name in ("TZOFFSETFROM", "TZOFFSETTO")):
            yield "an offset is none"
    if any(zone.name == "VTIMEZONE" and not zone.parts for zone in calendar.parts):
        yield "a zone without an observance"


def _series_faults(calendar: Component) -> Iterator[str]:
    events = [one for one in calendar.parts if one.name == "VEVENT"]
    keys = Counter((one.one("UID").value, one.one("RECURRENCE-ID").value) for one in events)
    yield from (f"{count} events for one date" for count in keys.values() if count > 1)
    rules = {one.one("UID").value: one.one("DTSTART") for one in events if not one.all("RECURRENCE-ID")}
    for event in events:
        start = rules.get(event.one("UID").value, event.one("DTSTART"))
        if event.all("RECURRENCE-ID") and any(event.all(name) for name in ("RRULE", "RDATE", "EXDATE")):
            yield "one date has a rule"
        for one in (one for name in ("RECURRENCE-ID", "RDATE", "EXDATE") for one in event.all(name)):
            same_kind = all(bool(UTC.fullmatch(v)) == bool(UTC.fullmatch(start.value)) for v in one.value.split(","))
            if one.parameters != start.parameters or not same_kind:
                yield f"{one.name} is written otherwise than DTSTART"


def _method_faults(calendar: Component, method: str) -> Iterator[str]:
    events = [one for one in calendar.parts if one.name == "VEVENT"]
    if calendar.one("METHOD").value != method:
        yield f"its method is {calendar.one('METHOD').value or 'none'}"
    if method and not events:
        yield "a message about nothing"
    for event in events:
        people = [event.all(name) for name in ("ORGANIZER", "ATTENDEE")]
        if [len(one) for one in people] != ([1, 1] if method else [0, 0]):
            yield "people are named who must not be, or not who must"
        if not method and not event.all("LAST-MODIFIED"):
            yield "nobody can tell when it changed"
        if not method and event.one("DTSTAMP").value != event.one("LAST-MODIFIED").value:
            yield "DTSTAMP is not the last change"
        if method and (event.parts or len({one.one("UID").value for one in events}) != 1):
            yield "a message with an alarm, or about more than one series"
        yield from _answer_faults(event, method)


def _answer_faults(event: Component, method: str) -> Iterator[str]:
    status, attendee = event.one("STATUS").value, event.one("ATTENDEE").parameters
    if method == "REQUEST" and (status not in {"CONFIRMED", "TENTATIVE"} or attendee.get("RSVP") != "TRUE"):
        yield "an invite that cannot be answered"
    if method and attendee.get("PARTSTAT") != "NEEDS-ACTION":
        yield "an answer is put into somebody's mouth"
    if method == "CANCEL" and event.all("RECURRENCE-ID") and (status != "CANCELLED" or event.all("RRULE")):
        yield "a date is called off without saying so"
