"""Signed-in browsers: begun, sure of who is there, over by themselves, ended from another one."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from groupsite.models import WebSession
from groupsite.services import upkeep
from tests.browser import PASSWORD, Browser
from tests.members import account, new_member, statements, tables_that_hold
from tests.plugins.application import MORNING, Clock

PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
NEW = "nine small boats at dusk"
ONE_SESSION = re.compile(r'action="(/account/security/sessions/[0-9a-f-]{36})"')
IDLE = re.compile(r'data-idle-seconds="(\d+)"')
MINUTE = timedelta(minutes=1)


@pytest.fixture
def other(app: Flask, client: Browser) -> Browser:
    """Charlene's second browser; the first is `client`."""
    client.sign_up("charlene")
    browser = Browser(app.test_client())
    browser.client.environ_base["HTTP_USER_AGENT"] = PHONE
    browser.sign_in("charlene")
    return browser


def test_sign_in_gives_a_new_session_and_keeps_its_hash_alone(client: Browser, session: Session) -> None:
    client.sign_up("charlene")
    first = client.session_id()
    assert client.sign_in("charlene").headers["Location"] == "/home"
    assert client.session_id() != first
    assert session.scalar(select(func.count()).select_from(WebSession)) == 1
    assert tables_that_hold(session, client.session_id()) == []


def test_session_chosen_by_somebody_else_is_not_signed_in(app: Flask, client: Browser) -> None:
    client.sign_up("charlene")
    victim = Browser(app.test_client())
    victim.client.set_cookie("id", "chosen-by-somebody-else")
    assert victim.sign_in("charlene").status_code == 303
    assert victim.session_id() != "chosen-by-somebody-else"


def test_sign_out_ends_the_session_on_the_server(client: Browser) -> None:
    client.sign_up("charlene")
    old = client.session_id()
    answer = client.submit("/sign-out", page="/account")
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, '"cache", "storage"')
    client.client.set_cookie("id", old)
    assert not client.is_signed_in()


def test_session_ends_after_twelve_hours_however_busy(client: Browser, clock: Clock) -> None:
    client.sign_up("charlene")
    for minutes in range(20, 720, 20):
        clock.now = MORNING + minutes * MINUTE
        assert client.is_signed_in()
    clock.now = MORNING + timedelta(hours=12)
    assert not client.is_signed_in()


@pytest.mark.parametrize(
    ("person", "minutes"), [("member", 30), ("facilitator", 15), ("admin", 15), ("on a shared device", 10)]
)
def test_session_ends_when_nobody_uses_it(
    client: Browser, session: Session, clock: Clock, person: str, minutes: int
) -> None:
    client.sign_up("charlene")
    if person == "facilitator":
        client.submit("/groups/new", {"name": "Quiet River", "family": "independent", "display_name": "Charlie"})
    account(session, "charlene").is_admin = person == "admin"
    session.commit()
    client.sign_in("charlene", **({"shared": "y"} if person == "on a shared device" else {}))
    assert IDLE.findall(client.get("/home").text) == [str(minutes * 60)]
    clock.now = MORNING + minutes * MINUTE - timedelta(seconds=1)
    assert client.is_signed_in()
    clock.now += minutes * MINUTE
    assert not client.is_signed_in()


def test_page_after_a_time_out_asks_the_browser_to_forget(client: Browser, clock: Clock) -> None:
    client.sign_up("charlene")
    old = client.session_id()
    clock.now = MORNING + timedelta(minutes=31)
    answer = client.get("/account/reminders")
    assert (answer.headers["Location"], answer.headers["Clear-Site-Data"], answer.headers["Cache-Control"]) == (
        "/sign-in?next=/account/reminders&done=idle",
        '"cache", "storage"',
        "no-store",
    )
    assert "Your visit has ended" in client.get(answer.headers["Location"]).text
    assert client.session_id() != old
    clock.now = MORNING
    client.client.set_cookie("id", old)
    assert not client.is_signed_in()


def test_public_page_after_a_time_out_is_a_visitors(client: Browser, clock: Clock) -> None:
    client.sign_up("charlene")
    clock.now = MORNING + timedelta(minutes=31)
    answer = client.get("/")
    assert (answer.status_code, "Sign in" in answer.text, answer.headers["Clear-Site-Data"]) == (
        200,
        True,
        '"cache", "storage"',
    )


def test_form_after_a_time_out_changes_nothing(client: Browser, clock: Clock, session: Session) -> None:
    client.sign_up("charlene")
    token = client.token("/account/security")
    clock.now = MORNING + timedelta(minutes=31)
    fields = {"current": PASSWORD, "new": NEW, "csrf_token": token}
    assert client.post("/account/security", fields).status_code in {400, 403}
    assert Browser(client.client.application.test_client()).sign_in("charlene").status_code == 303


def test_reading_pages_writes_once_a_minute(client: Browser, clock: Clock, connection: Connection) -> None:
    client.sign_up("charlene")
    writes = []
    for seconds in (30, 59, 60, 90, 119, 120):
        clock.now = MORNING + timedelta(seconds=seconds)
        with statements(connection) as seen:
            client.get("/account")
        writes.append(sum(statement.startswith("UPDATE web_session") for statement in seen))
    assert writes == [0, 0, 1, 0, 0, 1]


def test_sessions_that_are_over_are_forgotten(app: Flask, other: Browser, session: Session) -> None:
    del other
    upkeep.forget(session, now=MORNING + timedelta(minutes=29))
    assert session.scalar(select(func.count()).select_from(WebSession)) == 2
    upkeep.forget(session, now=MORNING + timedelta(minutes=30))
    assert session.scalar(select(func.count()).select_from(WebSession)) == 0


def test_list_shows_each_browser_and_which_one_this_is(client: Browser, other: Browser, clock: Clock) -> None:
    clock.now = MORNING + timedelta(minutes=5)
    page = other.get("/account/security").text
    assert [words in page for words in ("Firefox on Android", "this browser", "last used 5 minutes ago")] == [True] * 3
    assert len(ONE_SESSION.findall(page)) == 1
    assert [secret in page for secret in (client.session_id(), "127.0.0.1", "Mozilla")] == [False] * 3


def test_one_browser_is_signed_out_from_another(client: Browser, other: Browser) -> None:
    path = ONE_SESSION.findall(other.get("/account/security").text)[0]
    other.submit(path, page="/account/security")
    assert (client.is_signed_in(), other.is_signed_in()) == (False, True)


def test_session_of_somebody_else_is_not_ended(app: Flask, client: Browser, other: Browser) -> None:
    path = ONE_SESSION.findall(other.get("/account/security").text)[0]
    stranger = new_member(app, "marisol", {})
    stranger.submit(path, page="/account/security")
    assert client.is_signed_in()


def test_all_other_browsers_are_signed_out_on_request(client: Browser, other: Browser) -> None:
    client.submit("/account/security/sessions", page="/account/security")
    assert (client.is_signed_in(), other.is_signed_in()) == (True, False)


def test_new_password_ends_every_other_session(client: Browser, other: Browser) -> None:
    old = client.session_id()
    answer = client.submit("/account/security", {"current": PASSWORD, "new": NEW})
    assert answer.headers["Location"] == "/account/security?done=password"
    assert (client.is_signed_in(), other.is_signed_in(), client.session_id() != old) == (True, False, True)
    assert other.sign_in("charlene").status_code == 400
    assert other.sign_in("charlene", NEW).status_code == 303


def test_wrong_password_leaves_her_signed_in(client: Browser) -> None:
    client.sign_up("charlene")
    assert client.submit("/account/security", {"current": "not hers at all", "new": NEW}).status_code == 400
    assert client.is_signed_in()


def test_removed_address_ends_every_other_session(client: Browser, other: Browser) -> None:
    client.submit("/account/email/remove", page="/account/email")
    assert (client.is_signed_in(), other.is_signed_in()) == (True, False)


@pytest.mark.parametrize("path", ["/account/email", "/account/codes"])
def test_pages_that_give_the_account_away_ask_again(client: Browser, clock: Clock, path: str) -> None:
    client.sign_up("charlene")
    assert client.get(path).status_code == 200
    clock.now = MORNING + timedelta(minutes=10)
    assert client.get(path).headers["Location"] == f"/account/confirm?next={path}"
    old = client.session_id()
    answer = client.submit(f"/account/confirm?next={path}", {"password": PASSWORD})
    assert (answer.headers["Location"], client.session_id() != old) == (path, True)
    assert client.get(path).status_code == 200
    client.client.set_cookie("id", old)
    assert not client.is_signed_in()


def test_new_calendar_address_is_not_given_to_a_browser_left_signed_in(client: Browser, clock: Clock) -> None:
    client.sign_up("charlene")
    token = client.token("/account/calendar")
    clock.now = MORNING + timedelta(minutes=10)
    answer = client.post("/account/calendar", {"csrf_token": token, "level": "busy"})
    assert answer.headers["Location"] == "/account/confirm?next=/account/calendar"


def test_form_without_a_page_of_its_own_leads_to_the_account(client: Browser, clock: Clock) -> None:
    client.sign_up("charlene")
    token = client.token("/account")
    clock.now = MORNING + timedelta(minutes=10)
    answer = client.post("/account/codes", {"csrf_token": token})
    assert answer.headers["Location"] == "/account/confirm?next=/account/codes"


def test_wrong_password_makes_nothing_fresh(client: Browser, clock: Clock) -> None:
    client.sign_up("charlene")
    clock.now = MORNING + timedelta(minutes=10)
    answer = client.submit("/account/confirm?next=/account/email", {"password": "not hers at all"})
    assert (answer.status_code, "This is not your password" in answer.text) == (400, True)
    assert client.get("/account/email").headers["Location"] == "/account/confirm?next=/account/email"


def test_no_field_offers_what_was_typed_before_on_a_shared_device(client: Browser) -> None:
    client.sign_up("charlene")
    own = client.get("/account/security").text
    client.sign_in("charlene", shared="y")
    shared = client.get("/account/security").text
    assert (own.count('autocomplete="off"'), own.count('autocomplete="current-password"')) == (0, 1)
    assert (shared.count('autocomplete="off"'), shared.count('autocomplete="current-password"')) == (2, 0)
    assert "shared device" in shared
