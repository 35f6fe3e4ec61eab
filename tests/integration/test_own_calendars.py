"""What a member's own calendars say is what she chose; the page shows it as the calendar has it; all of it can be taken back."""

import re
from datetime import UTC, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.discretion import betrayals
from groupsite.models import Group, MeetingSeries
from tests.browser import Browser
from tests.integration.test_feeds import own_address
from tests.plugins.application import MORNING, Clock
from tests.post_office import tonight
from tests.sample import sample_series

PAGE = "/account/calendar"
CHANGE = re.compile(r'href="(/account/calendar/[0-9a-f-]{36})"')
NAMES = [*{one.group.replace("-", " ") for one in sample_series()}, "Lantern", "Mill Lane"]
OF_TIME = {"DTSTART", "DURATION", "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID", "SEQUENCE", "STATUS", "TRANSP"}


def made(client: Browser, **fields: str) -> str:
    """The path of a new address."""
    page = client.submit(PAGE, {"level": "busy", "alarm": "none", "part": "all"} | fields)
    found = re.search(r'class="copy">([^<]+)<', page.text)
    assert found, page.text
    return unescape(found[1]).removeprefix("http://localhost")


def change_page(client: Browser) -> str:
    found = CHANGE.search(client.get(PAGE).text)
    assert found
    return found[1]


def titles(wire: bytes) -> set[str]:
    return {str(event["SUMMARY"]) for event in Calendar.from_ical(wire).walk("VEVENT")}


def stamps(wire: bytes) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Newest change and number, by id and original start."""
    return {
        (str(event["UID"]), str(event.get("RECURRENCE-ID"))): (event["LAST-MODIFIED"].dt, event["SEQUENCE"])
        for event in Calendar.from_ical(wire).walk("VEVENT")
    }


def ids(wire: bytes) -> set[str]:
    return {uid for uid, _ in stamps(wire)}


def test_calendar_is_busy_only_unless_more_is_chosen(client: Browser, sample: None) -> None:
    client.sign_in("charlene")
    found = re.search(r'name="level"[^>]*checked[^>]*value="(\w+)"|value="(\w+)"[^>]*checked|checked[^>]*value="(\w+)"',
                      client.get(PAGE).text)  # fmt: skip
    assert found
    assert "busy" in found.groups()
    assert titles(client.get(made(client)).data) <= {"Busy", "Cancelled: Busy"}


@pytest.mark.parametrize("level", ["busy", "own_words"])
def test_discreet_calendar_shares_nothing_with_the_full_one(
    client: Browser, sample: None, clock: Clock, level: str
) -> None:
    client.sign_in("charlene")
    quiet = client.get(made(client, level=level))
    clock.now = MORNING + timedelta(hours=1)
    client.sign_in("charlene")
    full = client.get(made(client, level="full"))
    assert betrayals(quiet.text + str(quiet.headers), NAMES) == []
    values = [
        {
            (name, event[name].to_ical())
            for event in Calendar.from_ical(answer.data).walk("VEVENT")
            for name in event
            if name not in OF_TIME and not isinstance(event[name], list)
        }
        for answer in (quiet, full)
    ]
    assert values[0] & values[1] == set()
    assert {name for name, _ in values[0]} == {"UID", "DTSTAMP", "LAST-MODIFIED", "SUMMARY", "CLASS"}
    assert quiet.headers["Last-Modified"] != full.headers["Last-Modified"]


def test_ids_match_no_public_calendar(client: Browser, sample: None) -> None:
    client.sign_in("charlene")
    public = ids(client.get("/groups/tuesday-lantern/calendar.ics").data)
    for level in ("busy", "own_words", "full"):
        assert not ids(client.get(made(client, level=level)).data) & public


def test_going_discreet_replaces_titles_in_place(client: Browser, sample: None, clock: Clock) -> None:
    client.sign_in("charlene")
    address = made(client, level="full")
    before = client.get(address)
    clock.now = MORNING + timedelta(hours=1)
    client.sign_in("charlene")
    fields = {"level": "own_words", "title": "Bread class", "alarm": "30", "part": "all"}
    assert client.submit(change_page(client), fields).status_code == 303
    after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert titles(after.data) <= {"Bread class", "Cancelled: Bread class"}
    old, new = stamps(before.data), stamps(after.data)
    assert set(old) == set(new)
    assert all(new[uid][0] > old[uid][0] and new[uid][1] == old[uid][1] for uid in old)
    assert b"TRIGGER:-PT30M" in after.data
    assert betrayals(after.text, NAMES) == []


def test_page_shows_what_the_calendar_says(client: Browser, sample: None) -> None:
    client.sign_in("charlene")
    address = made(client, level="own_words", title="Bread class", alarm="60")
    page = client.get(change_page(client)).text
    wire = client.get(address).text
    assert "X-WR-CALNAME:Dates\r\n" in wire
    assert "SUMMARY:Bread class\r\n" in wire
    for words in ("Dates", "Bread class", "Cancelled: Bread class"):
        assert f"<dd>{words}</dd>" in page
    assert "<dt>On a locked screen</dt>\n        <dd>Bread class</dd>" in page
    assert "DESCRIPTION:Bread class" in wire


def test_only_what_was_picked_is_there(client: Browser, session: Session, sample: None) -> None:
    client.sign_in("charlene")
    chosen = session.scalars(
        select(MeetingSeries.id).join(Group, Group.id == MeetingSeries.group_id)
        .where(Group.slug == "tuesday-lantern", MeetingSeries.slug == "main")
    ).one()  # fmt: skip
    assert len(ids(client.get(made(client, part="picked", series=str(chosen))).data)) == 1
    assert len(ids(client.get(made(client)).data)) > 1
    assert client.submit(PAGE, {"level": "busy", "alarm": "none", "part": "picked"}).status_code == 400


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("level", "everything"), ("alarm", "7"), ("alarm", "-10"), ("part", "some"), ("series", "not an id"),
        ("series", "00000000-0000-4000-8000-000000000000"), ("name", "x" * 41), ("name", "a\u202eb"),
        ("title", "x" * 61), ("title", "My support group"), ("title", "Tuesday Lantern"),
        ("title", "At MILL LANE community rooms"), ("title", "a\r\nb"),
    ],
)  # fmt: skip
def test_wish_that_cannot_be_is_refused(client: Browser, sample: None, field: str, value: str) -> None:
    client.sign_in("charlene")
    fields = {"level": "own_words", "alarm": "none", "part": "picked", "title": "Tea"} | {field: value}
    answer = client.submit(PAGE, fields)
    assert (answer.status_code, 'class="copy"' in answer.text) == (400, False)
    assert "Not fetched yet" not in client.get(PAGE).text


def test_all_addresses_end_with_two_taps(client: Browser, sample: None) -> None:
    client.sign_in("charlene")
    addresses = [made(client), made(client, level="full")]
    assert 'href="/account/calendar/end-all"' in client.get(PAGE).text
    assert [client.get(one).status_code for one in addresses] == [200, 200]
    assert client.submit("/account/calendar/end-all").status_code == 303
    assert [client.get(one).status_code for one in addresses] == [410, 410]


def test_calendar_of_somebody_else_is_not_there(client: Browser, app: Flask, sample: None) -> None:
    client.sign_in("charlene")
    made(client)
    page = change_page(client)
    other = Browser(app.test_client())
    other.sign_in("marisol")
    assert other.get(page).status_code == 404
    token = other.token("/account")
    assert other.post(page, {"csrf_token": token}).status_code == 404
    assert other.post(f"{page}/end", {"csrf_token": token}).status_code == 404
    assert client.get(page).status_code == 200


def test_cancelled_date_frees_the_hour(client: Browser, sample: None) -> None:
    client.sign_in("charlene")
    events = Calendar.from_ical(client.get(own_address(client, "full")).data).walk("VEVENT")
    cancelled = [event for event in events if event["STATUS"] == "CANCELLED"]
    assert {str(event["TRANSP"]) for event in cancelled} <= {"TRANSPARENT"}
    assert all(event["DTSTART"].dt.astimezone(UTC) > MORNING - timedelta(days=1) for event in cancelled)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"level": "busy", "title": "Tea"}, "level"),
        ({"level": "busy", "part": "picked"}, "part"),
        ({"level": "busy", "part": "all", "series": "some"}, "part"),
    ],
)
def test_choices_that_do_not_go_together_are_asked_about(
    client: Browser, session: Session, sample: None, fields: dict[str, str], field: str
) -> None:
    client.sign_in("charlene")
    some = select(MeetingSeries.id).join(Group).where(Group.slug == "tuesday-lantern")
    if "series" in fields:
        fields = fields | {"series": str(session.scalars(some).first())}
    answer = client.submit(PAGE, {"alarm": "none", "part": "all"} | fields)
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (400, True)


def test_alarm_is_silent_for_a_date_she_does_not_go_to_and_the_page_says_what_others_read(
    client: Browser, session: Session, sample: None
) -> None:
    client.sign_in("charlene")
    address = made(client, level="own_words", title="Tea", alarm="30", shows_answers="y")
    key = f"{tonight(session).original_local:%Y-%m-%dT%H%M}"
    page = f"/groups/tuesday-lantern/meetings/main/{key}"
    client.submit(f"{page}/answer", {"answer": "not_this_time"}, page=page)
    events = Calendar.from_ical(client.get(address).data).walk("VEVENT")
    silent = [str(event["SUMMARY"]) for event in events if not event.walk("VALARM")]
    assert silent == ["Tea (not this time)"]
    assert "<dd>Tea (going)</dd>" in client.get(change_page(client)).text
