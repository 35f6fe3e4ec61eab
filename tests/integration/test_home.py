import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tests.browser import Browser
from tests.members import account, new_member, statements

GROUPS = {
    "tuesday-lantern": "C.",
    "harbour-thursdays": "C.",
    "night-owls": "C.",
    "southern-cross": "C.",
    "always-on-circle": "C.",
}


@pytest.fixture
def browser(app: Flask, sample: None) -> Browser:
    return new_member(app, "charlie-at-home", GROUPS)


def test_week_holds_the_dates_of_every_group_in_their_order(browser: Browser) -> None:
    page = browser.get("/home").text
    starts = [piece.split('"')[0] for piece in page.split('<time datetime="')[1:]]
    assert len(starts) > len(GROUPS)
    assert starts == sorted(starts)
    assert [name for name in ("Tuesday Lantern", "Harbour Thursdays", "Night Owls") if name not in page] == []


def test_week_calls_out_what_is_not_as_usual(browser: Browser) -> None:
    """Harbour Thursdays does not meet on 26 November."""
    page = browser.get("/home").text
    notice = page.split("Not as usual:")[1].split("</ul>")[0]
    assert "Harbour Thursdays" in notice
    assert "Cancelled" in notice


def test_week_shows_both_clocks(browser: Browser, session: Session) -> None:
    account(session, "charlie-at-home").timezone = "Europe/London"
    session.commit()
    assert "For you:" in browser.get("/home").text


def test_week_without_a_group_says_what_to_do(client: Browser) -> None:
    client.sign_up("charlene")
    assert "You are in no group yet" in client.get("/home").text


def test_week_of_somebody_who_left_is_empty(browser: Browser) -> None:
    for slug in GROUPS:
        assert browser.submit(f"/groups/{slug}/leave", page="/account").status_code == 303
    assert "You are in no group yet" in browser.get("/home").text


def test_week_takes_as_many_queries_for_many_groups_as_for_one(
    app: Flask, browser: Browser, connection: Connection
) -> None:
    alone = new_member(app, "charlene-of-one", {"tuesday-lantern": "One"})
    counts = []
    for one in (alone, browser):
        for page in ("/home", "/account", "/account/reminders"):
            with statements(connection) as seen:
                assert one.get(page).status_code == 200
            counts.append((page, len(seen)))
    assert counts[:3] == counts[3:]
