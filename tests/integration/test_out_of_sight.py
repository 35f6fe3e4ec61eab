"""Out of sight with one button: every browser, calendar and mail at once; hidden until she takes it back; or deleted."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.words import ListingState, MembershipState
from groupsite.models import Delivery, DeliveryState, Group, WrittenShare
from tests.browser import PASSWORD, Browser, without_tokens
from tests.members import account, membership
from tests.plugins.application import MORNING, Clock
from tests.post_office import EVENING, PostOffice

ADDRESS = re.compile(r"http://localhost(/calendar/[\w-]+\.ics)")
CODE = re.compile(r'<code class="copy">([^<]+)</code>')
ERROR = re.compile(r'id="([a-z_]+)-error"')
GROUP = "tuesday-lantern"
WORDS = "I sat by the window."
NEUTRAL = '<meta http-equiv="refresh" content="0; url=/leave">'


@pytest.fixture
def charlene(app: Flask, post: PostOffice) -> Browser:
    """With a reminder for tonight that waits, and a share that others read."""
    browser = Browser(app.test_client())
    browser.sign_in("charlene")
    browser.submit(f"/groups/{GROUP}/shares/new", {"body": WORDS, "days": "7"})
    post.plan()
    return browser


@pytest.fixture
def marisol(app: Flask, charlene: Browser) -> Browser:
    """Runs the group that Charlene is in."""
    browser = Browser(app.test_client())
    browser.sign_in("marisol")
    return browser


def feed_of(browser: Browser) -> str:
    found = ADDRESS.search(browser.submit("/account/calendar", {"level": "busy"}).text)
    assert found
    return found[1]


def recovery_codes(browser: Browser) -> list[str]:
    return CODE.findall(browser.submit("/account/codes").text)


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/account").status_code == 200


def states_of(session: Session, login: str) -> set[DeliveryState]:
    mine = select(Delivery.state).where(Delivery.account_id == account(session, login).id)
    return set(session.scalars(mine))


def names_in_group(secretary: Browser) -> str:
    return secretary.get(f"/groups/{GROUP}/manage/people").text


def test_everything_stops_at_once(app: Flask, session: Session, charlene: Browser, post: PostOffice) -> None:
    tablet, feed = Browser(app.test_client()), feed_of(charlene)
    tablet.sign_in("charlene")
    assert (tablet.get(feed).status_code, states_of(session, "charlene")) == (200, {DeliveryState.PLANNED})
    answer = charlene.submit("/account/now", {"extent": "stop", "goes_on": "y"})
    assert (answer.status_code, NEUTRAL in answer.text) == (200, True)
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert (is_signed_in(charlene), is_signed_in(tablet), tablet.get(feed).status_code) == (False, False, 410)
    session.expire_all()
    assert states_of(session, "charlene") <= {DeliveryState.CANCELLED}
    post.plan()
    post.deliver(at=EVENING)
    assert post.mailbox.to("charlene") == []
    assert charlene.sign_in("charlene").status_code == 303


def test_nobody_has_to_leave_for_another_site(charlene: Browser) -> None:
    answer = charlene.submit("/account/now", {"extent": "stop"})
    assert (NEUTRAL in answer.text, answer.headers["Clear-Site-Data"]) == (False, '"cache", "cookies", "storage"')


def test_link_that_was_on_its_way_ends_too(session: Session, charlene: Browser, post: PostOffice) -> None:
    charlene.submit("/account/email", {"email": "another@example.org"})
    charlene.submit("/account/now", {"extent": "stop"})
    post.deliver(at=MORNING + timedelta(minutes=1))
    assert [recipient for recipient, _ in post.mailbox.taken if recipient == "another@example.org"] == []


def test_hidden_account_is_out_of_sight(charlene: Browser, marisol: Browser, session: Session) -> None:
    name = membership(session, "charlene", GROUP).display_name
    recovery_codes(charlene)
    assert (name in names_in_group(marisol), WORDS in marisol.get(f"/groups/{GROUP}/shares").text) == (True, True)
    charlene.submit("/account/now", {"extent": "hide"})
    assert (name in names_in_group(marisol), WORDS in marisol.get(f"/groups/{GROUP}/shares").text) == (False, False)
    assert membership(session, "charlene", GROUP).state is MembershipState.HIDDEN


def test_hidden_account_cannot_be_told_from_one_that_is_not_there(app: Flask, charlene: Browser) -> None:
    codes = recovery_codes(charlene)
    charlene.submit("/account/now", {"extent": "hide"})
    stranger = Browser(app.test_client())
    tried = [without_tokens(stranger.sign_in(login).text.replace(login, "")) for login in ("charlene", "nobody-here")]
    assert tried[0] == tried[1]
    new = "nine small boats at dusk"
    refused = stranger.submit("/sign-in/recover", {"login": "charlene", "code": codes[0], "new": new})
    assert (refused.status_code, ERROR.findall(refused.text)) == (400, ["code"])


def test_hidden_account_is_taken_back_with_password_and_code(
    app: Flask, session: Session, charlene: Browser, marisol: Browser, post: PostOffice
) -> None:
    name, code = membership(session, "charlene", GROUP).display_name, recovery_codes(charlene)[0]
    feed = feed_of(charlene)
    charlene.submit("/account/now", {"extent": "hide"})
    back = Browser(app.test_client())
    pairs = [("charlene", PASSWORD, "2222-2222"), ("charlene", "not her password", code), ("marisol", PASSWORD, code)]
    for login, password, typed in pairs:
        answer = back.submit("/sign-in/return", {"login": login, "password": password, "code": typed})
        assert (answer.status_code, ERROR.findall(answer.text)) == (400, ["code"])
    fields = {"login": "charlene", "password": PASSWORD, "code": code.upper()}
    assert back.submit("/sign-in/return", fields).headers["Location"] == "/home?done=back"
    assert (name in names_in_group(marisol), WORDS in marisol.get(f"/groups/{GROUP}/shares").text) == (True, True)
    assert back.get(feed).status_code == 410
    post.plan()
    post.deliver(at=EVENING)
    assert post.mailbox.to("charlene") == []
    charlene.sign_in("charlene")
    assert charlene.submit("/account/now", {"extent": "hide"}).status_code == 200
    assert back.submit("/sign-in/return", fields).status_code == 400


def test_nobody_hides_who_could_not_come_back(charlene: Browser) -> None:
    answer = charlene.submit("/account/now", {"extent": "hide"})
    assert (answer.status_code, ERROR.findall(answer.text), is_signed_in(charlene)) == (400, ["extent"], True)


def test_deleting_asks_for_the_password(charlene: Browser) -> None:
    answer = charlene.submit("/account/now", {"extent": "delete", "password": "not hers at all"})
    assert (answer.status_code, ERROR.findall(answer.text), is_signed_in(charlene)) == (400, ["password"], True)


def test_deleting_shuts_everybody_out(app: Flask, session: Session, charlene: Browser, marisol: Browser) -> None:
    name, feed = membership(session, "charlene", GROUP).display_name, feed_of(charlene)
    answer = charlene.submit("/account/now", {"extent": "delete", "password": PASSWORD})
    assert answer.status_code == 200
    assert (is_signed_in(charlene), charlene.sign_in("charlene").status_code) == (False, 400)
    assert Browser(app.test_client()).get(feed).status_code == 410
    assert (name in names_in_group(marisol), WORDS in marisol.get(f"/groups/{GROUP}/shares").text) == (False, False)


@pytest.mark.parametrize("extent", ["hide", "delete"])
def test_group_without_anybody_else_to_run_it_says_so(session: Session, marisol: Browser, extent: str) -> None:
    recovery_codes(marisol)
    running = select(Group).where(Group.slug == GROUP)
    session.scalars(running).one().listing_state = ListingState.ACTIVE
    session.commit()
    marisol.submit("/account/now", {"extent": extent, "password": PASSWORD})
    session.expire_all()
    assert session.scalars(running).one().listing_state is ListingState.UNCONFIRMED


def test_share_of_somebody_hidden_cannot_be_reached_by_its_address(
    session: Session, charlene: Browser, marisol: Browser
) -> None:
    recovery_codes(charlene)
    share = session.scalars(select(WrittenShare.id).where(WrittenShare.body == WORDS)).one()
    charlene.submit("/account/now", {"extent": "hide"})
    token = marisol.token("/account")
    answers = [
        marisol.post(f"/groups/{GROUP}/shares/{one}/withdraw", {"csrf_token": token}).status_code
        for one in (share, account(session, "charlene").id)
    ]
    assert answers == [404, 404]


def test_session_of_a_hidden_account_opens_nothing(session: Session, charlene: Browser, clock: Clock) -> None:
    """However it was begun: the row alone is not enough."""
    mine = account(session, "charlene")
    mine.hidden_at = clock()
    session.commit()
    assert not is_signed_in(charlene)
