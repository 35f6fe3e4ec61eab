"""Feeds say what the pages say, to whoever asks, and answer 304 when nothing has changed."""

import re
from datetime import UTC, timedelta
from html import unescape

import pytest
import recurring_ical_events
from icalendar import Calendar
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from groupsite.domain.discretion import betrayals
from groupsite.domain.permissions import VISITOR
from groupsite.domain.words import ListingState, OccurrenceStatus
from groupsite.models import Group, MeetingSeries, OccurrenceRow
from groupsite.queries.groups import series_of
from groupsite.services import date_changes
from tests.browser import Browser
from tests.plugins.application import MORNING
from tests.sample import sample_series

SPAN = (MORNING, MORNING + timedelta(days=200))
ADDRESS = re.compile(r'class="copy">([^<]+)<')
GROUPS = sorted({one.group for one in sample_series()})


def own_address(client: Browser, level: str) -> str:
    page = client.submit("/account/calendar", {"level": level}).text
    found = ADDRESS.search(page)
    assert found, page
    return unescape(found[1]).removeprefix("http://localhost")


@pytest.mark.parametrize("slug", GROUPS)
def test_group_feed_has_the_dates_of_the_page(client: Browser, session: Session, sample: None, slug: str) -> None:
    answer = client.get(f"/groups/{slug}/calendar.ics")
    read = recurring_ical_events.of(Calendar.from_ical(answer.data)).between(*SPAN)
    seen = sorted((one["DTSTART"].dt.astimezone(UTC), one.get("STATUS") == "CANCELLED") for one in read)
    rows = session.execute(
        select(OccurrenceRow.start_utc, OccurrenceRow.status)
        .join(Group, Group.id == OccurrenceRow.group_id)
        .where(Group.slug == slug, OccurrenceRow.end_utc > SPAN[0], OccurrenceRow.start_utc < SPAN[1])
    )
    assert seen == sorted((start, status is OccurrenceStatus.CANCELLED) for start, status in rows)


def test_unchanged_feed_answers_304(client: Browser, sample: None) -> None:
    first = client.get("/groups/tuesday-lantern/calendar.ics")
    again = client.get("/groups/tuesday-lantern/calendar.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    by_date = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get("/groups/tuesday-lantern/calendar.ics", headers=by_date).status_code == 304


def test_feed_sets_no_cookie(client: Browser, sample: None) -> None:
    answer = client.get("/groups/tuesday-lantern/calendar.ics")
    assert "Set-Cookie" not in answer.headers
    assert answer.mimetype == "text/calendar"


def test_change_moves_the_number_of_its_own_series(client: Browser, session: Session, sample: None) -> None:
    before = client.get("/groups/tuesday-lantern/calendar.ics")
    group = session.scalars(select(Group).where(Group.slug == "tuesday-lantern")).one()
    series = series_of(session, group.id, "main")
    date = session.scalars(
        select(OccurrenceRow.original_local)
        .where(OccurrenceRow.series_id == series.id, OccurrenceRow.start_utc > MORNING)
        .order_by(OccurrenceRow.start_utc)
    ).first()
    assert date is not None
    date_changes.cancel_date(session, VISITOR, series, date, now=MORNING)
    session.commit()
    after = client.get("/groups/tuesday-lantern/calendar.ics", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    numbers = {int(str(event["SEQUENCE"])) for event in Calendar.from_ical(after.data).walk("VEVENT")}
    assert numbers == {0, 1}
    assert b"STATUS:CANCELLED" in after.data


def test_block_is_rendered_once(client: Browser, session: Session, sample: None) -> None:
    client.get("/groups/tuesday-lantern/calendar.ics")
    kept = session.scalars(
        select(MeetingSeries.calendar_block).join(MeetingSeries.group).where(Group.slug == "tuesday-lantern")
    )
    assert all(kept.all())


def test_discreet_feed_says_only_own_words(client: Browser, sample: None) -> None:
    client.sign_in("charlene")
    body = client.get(own_address(client, "own_words")).text
    read = Calendar.from_ical(body)
    titles = {str(event["SUMMARY"]) for event in read.walk("VEVENT")}
    assert titles <= {"Library hour", "Cancelled: Library hour"}
    assert titles
    names = [one.group for one in sample_series()] + ["Lantern", "Mill Lane"]
    assert betrayals(body, names) == []


def test_discreet_ids_match_no_other_feed(client: Browser, sample: None) -> None:
    client.sign_in("charlene")
    bodies = [client.get(own_address(client, level)).text for level in ("own_words", "own_words", "full")]
    ids = [{str(event["UID"]) for event in Calendar.from_ical(body).walk("VEVENT")} for body in bodies]
    assert [ids[0] & ids[1], ids[0] & ids[2]] == [set(), set()]


def test_ended_address_is_gone_and_unknown_one_never_was(client: Browser, sample: None) -> None:
    client.sign_in("charlene")
    address = own_address(client, "full")
    assert client.get(address).status_code == 200
    ending = re.search(r'action="(/account/calendar/[^"]+/end)"', client.get("/account/calendar").text)
    assert ending
    assert client.submit(ending[1], page="/account/calendar").status_code == 303
    assert client.get(address).status_code == 410
    assert client.get("/calendar/never-was.ics").status_code == 404


def test_leaving_a_group_takes_its_dates_out(client: Browser, sample: None) -> None:
    client.sign_in("dev")
    address = own_address(client, "full")
    assert "Always On" in client.get(address).text
    client.submit("/groups/always-on-circle/leave", page="/home")
    assert "Always On" not in client.get(address).text


def test_draft_group_has_no_feed(client: Browser, session: Session, sample: None) -> None:
    group = session.scalars(select(Group).where(Group.slug == "tuesday-lantern")).one()
    group.listing_state = ListingState.DRAFT
    session.commit()
    assert client.get("/groups/tuesday-lantern/calendar.ics").status_code == 404


@pytest.mark.parametrize("version", ["", "3 2020a dates.invalid http://localhost"])
def test_lines_of_other_zone_data_are_written_anew(
    client: Browser, session: Session, sample: None, version: str
) -> None:
    """The moment at which a rule ends is in UTC (UNTIL), so lines are as old as the zone data that they were made with."""
    path = "/groups/tuesday-lantern/calendar.ics"
    first = client.get(path)
    session.execute(update(MeetingSeries).values(calendar_block=b"old lines\r\n", block_version=version))
    session.commit()
    assert client.get(path).data == first.data


def test_search_engines_stay_away_and_calendar_programs_do_not(client: Browser, sample: None) -> None:
    rules = client.get("/robots.txt").text
    assert not re.search(r"^Disallow: (/|/groups.*|/calendar.*)$", rules, re.MULTILINE)
    client.sign_in("charlene")
    for path in ("/groups/tuesday-lantern/calendar.ics", own_address(client, "full")):
        assert client.get(path).headers["X-Robots-Tag"] == "noindex"
