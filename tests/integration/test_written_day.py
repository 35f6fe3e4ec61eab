"""A written meeting: its topic, its window in the group's zone, and what opens it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.permissions import VISITOR
from groupsite.models import MeetingSeries, WrittenShare
from groupsite.services import date_changes
from tests.browser import Browser
from tests.plugins.application import MORNING, Clock
from tests.writers import QUEUE, RIVER, SHARES, TODAY, TOMORROW, WORDS, Writers, quiet_river

BEGINS, ENDS = datetime(2026, 11, 23, 11, tzinfo=UTC), datetime(2026, 11, 24, 11, tzinfo=UTC)
"""Midnight in Auckland."""


@pytest.fixture
def people(app: Flask, session: Session) -> Writers:
    writers = quiet_river(app, session)
    writers.write_daily()
    return writers


def write(browser: Browser, path: str = TODAY, body: str = WORDS, **fields: str) -> int:
    return browser.submit(f"{path}/new", {"body": body, "days": "7"} | fields, page="/account").status_code


def test_day_shows_its_topic_and_its_window_in_the_groups_zone(people: Writers) -> None:
    page = people["dev"].get(TODAY).text
    assert re.search(r"<dt>Topic</dt>\s*<dd>Step study</dd>", page)
    assert "Auckland" in page
    people.choose(topics=("", "What I need today", "", "", "", "", ""))
    assert re.search(r"<dt>Topic</dt>\s*<dd>What I need today</dd>", people["dev"].get(TODAY).text)
    assert re.search(r"<dt>Topic</dt>\s*<dd>Topic</dd>", people["dev"].get(TOMORROW).text)


def test_shares_stand_on_their_own_day_and_on_the_list(people: Writers) -> None:
    assert write(people["charlene"]) == 303
    assert [people.sees("dev", path=path) for path in (TODAY, TOMORROW, SHARES)] == [True, False, True]


def test_words_are_taken_in_the_window_alone(people: Writers, clock: Clock) -> None:
    codes = []
    for moment in (BEGINS - timedelta(seconds=1), BEGINS, ENDS - timedelta(seconds=1), ENDS):
        people.come_back(clock, moment, "charlene")
        refused = people["charlene"].submit(f"{TODAY}/new", {"body": WORDS, "days": "7"}, page="/account")
        codes.append((refused.status_code, WORDS in refused.text))
    assert codes == [(400, True), (303, False), (303, False), (400, True)]


def test_address_of_the_group_leads_to_the_day_that_is_under_way(people: Writers, clock: Clock) -> None:
    for moment, day in ((ENDS - timedelta(seconds=1), TODAY), (ENDS, TOMORROW)):
        people.come_back(clock, moment, "dev")
        assert people["dev"].get(f"{RIVER}/written").headers["Location"] == day


def test_opening_post_is_left_ahead_shown_on_time_and_stands_first(people: Writers, clock: Clock) -> None:
    assert write(people["mari"], TOMORROW, "Welcome to this day.", opens_day="y") == 303
    assert [people.sees("dev", "Welcome", path) for path in (TOMORROW, SHARES)] == [False, False]
    assert people.sees("mari", "It is shown on")
    people.come_back(clock, ENDS, "dev", "charlene")
    write(people["charlene"], TOMORROW)
    page = people["dev"].get(TOMORROW).text
    assert page.index("What opens the day") < page.index("Welcome to this day.") < page.index("What was written")
    assert page.index("What was written") < page.index(WORDS)
    assert page.count("Welcome to this day.") == 1


def test_only_those_who_serve_open_a_day(people: Writers, session: Session) -> None:
    assert "opens_day" not in people["charlene"].get(f"{TODAY}/new").text
    assert "opens_day" in people["noor"].get(f"{TODAY}/new").text
    assert write(people["charlene"], opens_day="y") == 303
    assert [one.is_opening for one in session.scalars(select(WrittenShare))] == [False]
    assert write(people["charlene"], TOMORROW, opens_day="y") == 400


def test_opening_post_of_a_group_that_holds_is_held_and_comes_on_time(people: Writers, clock: Clock) -> None:
    people.choose(holds_first=True)
    write(people["mari"], TOMORROW, "Welcome to this day.", opens_day="y")
    share_id = people.session.scalars(select(WrittenShare.id)).one()
    assert people.sees("noor", "Welcome", QUEUE)
    people.keep("noor", share_id)
    share = people.share(share_id)
    assert (share.published_at, share.expires_at) == (ENDS, ENDS + timedelta(days=7))
    assert not people.sees("dev", "Welcome", TOMORROW)


def test_cancelled_day_takes_no_words(people: Writers, session: Session, clock: Clock) -> None:
    series = session.scalars(select(MeetingSeries)).one()
    date_changes.cancel_date(session, VISITOR, series, datetime(2026, 11, 25), now=MORNING)
    session.commit()
    people.come_back(clock, ENDS, "charlene", "mari")
    assert [write(people[login], TOMORROW) for login in ("charlene", "mari")] == [400, 400]
    page = people["mari"].get(TOMORROW).text
    assert ("This day is cancelled." in page, f"{TOMORROW}/new" in page) == (True, False)


@pytest.mark.parametrize(
    "path", ["/written/page/2026-11-24T0100", "/written/nowhere/2026-11-24T0000", "/written/page/x"]
)
def test_day_that_is_not_there_is_not_found(people: Writers, path: str) -> None:
    assert people["dev"].get(RIVER + path).status_code == 404
    assert write(people["dev"], RIVER + path) == 404


def test_page_of_a_day_is_for_members(people: Writers, app: Flask) -> None:
    write(people["charlene"])
    visitor = Browser(app.test_client())
    assert "/sign-in" in visitor.get(TODAY).headers["Location"]
    public = f"{RIVER}/meetings/page/2026-11-24T0000"
    assert (TODAY in visitor.get(public).text, TODAY in people["dev"].get(public).text) == (False, True)


def test_many_shares_of_a_day_come_in_pages_oldest_first(people: Writers, session: Session) -> None:
    write(people["charlene"], body="The first of all.")
    series, member = session.scalars(select(MeetingSeries)).one(), people.member("charlene")
    for number in range(40):
        session.add(
            WrittenShare(
                group_id=series.group_id, membership_id=member.id, body=f"Words {number}.", series_id=series.id,
                original_local=datetime(2026, 11, 24), published_at=BEGINS + timedelta(seconds=number),
                expires_at=ENDS + timedelta(days=7),
            )
        )  # fmt: skip
    session.commit()
    first, second = (people["dev"].get(f"{TODAY}?page={page}").text for page in (1, 2))
    assert ("Words 29." in first, "Words 30." in first, "Words 30." in second) == (True, False, True)
