"""Hostile mails, each read in a process of its own that may use 2 s of CPU (tests/bombs.py): as an answer, and as a bounce.

`python -m tests.mail_bombs` writes what became of each as JSON.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict

from groupsite.formats import bounce, incoming
from groupsite.formats.imip_reply import NotAReply, read_reply
from groupsite.formats.incoming import LARGEST_CALENDAR, LARGEST_MAIL, TooLarge, Unreadable
from tests.bombs import in_a_child

HEADERS = (
    "From",
    "To",
    "Cc",
    "Delivered-To",
    "X-Original-To",
    "Subject",
    "Return-Path",
    "Authentication-Results",
    "Content-Type",
)
STUFF = (
    '"',
    "(",
    "<",
    "\\",
    "[",
    ",",
    "@",
    ":;",
    "a,",
    '"",',
    "=?utf-8?q?a?= ",
    "=?",
    "<@a:",
    "a@b,",
    ";",
    ';"',
    "; a=b",
    "; a*1=b",
)
FULL = LARGEST_MAIL - 1000
CALENDAR = b"Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:1\n"
MULTIPART = b"Content-Type: multipart/mixed; boundary=a%d\n\n"


def _header(name: str, stuff: str, length: int) -> bytes:
    begun = {"Content-Type": "text/calendar; a="}.get(name, "")
    return f"{name}: {begun}{stuff * (length // len(stuff))}\n\n".encode()


def _again(line: bytes, length: int = FULL) -> bytes:
    return line * (length // len(line))


def _nested(depth: int, kind: bytes = MULTIPART) -> bytes:
    return b"".join((b"--a%d\n" % (one - 1) if one else b"") + kind % one for one in range(depth)) + _again(
        b"x\n", 400_000
    )


def _in_a_calendar(line: bytes) -> bytes:
    return CALENDAR + line[: LARGEST_CALENDAR - 200] + b"\nEND:VEVENT\nEND:VCALENDAR\n"


REPORT = b"Content-Type: multipart/report; boundary=a\n\n"
BOMBS: dict[str, Callable[[], bytes]] = {
    **{
        f"{name} of {stuff} to {length}": lambda name=name, stuff=stuff, length=length: _header(name, stuff, length)  # type: ignore[misc]
        for name in HEADERS for stuff in STUFF for length in (4000, 200_000)
    },
    **{f"many {name}": lambda name=name: _again(f"{name}: a@b, a@b\n".encode()) + b"\n" for name in HEADERS},  # type: ignore[misc]
    "20,000 recipients": lambda: b"To: " + b", ".join(b"notes+%d@x.example" % one for one in range(20_000)) + b"\n\n",
    "folded recipients": lambda: b"To: " + b",\n ".join(b"notes+%d@x.example" % one for one in range(20_000)) + b"\n\n",
    "many headers": lambda: _again(b"X-A: b\r\n") + b"\r\n",
    "headers without an end": lambda: _again(b"a:\n"),
    "headers of a part": lambda: REPORT + b"--a\n" + _again(b"a:\n") + b"\n",
    "long header of a part": lambda: REPORT + b"--a\n" + _header("Content-Type", '"', 200_000),
    "parts with long headers": lambda: REPORT + _again(b"--a\n" + _header("Content-Type", ';"', 4000)),
    "parts with short headers": lambda: REPORT + _again(b"--a\nContent-Type: text/plain\n\nx\n"),
    "parts of nothing": lambda: REPORT + _again(b"--a\n"),
    "deep, few lines": lambda: _nested(500)[:-390_000],
    "deep": lambda: _nested(150),
    "not so deep": lambda: _nested(30),
    "deep mails": lambda: _again(b"Content-Type: message/rfc822\n\n"),
    "deep reports": lambda: _again(b"Content-Type: message/delivery-status\n\n", 90_000) + _again(b"x\n", 400_000),
    "blocks": lambda: b"Content-Type: message/delivery-status\n\n" + _again(b"Action: failed\n\n", 70_000),
    "many blocks": lambda: b"Content-Type: message/delivery-status\n\n" + _again(b"Action: failed\n\n"),
    "blank lines": lambda: REPORT + b"\n" * FULL,
    "long boundary": lambda: b"Content-Type: multipart/mixed; boundary=" + b"a" * 200_000 + b"\n\n" + _again(b"--a\n", 200_000),
    "boundary without an end": lambda: b'Content-Type: multipart/mixed; boundary="a\n\n' + b"--a\n" * 900,
    "dashes": lambda: REPORT + b"-" * FULL,
    "base64": lambda: CALENDAR.replace(b"\n\n", b"\nContent-Transfer-Encoding: base64\n\n") + b"=" * 400_000,
    "quoted-printable": lambda: CALENDAR.replace(b"\n\n", b"\nContent-Transfer-Encoding: quoted-printable\n\n") + b"=" * 400_000,
    "uuencoded": lambda: CALENDAR.replace(b"\n\n", b"\nContent-Transfer-Encoding: x-uuencode\n\nbegin 1 a\n") + b"M" * 400_000,
    "brackets": lambda: b"Subject: failure notice\n\n" + b"<" * 500_000,
    "brackets after the words of a program": lambda: b"From: postmaster@x\n\nThis is the qmail-send\n\n" + b"<a" * 200_000,
    "spaces": lambda: b"Subject: x\n\nmessage from" + b" " * 400_000,
    "ats": lambda: b"Subject: x\n\ndid not reach the following recipient(s):\n" + b"a@" * 200_000,
    "long line of dashes": lambda: b"Subject: x\n\n" + b"-" * 400_000,
    "codes": lambda: b"X-Failed-Recipients: a@b.example\n\n" + b"5.1.1" * 90_000,
    "failed recipients": lambda: b"X-Failed-Recipients: " + b"<a@b.example>, " * 30_000 + b"\n\n",
    "calendar of quotes": lambda: _in_a_calendar(b'SUMMARY;X="' + b'",' * 40_000),
    "calendar of parameters": lambda: _in_a_calendar(b"SUMMARY" + b";X=1" * 20_000 + b":x"),
    "calendar of properties": lambda: _in_a_calendar(b"A:\n" * 30_000),
    "calendar of attendees": lambda: _in_a_calendar(b"ATTENDEE:mailto:a@b\n" * 4000),
    "calendar of rules": lambda: _in_a_calendar(b"RRULE:FREQ=SECONDLY;" + b"BYHOUR=1,2;" * 5000),
    "calendar of dates": lambda: _in_a_calendar(b"EXDATE:" + b"20261201T190000Z," * 4000),
    "calendar of folds": lambda: _in_a_calendar(b"SUMMARY:" + b"\n " * 30_000),
    "calendar of components": lambda: _in_a_calendar(b"BEGIN:A\n" * 8000),
    "calendar of zones": lambda: _in_a_calendar(b"BEGIN:VTIMEZONE\nTZID:X\nEND:VTIMEZONE\n" * 1600),
    "calendar of a zone by seconds": lambda: _in_a_calendar(
        b"END:VEVENT\nBEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:00010101T000000\nRRULE:FREQ=SECONDLY\nTZOFFSETFROM:+0000\n"
        b"TZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nDTSTART;TZID=X:20261201T190000"
    ),
    "NUL bytes": lambda: b"\0" * FULL,
    "carriage returns": lambda: b"From: a@b\r\n\r\n" + b"\r" * (FULL - 100),
    "noise": lambda: bytes(range(256)) * (FULL // 256),
}  # fmt: skip


def as_answer(raw: bytes) -> list[str]:
    try:
        mail = incoming.read(raw)
        if mail.calendar is not None:
            read_reply(mail.calendar)
    except (Unreadable, TooLarge, NotAReply) as refused:
        return [type(refused).__name__]
    return [f"{len(mail.roles)} roles"]


def as_bounce(raw: bytes) -> list[str]:
    try:
        return [f"fault: {bounce.read(raw).fault}"]
    except (Unreadable, TooLarge) as refused:
        return [type(refused).__name__]


READERS = {"answer": as_answer, "bounce": as_bounce}


def main() -> None:
    for said_of in READERS.values():
        said_of(_in_a_calendar(b"DTSTAMP:20261124T090000Z\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b"))
    outcomes = [
        in_a_child(f"{name} as {kind}", made(), READERS[kind]) for name, made in BOMBS.items() for kind in READERS
    ]
    json.dump([asdict(one) for one in outcomes], sys.stdout, indent=1)


if __name__ == "__main__":
    main()
