"""Passkeys as their owner arranges them: added, named, removed, and used to show again who is there."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groupsite.domain.disappearing import Extent
from groupsite.domain.permissions import VISITOR
from groupsite.models import Passkey
from groupsite.services import passkeys
from groupsite.services.disappearing import disappear
from tests.authenticator import PRESENT, VERIFIED, Device, add_passkey, enter, passkey_page, question_on, send
from tests.browser import PASSWORD, Browser, without_tokens
from tests.members import account
from tests.plugins.application import MORNING, Clock

CONFIRM = "/account/confirm/passkey?next=/account/codes"


@pytest.fixture
def device(client: Browser) -> Device:
    """Charlene's, who is signed in in `client`."""
    client.sign_up("charlene")
    made = Device()
    assert add_passkey(client, made).headers["Location"] == "/account/ways?done=added"
    return made


@pytest.fixture
def visitor(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.mark.parametrize(
    "cheat",
    [{"origin": "http://evil.example"}, {"host": "evil.example"}, {"flags": PRESENT}, {"flags": VERIFIED}],
    ids=str,
)
def test_key_is_not_kept_unless_it_was_made_here_by_its_owner(
    client: Browser, session: Session, cheat: dict[str, Any]
) -> None:
    client.sign_up("charlene")
    answer = Device().made(question_on(client, "/account/ways"), **cheat)
    said = client.submit("/account/ways/passkeys", {"answer": answer}, page="/account/ways")
    assert (said.status_code, passkeys.NOT_ADDED in said.text) == (400, True)
    assert session.scalar(select(func.count()).select_from(Passkey)) == 0


def test_key_of_somebody_else_is_not_taken_over(device: Device, visitor: Browser, session: Session) -> None:
    visitor.sign_up("marisol")
    assert add_passkey(visitor, Device(credential_id=device.credential_id)).status_code == 400
    assert session.scalars(select(Passkey)).one().account_id == account(session, "charlene").id


def test_answer_that_added_one_adds_no_second(client: Browser) -> None:
    client.sign_up("charlene")
    answer = Device().made(question_on(client, "/account/ways"))
    path, page = "/account/ways/passkeys", "/account/ways"
    assert [client.submit(path, {"answer": answer}, page=page).status_code for _ in range(2)] == [303, 400]


def test_passkey_is_renamed_and_removed(device: Device, client: Browser, visitor: Browser) -> None:
    page = passkey_page(client)
    assert client.submit(page, {"name": "  Blue   telephone "}).headers["Location"] == "/account/ways?done=renamed"
    assert "Blue telephone" in client.get("/account/ways").text
    assert client.submit(f"{page}/remove", page=page).headers["Location"] == "/account/ways?done=removed"
    assert "Blue telephone" not in client.get("/account/ways").text
    assert enter(visitor, device).status_code == 400


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\nb", "\u202eabc", "\0"])
def test_passkey_has_a_name_that_can_be_read(device: Device, client: Browser, name: str) -> None:
    assert client.submit(passkey_page(client), {"name": name}).status_code == 400


def test_passkey_of_somebody_else_is_not_there(device: Device, client: Browser, visitor: Browser) -> None:
    page = passkey_page(client)
    visitor.sign_up("marisol")
    assert visitor.get(page).status_code == 404
    assert visitor.submit(f"{page}/remove", page="/account").status_code == 404
    assert visitor.submit(page, {"name": "mine"}, page="/account").status_code == 404
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("extent", [Extent.HIDE, Extent.DELETE])
def test_passkey_opens_no_account_that_is_out_of_sight(
    device: Device, visitor: Browser, session: Session, extent: Extent
) -> None:
    """In the words for an unknown one."""
    unknown = without_tokens(enter(visitor, Device(user_handle=b"x")).text)
    disappear(session, VISITOR, account(session, "charlene"), extent, now=MORNING)
    session.commit()
    answer = enter(visitor, device)
    assert (answer.status_code, without_tokens(answer.text)) == (400, unknown)
    assert visitor.sign_in("charlene", PASSWORD).status_code == 400


def test_deleting_takes_passkeys_and_handle_at_once(device: Device, session: Session) -> None:
    hers = account(session, "charlene")
    handle = hers.passkey_handle
    disappear(session, VISITOR, hers, Extent.DELETE, now=MORNING)
    session.commit()
    session.refresh(hers)
    assert (session.scalars(select(Passkey)).all(), hers.passkey_handle == handle) == ([], False)


def test_other_browsers_are_signed_out_when_a_passkey_comes_or_goes(client: Browser, app: Flask) -> None:
    client.sign_up("charlene")
    others = [Browser(app.test_client()) for _ in range(2)]
    others[0].sign_in("charlene")
    add_passkey(client, Device())
    others[1].sign_in("charlene")
    page = passkey_page(client)
    client.submit(f"{page}/remove", page=page)
    assert [one.is_signed_in() for one in (client, *others)] == [True, False, False]


def test_pages_of_passkeys_ask_who_is_there(device: Device, client: Browser, clock: Clock) -> None:
    page = passkey_page(client)
    asked = question_on(client, "/account/ways")
    token = client.token("/account")
    clock.now = MORNING + timedelta(minutes=10)
    assert client.get("/account/ways").headers["Location"] == "/account/confirm?next=/account/ways"
    fields = {"csrf_token": token, "answer": Device().made(asked)}
    for path in ("/account/ways/passkeys", f"{page}/remove"):
        assert client.post(path, fields).headers["Location"].startswith("/account/confirm?")


def test_passkey_shows_again_who_is_there(device: Device, client: Browser, clock: Clock) -> None:
    clock.now = MORNING + timedelta(minutes=11)
    old = client.session_id()
    asked = question_on(client, "/account/confirm")
    answer = send(client, device.used(asked), CONFIRM, "/account/confirm")
    assert (answer.headers["Location"], client.session_id() != old) == ("/account/codes", True)
    assert client.get("/account/codes").status_code == 200


def test_passkey_of_somebody_else_confirms_nothing(
    device: Device, client: Browser, visitor: Browser, clock: Clock
) -> None:
    visitor.sign_up("marisol")
    add_passkey(visitor, Device())
    clock.now = MORNING + timedelta(minutes=11)
    answer = device.used(question_on(visitor, "/account/confirm"))
    assert send(visitor, answer, CONFIRM, "/account/confirm").status_code == 400
    assert visitor.get("/account/codes").status_code == 303


def test_no_more_than_twenty_are_kept(client: Browser, session: Session) -> None:
    client.sign_up("charlene")
    hers = account(session, "charlene").id
    session.add_all(
        Passkey(account_id=hers, credential_id=bytes([number]), public_key=b"", name="x", created_on=date(2026, 1, 1))
        for number in range(20)
    )
    session.commit()
    assert "You have 20 passkeys already" in add_passkey(client, Device()).text


@pytest.mark.parametrize(
    ("address", "is_offered"),
    [
        ("https://evenings.example", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("https://192.0.2.7", False),
        ("http://evenings.example", False),
    ],
)
def test_passkeys_are_offered_only_where_browsers_make_them(
    another_application: Callable[..., Flask], address: str, is_offered: bool
) -> None:
    page = another_application(base_url=address).test_client().get("/sign-in").text
    assert ("data-passkey" in page, "passkey.js" in page) == (is_offered, is_offered)


def test_no_passkey_is_offered_on_a_device_that_others_use(client: Browser) -> None:
    client.sign_up("charlene")
    assert "data-passkey" in client.get("/account/ways").text
    client.sign_in("charlene", shared="y")
    page = client.get("/account/ways").text
    assert ("data-passkey" in page, "on one that is yours alone" in page) == (False, True)
