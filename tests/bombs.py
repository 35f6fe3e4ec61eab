"""Hostile calendar files, each read in a process of its own that may use 2 s of CPU and 64 MiB more than before.

`python -m tests.bombs` reads them all and writes what became of each as JSON; the limits are the kernel's.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import shake_256
from pathlib import Path

from groupsite.domain.cadence import describe
from groupsite.domain.errors import InvalidInput
from groupsite.domain.recurrence import next_occurrences
from groupsite.formats.ical_import import read_calendar

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECONDS = 2
ROOM = 64 * 1024 * 1024
PAGE = resource.getpagesize()
ROOMY = 250 * 1024
"""Just below the size at which a file is refused unread."""


@dataclass(frozen=True)
class Outcome:
    """`said` is why the file, or else each of its series, was refused; empty for a series that would be brought in."""

    name: str
    said: list[str]
    seconds: float
    kibibytes: int
    """More than before."""


def event(*lines: str, uid: str = "1") -> str:
    usual = [f"UID:{uid}", "SUMMARY:Evening", "DTSTART;TZID=Europe/London:20261201T190000", "DURATION:PT1H"]
    return "\r\n".join(["BEGIN:VEVENT", *usual, *lines, "END:VEVENT"])


def calendar(*parts: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""]).encode()


def _nested(count: int) -> bytes:
    return calendar("BEGIN:VEVENT\r\n" * count + "END:VEVENT\r\n" * count)


def _exdates(count: int) -> str:
    first = datetime(2026, 12, 1, 19)
    return "EXDATE;TZID=Europe/London:" + ",".join(
        f"{first + timedelta(days=number % 3000):%Y%m%dT%H%M%S}" for number in range(count)
    )


def _spread(line: Callable[[int], str], count: int) -> bytes:
    return calendar(*(event(line(number), uid=str(number)) for number in range(count)))


def _changes(rule: str) -> bytes:
    """As many changed dates as fit, far apart, under a rule that has to be walked from its start."""
    changed = [
        event(f"RECURRENCE-ID;TZID=Europe/London:{2027 + number % 170}1201T190000", "SEQUENCE:1")
        for number in range(199)
    ]
    return calendar(event(f"RRULE:{rule}"), *changed)


def _full(line: str) -> bytes:
    return calendar(event("\r\n".join([line] * (ROOMY // (len(line) + 2)))))


BOMBS: dict[str, Callable[[], bytes]] = {
    "secondly": lambda: calendar(event("RRULE:FREQ=SECONDLY")),
    "secondly, counted": lambda: calendar(event("RRULE:FREQ=SECONDLY;COUNT=1000000000")),
    "never": lambda: _spread(lambda number: f"RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT={number + 1}", 20),
    "never, by months": lambda: _spread(lambda number: f"RRULE:FREQ=MONTHLY;BYMONTHDAY=31;BYSETPOS={number + 9}", 20),
    "never, by weeks": lambda: _spread(lambda number: f"RRULE:FREQ=WEEKLY;BYDAY=MO;BYSETPOS={number + 2}", 20),
    "beyond the year": lambda: calendar(event("RRULE:FREQ=YEARLY;BYDAY=39SU;BYMONTH=7")),
    "million of exdates": lambda: calendar(event("RRULE:FREQ=DAILY", _exdates(1_000_000))),
    "line of exdates": lambda: calendar(event("RRULE:FREQ=DAILY", _exdates(15_000))),
    "lines of exdates": lambda: calendar(event("RRULE:FREQ=DAILY", *[_exdates(1500)] * 9)),
    "lines of rdates": lambda: calendar(event(*(f"RDATE:{2027 + one % 170}1215T{one % 24:02}0000Z" for one in range(490)))),
    "changes by days": lambda: _changes("FREQ=DAILY"),
    "changes by months": lambda: _changes("FREQ=MONTHLY;BYDAY=1TU"),
    "changes of a counted rule": lambda: _changes("FREQ=DAILY;COUNT=5000"),
    "one line of 10 MB": lambda: calendar(event("X-LONG:" + "x" * 10_000_000)),
    "one long line": lambda: calendar(event("DESCRIPTION:" + "https://zoom.us/j/" * 13_000)),
    "links": lambda: calendar(event(*["DESCRIPTION:" + "https://a@zoom.us/j/1 " * 1400] * 8)),
    "commas": lambda: calendar(event(*["LOCATION:" + "1," * 15_000] * 8, "RRULE:FREQ=DAILY")),
    "100,000 nested": lambda: _nested(100_000),
    "nested": lambda: _nested(8000),
    "100,000 alarms": lambda: calendar(event("BEGIN:VALARM\r\nEND:VALARM\r\n" * 100_000)),
    "alarms": lambda: calendar(event("BEGIN:VALARM\r\nEND:VALARM\r\n" * 9000)),
    "repeating alarm": lambda: calendar(event("BEGIN:VALARM", "TRIGGER:-PT1S", "REPEAT:999999999", "DURATION:PT1S", "END:VALARM")),
    "begins": lambda: b"BEGIN:VCALENDAR\r\n" * 1_000_000,
    "begins of anything": lambda: b"BEGIN:VCALENDAR\r\n" + b"BEGIN:A\n" * 30_000,
    "zones": lambda: calendar("\r\n".join(["BEGIN:VTIMEZONE\r\nTZID:X\r\nEND:VTIMEZONE"] * 5000), event()),
    "zone by seconds": lambda: calendar(
        "BEGIN:VTIMEZONE", "TZID:Europe/London", "BEGIN:STANDARD", "DTSTART:16010101T000000", "RRULE:FREQ=SECONDLY",
        "TZOFFSETFROM:+0000", "TZOFFSETTO:+2359", "END:STANDARD", "END:VTIMEZONE", event("RRULE:FREQ=SECONDLY")),
    "properties": lambda: _full("SUMMARY:x"),
    "quotes": lambda: calendar(event('SUMMARY;X="' + '"",' * 10_000 + '":x')),
    "10,000 events": lambda: _spread(lambda _number: "RRULE:FREQ=DAILY", 10_000),
    "events": lambda: _spread(lambda _number: "RRULE:FREQ=DAILY", 200),
    "NUL bytes": lambda: b"\0" * 100_000,
    "NUL in a calendar": lambda: calendar(event("LOCATION:Hall\0")),
    "deep folding": lambda: b"BEGIN:VCALENDAR" + b"\r\n " * 80_000,
    "folded line": lambda: calendar(event("SUMMARY:" + "\r\n x" * 12_000)),
    "zip": lambda: b"PK\x03\x04" + shake_256(b"zip").digest(50_000),
    "UTF-16": lambda: b"\xff\xfe" + calendar(event()).decode().encode("utf-16-le"),
    "UTF-16 without a mark": lambda: calendar(event()).decode().encode("utf-16-be"),
    "empty": lambda: b"",
    "blank": lambda: b" \r\n" * 10,
    "invalid UTF-8": lambda: calendar(event("LOCATION:Caf")) + b"\xe9\xff",
    "random bytes": lambda: shake_256(b"noise").digest(200_000).replace(b"\0", b""),
    "web page": lambda: b"<!doctype html><html><head><title>Calendar</title></head><body>BEGIN:VEVENT</body></html>",
}  # fmt: skip


def in_a_child(name: str, content: bytes, said_of: Callable[[bytes], list[str]]) -> Outcome:
    """Read it in a fork of this process, which dies when it takes more than it may."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.write(writing, json.dumps(asdict(_limited(name, content, said_of))).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        written = told.read()
    _, status = os.waitpid(child, 0)
    return Outcome(**json.loads(written)) if written else Outcome(name, [f"It died: {status}"], -1, -1)


def _limited(name: str, content: bytes, said_of: Callable[[bytes], list[str]]) -> Outcome:
    began, before = time.process_time(), _resident_peak()
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + ROOM,) * 2)
    said = said_of(content)
    return Outcome(name, said, time.process_time() - began, _resident_peak() - before)


def _said_of(content: bytes) -> list[str]:
    try:
        found = read_calendar(content, "Europe/London", now=NOW)
        for one in found.series:
            if one.draft:
                describe(one.draft.schedule)
                next_occurrences(one.draft.schedule, NOW, 10)
        return [one.reason for one in found.series]
    except InvalidInput as refused:
        return [refused.reason]


def _address_space() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * PAGE


def _resident_peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    read_calendar(calendar(event("RRULE:FREQ=WEEKLY")), "Europe/London", now=NOW)
    outcomes = [asdict(in_a_child(name, made(), _said_of)) for name, made in BOMBS.items()]
    json.dump(outcomes, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
