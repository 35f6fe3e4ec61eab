"""A member's own version of kept lines has the same dates, and of everything else just what she chose."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import recurring_ical_events
from icalendar import Calendar

from groupsite.domain.answers import Answers
from groupsite.domain.recurrence import occurrences
from groupsite.domain.schedule import Override, Schedule
from groupsite.domain.words import Answer, OccurrenceStatus, OverrideAction
from groupsite.formats.calendar_series import CalendarSeries, discreet
from groupsite.formats.content_lines import folded, plain, text, unfolded
from groupsite.formats.ical import calendar, series_block
from groupsite.formats.ical_personal import Voice, personal_block
from tests.sample import WINDOW, SampleSeries, sample_series

NOW = datetime(2026, 8, 1, tzinfo=UTC)
EARLIER = timedelta(days=2, seconds=7)
VOICE = Voice(
    uid="mine@dates.invalid", not_before=datetime(2026, 8, 20, 8, tzinfo=UTC), earlier=lambda _original: EARLIER
)


def kept(schedule: Schedule, *, bare: bool) -> bytes:
    full = CalendarSeries("public@dates.invalid", schedule, 3, NOW, NOW, prefix="A Group", url="https://example.org/a")
    return series_block(discreet(full, uid="bare", title="") if bare else full, now=NOW)


def spoken(series: SampleSeries, voice: Voice) -> bytes:
    schedule = series.schedule
    block = personal_block(kept(schedule, bare=voice.title is not None), voice)
    return calendar([block], [(schedule.timezone, schedule.dtstart_local.year)], name="Dates")


def expanded(wire: bytes) -> list[Any]:
    return list(recurring_ical_events.of(Calendar.from_ical(wire)).between(*WINDOW))


@pytest.mark.parametrize("title", [None, "Library hour"])
@pytest.mark.parametrize("series", sample_series(), ids=str)
def test_dates_are_the_same_in_every_voice(series: SampleSeries, title: str | None) -> None:
    shown = [one for one in occurrences(series.schedule, *WINDOW) if WINDOW[0] <= one.start_utc < WINDOW[1]]
    answers = {one.original_local: Answer.GOING for one in shown[::3]}
    voice = replace(VOICE, title=title, answers=Answers(answers), alarm_minutes=30)
    seen = {(one["DTSTART"].dt.astimezone(UTC), one.get("STATUS") == "CANCELLED", one.duration)
            for one in expanded(spoken(series, voice)) if one["DTSTART"].dt >= WINDOW[0]}  # fmt: skip
    assert seen == {
        (one.start_utc, one.status is OccurrenceStatus.CANCELLED, one.end_utc - one.start_utc) for one in shown
    }


@pytest.mark.parametrize("series", sample_series(), ids=str)
def test_answer_stands_behind_the_title_of_its_date_alone(series: SampleSeries) -> None:
    shown = [one for one in occurrences(series.schedule, *WINDOW) if one.status is not OccurrenceStatus.CANCELLED]
    answers = {shown[0].original_local: Answer.GOING, shown[2].original_local: Answer.NOT_THIS_TIME}
    events = expanded(spoken(series, replace(VOICE, title="Library hour", answers=Answers(answers))))
    said = {
        one["DTSTART"].dt.astimezone(UTC): str(one["SUMMARY"]) for one in events if one.get("STATUS") == "CONFIRMED"
    }
    assert said.pop(shown[0].start_utc) == "Library hour (going)"
    assert said.pop(shown[2].start_utc) == "Library hour (not this time)"
    assert set(said.values()) == {"Library hour"}


@pytest.mark.parametrize("series", sample_series(), ids=str)
def test_ids_and_stamps_are_never_the_kept_ones(series: SampleSeries) -> None:
    wire = spoken(series, replace(VOICE, title="Busy"))
    events = Calendar.from_ical(wire).walk("VEVENT")
    stamp = VOICE.not_before - EARLIER
    assert {(str(one["UID"]), one["DTSTAMP"].dt, one["LAST-MODIFIED"].dt) for one in events} <= {
        ("mine@dates.invalid", stamp, stamp)
    }
    assert [b"public@" in wire, b"A Group" in wire, b"example.org" in wire, b"CREATED" in wire] == [False] * 4


@pytest.mark.parametrize("series", sample_series(), ids=str)
def test_cancelled_dates_can_be_left_out(series: SampleSeries) -> None:
    wire = spoken(series, replace(VOICE, shows_cancelled=False))
    held = {one.start_utc for one in occurrences(series.schedule, *WINDOW)
            if one.status is not OccurrenceStatus.CANCELLED and WINDOW[0] <= one.start_utc < WINDOW[1]}  # fmt: skip
    assert b"CANCELLED" not in wire
    assert {one["DTSTART"].dt.astimezone(UTC) for one in expanded(wire) if one["DTSTART"].dt >= WINDOW[0]} == held


def test_single_date_that_is_cancelled_can_be_left_out() -> None:
    schedule = sample_series()[0].schedule
    off = Override(OverrideAction.CANCEL, schedule.dtstart_local)
    once = kept(replace(schedule, rrule=None, overrides=(off,)), bare=False)
    assert personal_block(once, replace(VOICE, shows_cancelled=False)) == b""
    assert personal_block(once, VOICE).count(b"BEGIN:VEVENT") == 2


def test_alarm_is_a_note_on_the_screen_in_the_words_of_the_title() -> None:
    harbour = next(one for one in sample_series() if one.group == "harbour-thursdays")
    wire = spoken(harbour, replace(VOICE, title="Tea, with; marks", alarm_minutes=30))
    for event in Calendar.from_ical(wire).walk("VEVENT"):
        alarms = event.walk("VALARM")
        if event["STATUS"] == "CANCELLED":
            assert alarms == []
            continue
        (alarm,) = alarms
        assert (alarm["ACTION"], str(alarm["DESCRIPTION"])) == ("DISPLAY", "Tea, with; marks")
        assert alarm["TRIGGER"].dt == timedelta(minutes=-30)
    assert b"VALARM" not in spoken(harbour, VOICE)


def test_way_in_is_the_last_line_of_the_description() -> None:
    link = "https://example.org/calendar/in/" + "x" * 64
    for event in Calendar.from_ical(spoken(sample_series()[0], replace(VOICE, way_in=link))).walk("VEVENT"):
        if event["STATUS"] == "CONFIRMED":
            assert str(event["DESCRIPTION"]).splitlines()[-1] == link
            assert (str(event["CONFERENCE"]), event["CONFERENCE"].params["VALUE"]) == (link, "URI")


@pytest.mark.parametrize(
    "words", ["Tea", "Tee, Öl; \\Zeit\\ " * 8, "日本語の本" * 20, "🙂" * 30, "a" * 75, "a" * 76, ""]
)
def test_lines_are_folded_between_characters_and_come_back(words: str) -> None:
    line = f"SUMMARY:{text(words)}"
    wire = folded(line)
    assert max(len(piece) for piece in wire.split(b"\r\n")) <= 75
    assert [piece.decode() for piece in wire.split(b"\r\n")]
    assert unfolded(wire) == [line]
    assert plain(text(words)) == words
