"""What we write is what an independent program reads: the same dates, the same marks, the same bytes each time."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import recurring_ical_events
from icalendar import Calendar

from groupsite.domain.recurrence import occurrences
from groupsite.domain.words import OccurrenceStatus
from groupsite.formats.calendar_series import CalendarSeries, discreet
from groupsite.formats.ical import block_renews_at, calendar, series_block
from tests.sample import WINDOW, SampleSeries, sample_series

NOW = datetime(2026, 8, 1, tzinfo=UTC)
CHANGED = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)


def written(series: SampleSeries, *, now: datetime = NOW, is_discreet: bool = False) -> bytes:
    told = CalendarSeries(
        uid="0f8fad5b@dates.invalid",
        schedule=series.schedule,
        sequence=3,
        created=CHANGED,
        changed=CHANGED,
        prefix="A Group, with; marks",
        url="https://example.org/groups/a",
    )
    if is_discreet:
        told = discreet(told, uid="another@dates.invalid", title="Library hour")
    schedule = series.schedule
    return calendar([series_block(told, now=now)], [(schedule.timezone, schedule.dtstart_local.year)], name="Dates")


@pytest.mark.parametrize("is_discreet", [False, True])
@pytest.mark.parametrize("series", sample_series(), ids=str)
def test_readers_see_the_dates_of_the_page(series: SampleSeries, is_discreet: bool) -> None:
    read = recurring_ical_events.of(Calendar.from_ical(written(series, is_discreet=is_discreet))).between(*WINDOW)
    seen = {
        (event["DTSTART"].dt.astimezone(UTC), event.get("STATUS") == "CANCELLED", event.duration)
        for event in read
        if event["DTSTART"].dt >= WINDOW[0]
    }
    shown = {
        (one.start_utc, one.status is OccurrenceStatus.CANCELLED, one.end_utc - one.start_utc)
        for one in occurrences(series.schedule, *WINDOW)
        if WINDOW[0] <= one.start_utc < WINDOW[1]
    }
    assert seen == shown


@pytest.mark.parametrize("series", sample_series(), ids=str)
def test_bytes_are_the_same_each_time(series: SampleSeries) -> None:
    assert written(series) == written(series)


@pytest.mark.parametrize("series", sample_series(), ids=str)
def test_lines_are_folded_and_end_as_they_must(series: SampleSeries) -> None:
    lines = written(series).split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_stamp_is_the_last_change() -> None:
    event = Calendar.from_ical(written(sample_series()[0])).walk("VEVENT")[0]
    assert (event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt, event["SEQUENCE"]) == (CHANGED, CHANGED, 3)


def test_cancelled_date_is_marked_until_it_is_over() -> None:
    series = next(one for one in sample_series() if one.group == "harbour-thursdays")
    renewed = block_renews_at(series.schedule, now=NOW)
    assert renewed is not None
    assert b"SUMMARY:Cancelled: " in written(series)
    after = written(series, now=renewed)
    assert (b"CANCELLED" in after, b"EXDATE" in after) == (False, True)
    assert block_renews_at(series.schedule, now=renewed) is None


@pytest.mark.parametrize("series", sample_series(), ids=str)
def test_discreet_calendar_says_only_the_own_words(series: SampleSeries) -> None:
    text = written(series, is_discreet=True).decode()
    read = Calendar.from_ical(text)
    assert {str(event["SUMMARY"]) for event in read.walk("VEVENT")} <= {"Library hour", "Cancelled: Library hour"}
    forbidden = {"LOCATION", "DESCRIPTION", "URL", "ORGANIZER", "ATTENDEE", "CATEGORIES", "COMMENT", "CONFERENCE"}
    assert not forbidden & {name for event in read.walk("VEVENT") for name in event}
    assert "marks" not in text


def test_hostile_title_stays_one_property() -> None:
    series = sample_series()[0]
    hostile = replace(series.schedule, title="Tea\r\nATTENDEE:mailto:x@example.org\x07")
    events = Calendar.from_ical(written(replace(series, schedule=hostile))).walk("VEVENT")
    assert all("ATTENDEE" not in event for event in events)
    assert b"\x07" not in written(replace(series, schedule=hostile))
