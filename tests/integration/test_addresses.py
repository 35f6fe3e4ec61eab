from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.mail.vault import Vault
from groupsite.models import Delivery, DeliveryKind, DeliveryState, SingleUseToken
from groupsite.services.addresses import CONFIRM_EMAIL
from tests.browser import Browser
from tests.members import account, tables_that_hold
from tests.plugins.application import MORNING, Clock

ADDRESS = "charlene.l@example.org"


def set_address(browser: Browser, address: str = ADDRESS) -> None:
    answer = browser.submit("/account/email", {"email": address})
    assert answer.headers["Location"] == "/account/email?done=sent"


def link(session: Session, vault: Vault) -> str:
    """The path that the mail would hold."""
    session.expire_all()
    token = session.scalars(select(SingleUseToken)).one()
    return f"/account/email/{vault.token(CONFIRM_EMAIL, token.id)}"


def test_address_is_used_only_after_its_link_was(app: Flask, client: Browser, session: Session, vault: Vault) -> None:
    client.sign_up("charlene")
    set_address(client)
    assert account(session, "charlene").email_sealed is None
    owed = session.scalars(select(Delivery)).one()
    assert (owed.kind, owed.state) == (DeliveryKind.CONFIRM_EMAIL, DeliveryState.PLANNED)
    path = link(session, vault)
    mail_program = Browser(app.test_client())
    assert [mail_program.get(path).status_code for _ in range(3)] == [200, 200, 200]
    assert account(session, "charlene").email_sealed is None
    assert mail_program.submit(path).status_code == 200
    confirmed = account(session, "charlene")
    assert (vault.open(confirmed.email_sealed or b""), confirmed.email_confirmed_at) == (ADDRESS, MORNING)
    assert mail_program.get(path).status_code == 410


def test_link_works_once(client: Browser, session: Session, vault: Vault) -> None:
    client.sign_up("charlene", email=ADDRESS)
    path = link(session, vault)
    token = client.token(path)
    assert [client.post(path, {"csrf_token": token}).status_code for _ in range(2)] == [200, 410]


def test_link_is_over_after_a_day(app: Flask, client: Browser, session: Session, vault: Vault, clock: Clock) -> None:
    client.sign_up("charlene", email=ADDRESS)
    path = link(session, vault)
    visitor = Browser(app.test_client())
    token = visitor.token(path)
    clock.now = MORNING + timedelta(hours=24)
    assert [visitor.get(path).status_code, visitor.post(path, {"csrf_token": token}).status_code] == [410, 410]
    assert account(session, "charlene").email_sealed is None


def test_confirmed_address_ends_every_other_session(
    app: Flask, client: Browser, session: Session, vault: Vault
) -> None:
    client.sign_up("charlene", email=ADDRESS)
    other = Browser(app.test_client())
    other.sign_in("charlene")
    client.submit(link(session, vault))
    assert (client.is_signed_in(), other.is_signed_in()) == (True, False)


def test_link_that_never_was_gets_the_same_answer(client: Browser) -> None:
    assert client.get("/account/email/never-was").status_code == 410


def test_newer_link_takes_the_place_of_an_older_one(client: Browser, session: Session, vault: Vault) -> None:
    client.sign_up("charlene", email="old@example.org")
    old = link(session, vault)
    set_address(client)
    assert client.get(old).status_code == 410
    assert client.get(link(session, vault)).status_code == 200


def test_no_table_holds_an_address_in_the_clear(client: Browser, session: Session, vault: Vault) -> None:
    client.sign_up("charlene", email=ADDRESS)
    client.submit(link(session, vault))
    assert [tables_that_hold(session, words) for words in (ADDRESS, "example.org")] == [[], []]


def test_answer_does_not_say_whether_an_address_is_known(app: Flask, session: Session, vault: Vault) -> None:
    answers = []
    for login in ("charlene", "marisol"):
        browser = Browser(app.test_client())
        browser.sign_up(login)
        set_address(browser)
        answers.append(browser.get("/account/email?done=sent").text.count("A link is on its way"))
    assert answers == [1, 1]


def test_page_shows_little_of_the_address(client: Browser, session: Session, vault: Vault) -> None:
    client.sign_up("charlene", email=ADDRESS)
    client.submit(link(session, vault))
    page = client.get("/account/email").text
    assert ("c…@example.org" in page, ADDRESS in page) == (True, False)


def test_removed_address_is_forgotten_with_what_waited_for_it(client: Browser, session: Session, vault: Vault) -> None:
    client.sign_up("charlene", email=ADDRESS)
    client.submit(link(session, vault))
    set_address(client, "another@example.org")
    client.submit("/account/email/remove", page="/account/email")
    gone = account(session, "charlene")
    assert (gone.email_sealed, gone.email_confirmed_at) == (None, None)
    assert session.scalars(select(SingleUseToken)).all() == []
    assert [one for one in session.scalars(select(Delivery)) if one.state is DeliveryState.PLANNED] == []


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b", "a@example.org\r\nTo: b@example.org", "x" * 20_000, "a\u202e@example.org"]
)
def test_address_that_cannot_be_is_refused(client: Browser, session: Session, address: str) -> None:
    client.sign_up("charlene")
    answer = client.submit("/account/email", {"email": address})
    assert answer.status_code == 400
    assert session.scalars(select(SingleUseToken)).all() == []
