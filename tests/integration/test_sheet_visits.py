"""An open run sheet lasts as long as its meeting, and nothing but the sheet does: polling is no sign that somebody is there."""

import re
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groupsite.models import WebSession
from groupsite.services import upkeep
from tests.browser import Browser
from tests.members import new_member
from tests.plugins.application import Clock
from tests.sheets import ENDS, MINUTE, SECOND, SHEET, STARTS, arrive
from tests.worlds import GROUP, become

IDLE = re.compile(r'data-idle-seconds="(\d+)"')
ONE_SESSION = re.compile(r"/account/security/sessions/[0-9a-f-]{36}")
STATE = f"{SHEET}/state"
GIVEN_BACK = ENDS + 15 * MINUTE


@pytest.fixture
def chair(app: Flask, session: Session, sample: None, clock: Clock) -> Browser:
    """Signed in ten minutes before the meeting; the limit of those who run something is 15 minutes."""
    browser, _ = become(app, session, "facilitator")
    arrive(session, clock, STARTS - 10 * MINUTE)
    return browser


def answers(browser: Browser, *paths: str) -> list[int]:
    return [browser.get(path).status_code for path in paths]


def poll(browser: Browser, clock: Clock, *, since: datetime, until: datetime) -> set[int]:
    """The states of what the page asks by itself meanwhile, once in two minutes."""
    found, clock.now = set(), since
    while clock.now < until:
        found.add(browser.get(STATE).status_code)
        clock.now += 2 * MINUTE
    return found


def test_open_sheet_lasts_through_the_meeting_without_a_press(chair: Browser, clock: Clock) -> None:
    assert IDLE.findall(chair.get(SHEET).text) == [str(int((GIVEN_BACK - clock.now).total_seconds()))]
    assert poll(chair, clock, since=clock.now, until=GIVEN_BACK) == {200}
    clock.now = GIVEN_BACK
    assert answers(chair, STATE, SHEET) == [302, 302]


def test_buttons_of_an_open_sheet_work_late_in_the_meeting(chair: Browser, clock: Clock) -> None:
    chair.get(SHEET)
    token = chair.token(SHEET)
    clock.now = STARTS + 80 * MINUTE
    sent = {"csrf_token": token, "do": "go", "to": "0", "version": "0"}
    assert chair.post(SHEET, sent).status_code == 303
    clock.now = GIVEN_BACK
    assert chair.post(SHEET, sent | {"version": "1"}).status_code == 403


def test_no_other_page_opens_by_an_open_sheet(chair: Browser, clock: Clock) -> None:
    """Somebody who takes the telephone from the table gets the clocks, and not the group."""
    chair.get(SHEET)
    clock.now = STARTS + 40 * MINUTE
    assert answers(chair, SHEET, STATE, f"{SHEET}/time") == [200, 200, 200]
    others = (f"/groups/{GROUP}/manage", "/home", "/account", f"/groups/{GROUP}/shares", f"/groups/{GROUP}/texts")
    assert answers(chair, *others) == [302] * len(others)
    assert "Run the week" not in chair.get(f"/groups/{GROUP}").text
    assert "Sign out" not in chair.get("/").text
    assert answers(chair, SHEET) == [200]


def test_press_late_in_the_meeting_does_not_wake_the_rest_up(chair: Browser, clock: Clock) -> None:
    chair.get(SHEET)
    clock.now = STARTS + 40 * MINUTE
    assert chair.submit(SHEET, {"do": "go", "to": "0", "version": "0"}).status_code == 303
    assert answers(chair, "/home") == [302]


def test_another_sheet_is_not_opened_for_longer_by_what_is_left_of_a_visit(
    chair: Browser, session: Session, clock: Clock
) -> None:
    chair.get(SHEET)
    clock.now = STARTS + 75 * MINUTE
    assert chair.get(f"/groups/{GROUP}/meetings/group-conscience/2026-11-24T2040/sheet").status_code == 200
    (row,) = session.scalars(select(WebSession))
    assert row.sheet_until == GIVEN_BACK


def test_polling_is_no_sign_that_somebody_is_there(chair: Browser, session: Session, clock: Clock) -> None:
    """The visit as a whole ends as it would without the sheet."""
    chair.get(SHEET)
    assert poll(chair, clock, since=clock.now, until=clock.now + 14 * MINUTE) == {200}
    session.expire_all()
    (row,) = session.scalars(select(WebSession))
    assert row.last_seen_at == STARTS - 10 * MINUTE
    clock.now = STARTS + 6 * MINUTE
    assert answers(chair, "/home") == [302]


def test_sheet_that_is_opened_long_before_goes_by_the_usual_limit(
    app: Flask, session: Session, sample: None, clock: Clock
) -> None:
    browser, _ = become(app, session, "facilitator")
    arrive(session, clock, STARTS - 31 * MINUTE)
    assert IDLE.findall(browser.get(SHEET).text) == ["900"]
    clock.now = STARTS - 15 * MINUTE
    assert answers(browser, STATE) == [302]


def test_shared_device_goes_by_its_usual_limit(chair: Browser, session: Session, clock: Clock) -> None:
    (row,) = session.scalars(select(WebSession))
    row.is_shared = True
    session.commit()
    page = chair.get(SHEET).text
    assert (IDLE.findall(page), "Others use this device too" in page) == (["600"], True)
    clock.now += 11 * MINUTE
    assert answers(chair, STATE, SHEET) == [302, 302]


def test_member_who_keeps_time_is_kept_too(app: Flask, session: Session, sample: None, clock: Clock) -> None:
    browser = new_member(app, "charlene-keeps-time", {GROUP: "Timekeeper"})
    arrive(session, clock, STARTS)
    assert browser.get(f"{SHEET}/time").status_code == 200
    clock.now = STARTS + 60 * MINUTE
    assert answers(browser, STATE, f"{SHEET}/time", "/home") == [200, 200, 302]


def test_leaving_and_signing_out_end_the_sheet_at_once(chair: Browser, session: Session, clock: Clock) -> None:
    chair.get(SHEET)
    clock.now = STARTS + 40 * MINUTE
    chair.get("/leave")
    assert session.scalar(select(func.count()).select_from(WebSession)) == 0
    assert answers(chair, STATE) == [302]


def test_upkeep_leaves_a_visit_with_an_open_sheet_until_the_sheet_is_over(
    chair: Browser, session: Session, clock: Clock
) -> None:
    chair.get(SHEET)
    left = []
    for moment in (STARTS + 80 * MINUTE, GIVEN_BACK - SECOND, GIVEN_BACK):
        upkeep.forget(session, now=moment)
        left.append(session.scalar(select(func.count()).select_from(WebSession)))
    assert left == [1, 1, 0]


def test_twelve_hours_are_the_end_of_a_visit_with_a_sheet_too(chair: Browser, session: Session, clock: Clock) -> None:
    chair.get(SHEET)
    (row,) = session.scalars(select(WebSession))
    row.expires_at = STARTS + 30 * MINUTE
    session.commit()
    clock.now = STARTS + 30 * MINUTE
    assert answers(chair, STATE) == [302]


def test_owner_sees_a_visit_that_only_a_sheet_keeps(app: Flask, session: Session, sample: None, clock: Clock) -> None:
    """In the list of signed-in browsers, so that she can end it from another one."""
    first = new_member(app, "charlene-two", {GROUP: "Two"})
    arrive(session, clock, STARTS)
    first.get(f"{SHEET}/time")
    others = []
    for moment in (GIVEN_BACK - SECOND, GIVEN_BACK):
        clock.now = moment
        second = Browser(app.test_client())
        second.sign_in("charlene-two")
        others.append(len(ONE_SESSION.findall(second.get("/account/security").text)))
        second.submit("/sign-out", page="/account")
    assert others == [1, 0]
