"""Every calendar object that we write is one by the letter, whatever people have typed; and the letter is really checked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groupsite.domain.answers import Answers
from groupsite.domain.recurrence import touched_dates
from groupsite.domain.schedule import Override, Schedule, Venue
from groupsite.domain.words import Answer, OccurrenceStatus, OverrideAction
from groupsite.formats import imip
from groupsite.formats.calendar_series import CalendarSeries, discreet
from groupsite.formats.ical import calendar, series_block
from groupsite.formats.ical_personal import Voice, personal_block
from groupsite.formats.imip import Parties
from tests.conformance import faults
from tests.sample import SampleSeries, sample_series

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PARTIES = Parties("notes+abc@evenings.example", "Dates", "marisol@example.org")
HOSTILE = {
    "marks": "Tea; cake, and \\ more: \"quoted\" 'so'",
    "lines": "One\nTwo\r\nThree\rFour",
    "an event": "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:mine",
    "nothing": "a\x00b\x07c\x1b[31md\x7fe",
    "other ends of lines": "a\u2028b\u2029c\x85d\x0be\x0cf",
    "right to left": "شاي \u202eevil\u202c עם \u200f נענע",
    "pictures": "👩‍👩‍👧‍👦" * 20,
    "long words": "ü" * 200,
    "backslash at the end": "a" * 60 + "\\" * 9,
    "parameters": ';TZID="x":y',
    "spaces": "  a   b\tc  ",
    "another script": "日本語の集まり、" * 12,
}


def objects(schedule: Schedule) -> Iterator[tuple[str, bytes]]:
    """Everything that we write about this series, and the method that each has."""
    full = CalendarSeries("0f8fad5b@dates.invalid", schedule, 3, NOW, NOW, prefix=schedule.title[::-1],
                          url="https://evenings.example/groups/a", replaces_uid="1@dates.invalid")  # fmt: skip
    bare = discreet(full, uid="1a2b@dates.invalid", title=schedule.title)
    zones = [(schedule.timezone, schedule.dtstart_local.year)]
    voice = Voice("9@dates.invalid", NOW, lambda _: timedelta(hours=1), alarm_minutes=30,
                  answers=Answers({schedule.dtstart_local + timedelta(weeks=12): Answer.GOING}, Answer.NOT_THIS_TIME))  # fmt: skip
    spoken = replace(voice, way_in="https://evenings.example/calendar/in/" + "x" * 64)
    for block in (
        series_block(full, now=NOW),
        series_block(bare, now=NOW),
        personal_block(series_block(full, now=NOW), spoken),
        personal_block(series_block(bare, now=NOW), replace(voice, title=schedule.title)),
        personal_block(series_block(bare, now=NOW), replace(voice, title="Busy", shows_cancelled=False)),
    ):
        yield "", calendar([block], zones, name=schedule.title, maker=schedule.title)
    parties = replace(PARTIES, organizer_name=schedule.title)
    for told in (full, bare):
        yield "REQUEST", imip.request(told, parties, now=NOW)
        yield "CANCEL", imip.withdraw(told, parties, now=NOW)
        for one in touched_dates(told.schedule):
            if one.status is OccurrenceStatus.CANCELLED:
                yield "CANCEL", imip.cancel_date(told, one, parties, now=NOW)


@pytest.mark.parametrize("series", sample_series(), ids=str)
def test_every_object_keeps_to_the_letter(series: SampleSeries) -> None:
    written = list(objects(series.schedule))
    assert [faults(wire, method=method) for method, wire in written] == [[]] * len(written)
    assert len(written) >= 9


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_every_object_keeps_to_the_letter_whatever_was_typed(words: str) -> None:
    schedule = sample_series()[0].schedule
    later = schedule.dtstart_local + timedelta(weeks=10)
    hostile = replace(
        schedule,
        title=words,
        venue=Venue(words, words, words),
        overrides=(
            Override(OverrideAction.RETITLE, later, title=words, public_note=words),
            Override(OverrideAction.CANCEL, later + timedelta(weeks=1), public_note=words),
        ),
    )
    written = list(objects(hostile))
    assert [faults(wire, method=method) for method, wire in written] == [[]] * len(written)
    assert sum(wire.count(b"BEGIN:VEVENT\r\n") for _, wire in written) == sum(
        wire.count(b"\r\nUID:") for _, wire in written
    )


def test_calendar_without_a_series_is_one_still() -> None:
    assert faults(calendar([], [], name="Dates")) == []


GOOD = next(wire for _, wire in objects(sample_series()[0].schedule))
ASKED = next(wire for method, wire in objects(sample_series()[0].schedule) if method == "REQUEST")
MAIL_ALARM = b"BEGIN:VALARM\r\nACTION:EMAIL\r\nTRIGGER:-PT5M\r\nDESCRIPTION:x\r\nEND:VALARM\r\n"
BROKEN = {
    "bare line feeds": (b"\r\n", b"\n"),
    "no end": (b"END:VCALENDAR\r\n", b""),
    "no end of line": (b"END:VCALENDAR\r\n", b"END:VCALENDAR"),
    "a long line": (b"STATUS:CONFIRMED", b"STATUS:CONFIRMED" + b"x" * 80),
    "half a character": (b"STATUS:CONFIRMED", b"X-A:\xc3\r\n \xbc"),
    "a control character": (b"STATUS:CONFIRMED", b"X-A:\x07"),
    "no version": (b"VERSION:2.0\r\n", b""),
    "two versions": (b"VERSION:2.0\r\n", b"VERSION:2.0\r\nVERSION:2.0\r\n"),
    "no stamp": (b"DTSTAMP:", b"X-STAMP:"),
    "no length": (b"DURATION:PT", b"X-LENGTH:PT"),
    "an untyped interval": (b"REFRESH-INTERVAL;VALUE=DURATION:", b"REFRESH-INTERVAL:"),
    "a wrong interval": (b"TTL:PT1H", b"TTL:P1H"),
    "a bare comma": (b"SUMMARY:", b"SUMMARY:a, "),
    "a bare backslash": (b"SUMMARY:", b"SUMMARY:a\\x "),
    "an unknown zone": (b"TZID:America/New_York", b"TZID:New York"),
    "a floating start": (b"DTSTART;TZID=America/New_York:2026", b"DTSTART:2026"),
    "UTC in a zone": (b"T190000\r\nDURATION", b"T190000Z\r\nDURATION"),
    "a change in another zone": (b"RECURRENCE-ID;TZID=America/New_York", b"RECURRENCE-ID;TZID=Europe/London"),
    "a change in UTC": (b"RECURRENCE-ID;TZID=America/New_York:20261103T190000", b"RECURRENCE-ID:20261104T000000Z"),
    "a method": (b"VERSION:2.0\r\n", b"VERSION:2.0\r\nMETHOD:PUBLISH\r\n"),
    "an attendee": (b"STATUS:CONFIRMED", b"ATTENDEE:mailto:x@example.org\r\nSTATUS:CONFIRMED"),
    "a comment": (b"STATUS:CONFIRMED", b"COMMENT:x\r\nSTATUS:CONFIRMED"),
    "an old stamp": (b"LAST-MODIFIED:2026", b"LAST-MODIFIED:2025"),
    "a list of changes": (b"END:STANDARD", b"RDATE:20270101T000000\r\nEND:STANDARD"),
    "an alarm by mail": (b"END:VEVENT", MAIL_ALARM + b"END:VEVENT"),
}  # fmt: skip
BROKEN_INVITES = {
    "two attendees": (
        b"\r\nORGANIZER",
        b"\r\nATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:y@example.org\r\nORGANIZER",
    ),
    "no way to answer": (b";RSVP=TRUE", b""),
    "an answer given": (b"PARTSTAT=NEEDS-ACTION", b"PARTSTAT=ACCEPTED"),
    "no method": (b"METHOD:REQUEST\r\n", b""),
    "a cancelled date": (b"STATUS:CONFIRMED", b"STATUS:CANCELLED"),
    "an organizer without a scheme": (b":mailto:notes", b":notes"),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_breach_is_seen(change: tuple[bytes, bytes]) -> None:
    broken = GOOD.replace(*change)
    assert broken != GOOD
    assert faults(broken)


@pytest.mark.parametrize("change", BROKEN_INVITES.values(), ids=BROKEN_INVITES)
def test_breach_of_an_invite_is_seen(change: tuple[bytes, bytes]) -> None:
    unfolded = ASKED.replace(b"\r\n ", b"")
    broken = unfolded.replace(*change)
    assert broken != unfolded
    lines = [line[:70] + b"\r\n " + line[70:140] + b"\r\n " + line[140:] if len(line) > 140 else
             line[:70] + b"\r\n " + line[70:] if len(line) > 70 else line for line in broken.split(b"\r\n")]  # fmt: skip
    assert faults(b"\r\n".join(lines), method="REQUEST")
