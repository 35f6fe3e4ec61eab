"""Links that sign in: only where she has turned them on, only in the browser that asked, once, and never sure enough."""

from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from groupsite.domain.disappearing import Extent
from groupsite.domain.permissions import VISITOR
from groupsite.domain.totp import as_bytes, code_of, step_at
from groupsite.mail.vault import Vault
from groupsite.models import Delivery, DeliveryKind, DeliveryState, SingleUseToken
from groupsite.services.addresses import SIGN_IN
from groupsite.services.disappearing import disappear
from tests.browser import PASSWORD, Browser, without_tokens
from tests.integration.test_second_step import LETTERS
from tests.members import account, statements, tables_that_hold
from tests.plugins.application import MORNING, Clock
from tests.post_office import PostOffice

ADDRESS = "charlene@example.org"
WAYS = "/account/ways"


@pytest.fixture
def hers(client: Browser, session: Session, vault: Vault) -> Browser:
    """Charlene's browser: her address is confirmed, links are on."""
    client.sign_up("charlene")
    with_address(session, vault)
    assert client.submit(f"{WAYS}/links", {"links": "yes"}, page=WAYS).status_code == 303
    return client


@pytest.fixture
def visitor(app: Flask) -> Browser:
    return Browser(app.test_client())


def with_address(session: Session, vault: Vault, login: str = "charlene") -> None:
    person = account(session, login)
    person.email_sealed, person.email_confirmed_at = vault.seal(f"{login}@example.org"), MORNING
    session.commit()


def ask(browser: Browser, login: str = "charlene") -> None:
    assert browser.submit("/sign-in/link", {"login": login}).headers["Location"] == "/sign-in/link?done=asked"


def links(session: Session, vault: Vault) -> list[str]:
    """The paths that mails would hold, the newest last."""
    session.expire_all()
    open_ones = select(SingleUseToken.id).where(SingleUseToken.purpose == SIGN_IN, SingleUseToken.used_at.is_(None))
    return [
        f"/sign-in/link/{vault.token(SIGN_IN, one)}"
        for one in session.scalars(open_ones.order_by(SingleUseToken.created_at))
    ]


def test_links_are_off_until_she_turns_them_on(
    client: Browser, visitor: Browser, session: Session, vault: Vault
) -> None:
    client.sign_up("charlene")
    with_address(session, vault)
    ask(visitor)
    assert (links(session, vault), session.scalars(select(Delivery)).all()) == ([], [])


def test_links_need_a_confirmed_address(client: Browser, session: Session) -> None:
    client.sign_up("charlene")
    assert client.submit(f"{WAYS}/links", {"links": "yes"}, page=WAYS).status_code == 400
    assert account(session, "charlene").takes_links is False


def test_link_signs_in_with_a_button_once(hers: Browser, visitor: Browser, session: Session, vault: Vault) -> None:
    ask(visitor)
    (path,) = links(session, vault)
    assert [visitor.get(path).status_code for _ in range(3)] == [200, 200, 200]
    assert visitor.is_signed_in() is False
    token, old = visitor.token(path), visitor.session_id()
    assert visitor.post(path, {"csrf_token": token}).headers["Location"] == "/home"
    assert (visitor.is_signed_in(), visitor.session_id() != old) == (True, True)
    visitor.client.set_cookie("id", old)
    assert visitor.post(path, {"csrf_token": token}).status_code == 410


def test_look_ahead_of_a_mail_program_opens_and_spends_nothing(
    hers: Browser, visitor: Browser, app: Flask, session: Session, vault: Vault
) -> None:
    ask(visitor)
    (path,) = links(session, vault)
    scanner = Browser(app.test_client())
    assert [scanner.get(path).status_code, scanner.client.head(path).status_code] == [410, 410]
    assert visitor.submit(path).status_code == 303


def test_other_browser_is_refused_in_the_words_for_no_link_at_all(
    hers: Browser, visitor: Browser, app: Flask, session: Session, vault: Vault
) -> None:
    ask(visitor)
    (path,) = links(session, vault)
    thief = Browser(app.test_client())
    token = thief.token("/sign-in")
    answers = [thief.post(one, {"csrf_token": token}) for one in (path, "/sign-in/link/nothing")]
    assert [one.status_code for one in answers] == [410, 410]
    assert answers[0].data == answers[1].data
    assert visitor.submit(path).status_code == 303


def test_link_is_over_after_a_quarter_of_an_hour(
    hers: Browser, visitor: Browser, session: Session, vault: Vault, clock: Clock
) -> None:
    ask(visitor)
    (path,) = links(session, vault)
    token = visitor.token(path)
    clock.now = MORNING + timedelta(minutes=15)
    assert [visitor.get(path).status_code, visitor.post(path, {"csrf_token": token}).status_code] == [410, 410]


def test_session_by_link_is_not_sure(hers: Browser, visitor: Browser, session: Session, vault: Vault) -> None:
    ask(visitor)
    visitor.submit(links(session, vault)[0])
    assert visitor.get(WAYS).headers["Location"] == f"/account/confirm?next={WAYS}"
    visitor.submit(f"/account/confirm?next={WAYS}", {"password": PASSWORD})
    assert visitor.get(WAYS).status_code == 200


def test_code_is_asked_for_after_a_link_too(
    hers: Browser, visitor: Browser, session: Session, vault: Vault, clock: Clock
) -> None:
    hers.submit(f"{WAYS}/code/begin", page=WAYS)
    secret = as_bytes(LETTERS.findall(hers.get(f"{WAYS}/code").text)[0])
    hers.submit(f"{WAYS}/code", {"code": code_of(secret, step_at(clock()))})
    ask(visitor)
    assert visitor.submit(links(session, vault)[0]).headers["Location"] == "/sign-in/code"
    assert visitor.is_signed_in() is False
    visitor.submit("/sign-in/code", {"code": code_of(secret, step_at(clock()) + 1)})
    assert (visitor.is_signed_in(), visitor.get(WAYS).status_code) == (True, 303)


def test_one_link_used_ends_the_others(hers: Browser, visitor: Browser, session: Session, vault: Vault) -> None:
    for _ in range(2):
        ask(visitor)
    first, second = links(session, vault)
    old = visitor.session_id()
    visitor.submit(first)
    visitor.client.set_cookie("id", old)
    assert visitor.get(second).status_code == 410


def test_asking_in_her_name_does_not_end_her_own_link(
    hers: Browser, visitor: Browser, app: Flask, session: Session, vault: Vault
) -> None:
    ask(visitor)
    (path,) = links(session, vault)
    ask(Browser(app.test_client()))
    assert visitor.submit(path).status_code == 303


@pytest.mark.parametrize(
    "state", ["unknown", "off", "no login at all", "hidden", "deleted", "never written to", "address removed"]
)
def test_page_answers_the_same_and_does_the_same_for_every_name(
    hers: Browser, app: Flask, connection: Connection, session: Session, vault: Vault, state: str
) -> None:
    other = Browser(app.test_client())
    other.sign_up("marigold")
    with_address(session, vault, "marigold")
    if state not in {"unknown", "off", "no login at all"}:
        other.submit(f"{WAYS}/links", {"links": "yes"}, page=WAYS)
    _put(session, other, state)
    name = {"unknown": "nobody-x", "no login at all": "\0 not a name"}.get(state, "marigold")
    answers, work = [], []
    for login in ("charlene", name):
        browser = Browser(app.test_client())
        token = browser.token("/sign-in/link")
        with statements(connection) as seen:
            answer = browser.post("/sign-in/link", {"csrf_token": token, "login": login})
        answers.append((answer.status_code, list(answer.headers), answer.data))
        work.append(list(seen))
        page = without_tokens(browser.get("/sign-in/link?done=asked").text)
        assert "If the account of this name takes links" in page
    assert answers[0] == answers[1]
    assert work[0] == work[1]
    assert len(links(session, vault)) == 1


def _put(session: Session, browser: Browser, state: str) -> None:
    person = account(session, "marigold")
    if state in {"hidden", "deleted"}:
        disappear(session, VISITOR, person, Extent.HIDE if state == "hidden" else Extent.DELETE, now=MORNING)
    if state == "never written to":
        person.never_contact = True
    session.commit()
    if state == "address removed":
        browser.submit("/account/email/remove", page="/account/email")


@pytest.mark.parametrize("extent", list(Extent))
def test_link_opens_nothing_after_she_went_out_of_sight(
    hers: Browser, visitor: Browser, session: Session, vault: Vault, extent: Extent
) -> None:
    ask(visitor)
    (path,) = links(session, vault)
    token = visitor.token(path)
    disappear(session, VISITOR, account(session, "charlene"), extent, now=MORNING)
    session.commit()
    assert visitor.post(path, {"csrf_token": token}).status_code == 410


@pytest.mark.parametrize("how", ["turned off", "another address", "address removed"])
def test_open_link_ends_when_links_do(
    hers: Browser, visitor: Browser, session: Session, vault: Vault, how: str
) -> None:
    ask(visitor)
    (path,) = links(session, vault)
    token = visitor.token(path)
    if how == "turned off":
        hers.submit(f"{WAYS}/links", {"links": "no"}, page=WAYS)
    elif how == "address removed":
        hers.submit("/account/email/remove", page="/account/email")
    else:
        hers.submit("/account/email", {"email": "other@example.org"})
        confirms = select(SingleUseToken.id).where(SingleUseToken.purpose == "confirm-email")
        hers.submit(f"/account/email/{vault.token('confirm-email', session.scalars(confirms).one())}")
    assert visitor.post(path, {"csrf_token": token}).status_code == 410
    assert account(session, "charlene").takes_links is False


def test_neither_the_mail_nor_the_browser_alone_is_kept(
    hers: Browser, visitor: Browser, session: Session, vault: Vault
) -> None:
    ask(visitor)
    token = links(session, vault)[0].rpartition("/")[2]
    assert (len(token), tables_that_hold(session, token), tables_that_hold(session, visitor.session_id())) == (
        43,
        [],
        [],
    )


def test_page_of_a_link_is_never_kept(hers: Browser, visitor: Browser, session: Session, vault: Vault) -> None:
    ask(visitor)
    answer = visitor.get(links(session, vault)[0])
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")


def test_mail_holds_the_link_and_says_in_which_browser_it_opens(
    post: PostOffice, app: Flask, session: Session, vault: Vault
) -> None:
    """In the sample Charlene has an address."""
    person = account(session, "charlene")
    person.takes_links, person.quiet_from, person.quiet_until = True, None, None
    session.commit()
    visitor = Browser(app.test_client())
    ask(visitor)
    post.deliver(at=MORNING)
    (mail,) = [one for one in post.mailbox.to("charlene") if "link" in one["Subject"]]
    body = mail.get_body(("plain",)).get_content()
    (path,) = links(session, vault)
    assert (f"https://evenings.example{path}" in body, "same browser" in body) == (True, True)
    assert visitor.submit(path).status_code == 303


@pytest.mark.parametrize("closed", ["this hour", "this day"])
def test_no_link_comes_when_she_has_closed_her_mailbox(
    post: PostOffice, app: Flask, session: Session, closed: str
) -> None:
    person = account(session, "charlene")
    person.takes_links, person.timezone = True, "UTC"
    if closed == "this hour":
        person.quiet_from, person.quiet_until = time(8), time(12)
    else:
        person.safe_days = 127 & ~(1 << MORNING.weekday())
    session.commit()
    ask(Browser(app.test_client()))
    post.deliver(at=MORNING)
    states = select(Delivery.state, func.count()).where(Delivery.kind == DeliveryKind.SIGN_IN_LINK)
    assert session.execute(states.group_by(Delivery.state)).all() == [(DeliveryState.EXPIRED, 1)]
    assert [one["Subject"] for one in post.mailbox.to("charlene") if "link" in one["Subject"]] == []
