"""Nothing that opens a door comes out of a foreign file as a word that everybody reads, wherever and however it was written."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupsite.domain.schedule import Override
from groupsite.domain.words import OverrideAction
from groupsite.formats.ical_import import IN_NAME, NO_NAME, ForeignSeries, read_calendar
from groupsite.formats.ical_import_places import CODES, MEMBERS_ONLY
from groupsite.formats.ical_import_ways_in import HOSTS, links, public_words
from tests.bombs import NOW, calendar

DATE = "DTSTART;TZID=Europe/London:20261201T190000"
CHANGED = "RECURRENCE-ID;TZID=Europe/London:20261208T190000\r\nDTSTART;TZID=Europe/London:20261208T190000"
MARK = "Zq7"
"""Stands in every secret that is made here, and in no word."""


def meeting(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT"])


def read(*events: str) -> ForeignSeries:
    (found,) = read_calendar(calendar(*events), "Europe/London", now=NOW).series
    return found


def link_of(found: ForeignSeries) -> str:
    return found.draft.join.url if found.draft and found.draft.join else ""


@pytest.mark.parametrize(
    ("written", "title", "link"),
    [
        ("Tuesday https://zoom.us/j/123456789?pwd=abc passcode 4711", "Tuesday", "https://zoom.us/j/123456789?pwd=abc"),
        ("Tuesday (zoom.us/j/998877)", "Tuesday", "https://zoom.us/j/998877"),
        ("Join us02web.zoom.us/j/998877 on Tuesday", "Join on Tuesday", "https://us02web.zoom.us/j/998877"),
        ("Tuesday: meet.example.org/room", "Tuesday", "https://meet.example.org/room"),
        ("Tuesday https://example.org/our-room", "Tuesday", "https://example.org/our-room"),
        ("zoommtg://zoom.us/join?confno=1 Tuesday", "Tuesday", ""),
        ("https://zoom.us/j/998877", NO_NAME, "https://zoom.us/j/998877"),
        ("Tuesday zoom.us\x07/j/998877 passcode 1", "Tuesday", ""),
        ("Tuesday https://zoom.us/j/1,passcode lantern", "Tuesday", "https://zoom.us/j/1"),
        ("Tuesday: pass https://zoom.us/j/1 word lantern", "Tuesday", "https://zoom.us/j/1"),
        ("Tuesday 19h, lantern5 is the password", "Tuesday 19h, is the", ""),
        ("Tuesday +1 (555) 010-0123,,4711#", "Tuesday", ""),
        ("Tuesday 123 456 789", "Tuesday", ""),
        ("Tuesday, meeting ID 12 34", "Tuesday", ""),
    ],
)
def test_title_loses_what_opens_a_door(written: str, title: str, link: str) -> None:
    found = read(meeting(DATE, f"SUMMARY:{written}"))
    assert (found.title, link_of(found), IN_NAME in found.notes) == (title, link, True)


@pytest.mark.parametrize(
    "title", ["Tuesday evening", "Step 4: study, 19:00", "24.12.2026", "Codependency, opinions", "Q&A / 7–8"]
)
def test_other_titles_stay_as_they_are(title: str) -> None:
    assert public_words(title) == (title, False)


def test_new_name_of_a_date_loses_what_opens_a_door() -> None:
    change = meeting(CHANGED, "SUMMARY:Long night zoom.us/j/998877 passcode 4711")
    found = read(meeting(DATE, "RRULE:FREQ=WEEKLY", "SUMMARY:Tuesday"), change)
    assert found.draft
    retitled = Override(OverrideAction.RETITLE, datetime(2026, 12, 8, 19), title="Long night")
    assert retitled in found.draft.schedule.overrides
    assert "For 8 December 2026 a link or a code in the name is left out. Everybody reads the name." in found.notes


@pytest.mark.parametrize(
    "place", ["zoom.us/j/998877", "meet.google.com/abc-defg-hij", "us02web.zoom.us/j/998877?pwd=x"]
)
def test_link_without_scheme_is_a_link_for_members(place: str) -> None:
    found = read(meeting(DATE, f"LOCATION:{place}"))
    assert found.draft
    assert (found.draft.schedule.venue, link_of(found)) == (None, f"https://{place}")
    assert MEMBERS_ONLY in found.notes


def test_what_follows_a_code_in_a_place_is_left_out_too() -> None:
    found = read(meeting(DATE, r"LOCATION:Hall\, 4 Hill Street\, passcode\, lantern"))
    assert found.draft
    assert found.draft.schedule.venue
    assert (found.draft.schedule.venue.address, CODES in found.notes) == ("4 Hill Street", True)


def test_sentence_with_a_known_name_but_no_room_holds_no_link() -> None:
    assert list(links("We use zoom.us and meet.google.com now, see helmet.example.org/news")) == []


CODE = st.text("abcXYZ0123456789", min_size=1, max_size=8).map(lambda code: MARK + code)
SECRETS = st.one_of(
    st.builds(
        lambda scheme, host, tail: f"{scheme}{host}/j/{tail}",
        st.sampled_from(["https://", "HTTP://", "", "us02web.", "https://us02web.", "zoommtg://"]), st.sampled_from(HOSTS), CODE,
    ),
    st.builds(
        lambda word, between, code: f"{word}{between}{code}",
        st.sampled_from(["passcode", "Password", "PIN", "Kennwort", "code", "Meeting ID", "pwd", "Zugangscode", "ID"]),
        st.sampled_from([" ", ": ", "=", " - ", ":"]), CODE,
    ).filter(lambda secret: not secret.startswith("ID") or "ID:" in secret),
    st.sampled_from(["+1 555 010 98765", "(555) 010-98765", "55501098765", "555 019 765", "555-010-9876-5"]),
)  # fmt: skip
WORDS = st.sampled_from(["Tuesday", "Hall", "4 Hill Street", "Evening", "Zoom", "\x07", "ü", "…", "(", ")"])
TEXT = st.lists(
    st.tuples(st.one_of(SECRETS, WORDS), st.sampled_from([" ", "\\, ", "\\n", " - ", " | ", "\\; ", " (", "\x07"])),
    max_size=6,
).map(lambda parts: "".join(part for pair in parts for part in pair))


@settings(max_examples=300, deadline=None)
@given(TEXT, TEXT, TEXT, TEXT)
def test_no_way_in_is_ever_public(name: str, place: str, other_name: str, other_place: str) -> None:
    found = read(
        meeting(DATE, "RRULE:FREQ=WEEKLY", f"SUMMARY:{name}", f"LOCATION:{place}"),
        meeting(CHANGED, f"SUMMARY:{other_name}", f"LOCATION:{other_place}"),
    )
    assert found.draft, found.reason
    public = repr((found.title, found.notes, replace(found.draft, join=None)))
    assert [one for one in (MARK, "98765", "9876-5", "019 765", *(f"{host}/" for host in HOSTS)) if one in public] == []


@settings(max_examples=200, deadline=None)
@given(TEXT)
def test_refused_series_is_named_without_a_way_in(name: str) -> None:
    refused = read(meeting("DTSTART;VALUE=DATE:20261201", f"SUMMARY:{name}"))
    assert [one for one in (MARK, "98765", "019 765") if one in repr(refused)] == []
