"""Invites name one recipient, follow the rules for each METHOD, and say no more than they must."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import recurring_ical_events
from icalendar import Calendar

from groupsite.domain.discretion import betrayals
from groupsite.domain.recurrence import occurrences, touched_dates
from groupsite.domain.words import OccurrenceStatus
from groupsite.formats.calendar_series import CalendarSeries, discreet
from groupsite.formats.imip import Parties, cancel_date, request, withdraw
from tests.sample import WINDOW, SampleSeries, sample_series

CHANGED = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
NOW = datetime(2026, 8, 1, 9, 0, 0, 250, tzinfo=UTC)
PARTIES = Parties("dates+0f8f@dates.invalid", "Dates", "marisol@example.org")
ANNOUNCED = {"DTSTART", "DURATION", "SUMMARY", "UID", "SEQUENCE", "DTSTAMP", "ORGANIZER", "ATTENDEE"}


def invited(series: SampleSeries, *, is_discreet: bool = False) -> CalendarSeries:
    full = CalendarSeries(
        uid="0f8fad5b@dates.invalid",
        schedule=series.schedule,
        sequence=4,
        created=CHANGED,
        changed=CHANGED,
        prefix="A Group",
        url="https://example.org/groups/a",
    )
    return discreet(full, uid="another@dates.invalid", title="Library hour") if is_discreet else full


def with_cancelled_date() -> SampleSeries:
    return next(one for one in sample_series() if one.group == "harbour-thursdays")


@pytest.mark.parametrize("is_discreet", [False, True])
@pytest.mark.parametrize("series", sample_series(), ids=str)
def test_invite_has_the_dates_that_take_place(series: SampleSeries, is_discreet: bool) -> None:
    read = Calendar.from_ical(request(invited(series, is_discreet=is_discreet), PARTIES, now=NOW))
    seen = {one["DTSTART"].dt.astimezone(UTC) for one in recurring_ical_events.of(read).between(*WINDOW)}
    held = {
        one.start_utc
        for one in occurrences(series.schedule, *WINDOW)
        if one.status is not OccurrenceStatus.CANCELLED and one.end_utc > WINDOW[0] and one.start_utc < WINDOW[1]
    }
    assert seen == held


@pytest.mark.parametrize("series", sample_series(), ids=str)
def test_request_follows_the_rules(series: SampleSeries) -> None:
    read = Calendar.from_ical(request(invited(series), PARTIES, now=NOW))
    events = read.walk("VEVENT")
    assert read["METHOD"] == "REQUEST"
    assert {(str(one["UID"]), one["SEQUENCE"], str(one["STATUS"])) for one in events} == {
        ("0f8fad5b@dates.invalid", 4, "CONFIRMED")
    }
    assert {(str(one["ATTENDEE"]), str(one["ATTENDEE"].params["RSVP"])) for one in events} == {
        ("mailto:marisol@example.org", "TRUE")
    }
    assert {str(one["ORGANIZER"]) for one in events} == {"mailto:dates+0f8f@dates.invalid"}
    assert {one["DTSTAMP"].dt for one in events} == {NOW.replace(microsecond=0)}
    assert all(set(one) >= ANNOUNCED for one in events)


def test_cancelled_date_is_one_date() -> None:
    series = with_cancelled_date()
    called_off = next(one for one in touched_dates(series.schedule) if one.status is OccurrenceStatus.CANCELLED)
    read = Calendar.from_ical(cancel_date(invited(series), called_off, PARTIES, now=NOW))
    (event,) = read.walk("VEVENT")
    assert (read["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 4)
    assert event["RECURRENCE-ID"].dt.astimezone(UTC) == called_off.original_utc
    assert not {"RRULE", "EXDATE", "RDATE"} & set(event)
    assert "RSVP" not in event["ATTENDEE"].params
    assert len(read.walk("VTIMEZONE")) == 1


def test_who_leaves_is_not_told_that_it_was_called_off() -> None:
    read = Calendar.from_ical(withdraw(invited(sample_series()[0]), PARTIES, now=NOW))
    (event,) = read.walk("VEVENT")
    assert (read["METHOD"], "STATUS" in event, "RECURRENCE-ID" in event) == ("CANCEL", False, False)


@pytest.mark.parametrize("series", sample_series(), ids=str)
def test_discreet_messages_say_only_the_own_words(series: SampleSeries) -> None:
    told = invited(series, is_discreet=True)
    changes = [cancel_date(told, one, PARTIES, now=NOW) for one in touched_dates(told.schedule)]
    for message in (request(told, PARTIES, now=NOW), withdraw(told, PARTIES, now=NOW), *changes):
        assert betrayals(message.replace(b"\r\n ", b"").decode(), [series.group, "A Group", "example.org/groups"]) == []


@pytest.mark.parametrize("name", ['Ann "A" O\'Hara', "One; two, three: four", "Line\r\nATTENDEE:mailto:x@example.org"])
def test_hostile_name_of_the_sender_stays_a_name(name: str) -> None:
    message = request(invited(sample_series()[0]), replace(PARTIES, organizer_name=name), now=NOW)
    events = Calendar.from_ical(message).walk("VEVENT")
    assert {str(one["ATTENDEE"]) for one in events} == {"mailto:marisol@example.org"}
    assert b"\r\nATTENDEE:mailto:x@" not in message
