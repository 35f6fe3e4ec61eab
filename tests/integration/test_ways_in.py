"""A full calendar holds a link of ours; it leads into the room while the door is open, for as long as its owner may go in."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.join_info import JoinInfo
from groupsite.domain.words import OccurrenceStatus, Reveal
from groupsite.models import Group, MeetingSeries, OccurrenceRow
from tests.browser import Browser
from tests.integration.test_own_calendars import PAGE, change_page, made
from tests.plugins.application import MORNING, Clock

LINK = re.compile(r"CONFERENCE;[^:]+:http://localhost(/calendar/in/[\w=-]+)")
ROOM = "https://meet.example.org/very-secret-room"


@pytest.fixture
def starts(session: Session, sample: None) -> datetime:
    """Start (UTC) of the next date of a meeting whose room is a link without codes."""
    series = session.scalars(
        select(MeetingSeries)
        .join(Group, Group.id == MeetingSeries.group_id)
        .where(Group.slug == "tuesday-lantern", MeetingSeries.slug == "main")
    ).one()
    series.join = JoinInfo(url=ROOM, reveal=Reveal.MEMBERS)
    session.commit()
    return session.scalars(
        select(OccurrenceRow.start_utc)
        .where(
            OccurrenceRow.series_id == series.id,
            OccurrenceRow.start_utc > MORNING,
            OccurrenceRow.status != OccurrenceStatus.CANCELLED,
        )
        .order_by(OccurrenceRow.start_utc)
    ).all()[0]


def way_in(client: Browser, address: str) -> str:
    wire = client.get(address).text.replace("\r\n ", "")
    assert "very-secret-room" not in wire
    events = [one for one in wire.split("BEGIN:VEVENT") if "Tuesday Lantern" in one and LINK.search(one)]
    found = LINK.search(events[0])
    assert found
    return unescape(found[1])


def test_door_opens_before_the_start_and_closes_at_the_end(client: Browser, starts: datetime, clock: Clock) -> None:
    client.sign_in("charlene")
    link = way_in(client, made(client, level="full"))
    client.client.delete_cookie("id")
    closed = client.get(link)
    assert (closed.status_code, "The door is still closed" in closed.text, ROOM in closed.text) == (200, True, False)
    clock.now = starts - timedelta(minutes=29)
    opened = client.get(link)
    assert (opened.status_code, opened.headers["Location"], opened.headers["Cache-Control"]) == (303, ROOM, "no-store")
    clock.now = starts + timedelta(minutes=90)
    assert client.get(link).status_code == 200


def test_way_in_ends_with_its_calendar(client: Browser, starts: datetime, clock: Clock) -> None:
    client.sign_in("charlene")
    link = way_in(client, made(client, level="full"))
    clock.now = starts
    assert client.get(link).status_code == 303
    clock.now = MORNING
    client.sign_in("charlene")
    client.submit(f"{change_page(client)}/end", page=PAGE)
    clock.now = starts
    assert client.get(link).status_code == 410


def test_way_in_ends_when_the_calendar_says_less(client: Browser, starts: datetime, clock: Clock) -> None:
    client.sign_in("charlene")
    link = way_in(client, made(client, level="full"))
    client.submit(change_page(client), {"level": "busy", "alarm": "none", "part": "all"})
    clock.now = starts
    assert client.get(link).status_code == 410


def test_way_in_ends_when_its_meeting_is_taken_out(
    client: Browser, session: Session, starts: datetime, clock: Clock
) -> None:
    client.sign_in("charlene")
    link = way_in(client, made(client, level="full"))
    lantern = session.scalars(select(MeetingSeries.id).where(MeetingSeries.join == JoinInfo(url=ROOM))).one()
    picked = {"level": "full", "alarm": "none", "part": "picked"}
    others = select(MeetingSeries.id).join(Group).where(Group.slug == "tuesday-lantern", MeetingSeries.id != lantern)
    other = session.scalars(others).first()
    for series, status in (([str(lantern)], 303), ([str(other)], 410)):
        clock.now = MORNING
        client.sign_in("charlene")
        assert client.submit(change_page(client), picked | {"series": series}).status_code == 303
        clock.now = starts
        assert client.get(link).status_code == status


def test_way_in_ends_with_the_membership(client: Browser, starts: datetime, clock: Clock) -> None:
    client.sign_in("charlene")
    link = way_in(client, made(client, level="full"))
    client.submit("/groups/tuesday-lantern/leave", {"anyway": "yes"}, page="/home")
    clock.now = starts
    assert client.get(link).status_code == 410


def test_altered_link_leads_nowhere(client: Browser, starts: datetime) -> None:
    client.sign_in("charlene")
    link = way_in(client, made(client, level="full"))
    other = "A" if link[-1] != "A" else "B"
    for wrong in (link[:-1] + other, link[:-4], "/calendar/in/" + "A" * 64, "/calendar/in/%C3%BC", "/calendar/in/x"):
        assert client.get(wrong).status_code == 404


@pytest.mark.parametrize("reveal", list(Reveal))
def test_public_calendar_holds_no_way_in(client: Browser, session: Session, starts: datetime, reveal: Reveal) -> None:
    series = session.scalars(select(MeetingSeries).where(MeetingSeries.calendar_block.is_(None))).all()
    for one in series:
        one.join = JoinInfo(url=ROOM, phone="+1-202-555-0142", passcode="4711-code", access_code="0815", reveal=reveal)
    session.commit()
    for slug in session.scalars(select(Group.slug)):
        wire = client.get(f"/groups/{slug}/calendar.ics").text.replace("\r\n ", "")
        assert [
            secret for secret in ("very-secret", "555-0142", "4711-code", "0815", "/calendar/in/") if secret in wire
        ] == []


def test_discreet_calendar_holds_no_way_in(client: Browser, starts: datetime) -> None:
    client.sign_in("charlene")
    for level in ("busy", "own_words"):
        assert not LINK.search(client.get(made(client, level=level)).text.replace("\r\n ", ""))
