"""Passkeys: added, used to sign in and to show who is there, and every way to cheat refused in the same words."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groupsite.domain.disappearing import Extent
from groupsite.domain.permissions import VISITOR
from groupsite.models import Passkey, SpentChallenge, WebSession
from groupsite.services import passkeys, upkeep
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


def test_passkey_signs_in_without_a_name(device: Device, visitor: Browser, session: Session) -> None:
    question_on(visitor, "/sign-in")
    before = visitor.session_id()
    answer = enter(visitor, device)
    assert (answer.status_code, answer.headers["Location"], visitor.is_signed_in()) == (303, "/home", True)
    assert visitor.session_id() != before
    kept = session.scalars(select(Passkey)).one()
    assert (kept.sign_count, kept.created_on, kept.last_used_on) == (1, MORNING.date(), MORNING.date())


def test_question_names_nobody_and_asks_for_the_owner(device: Device, visitor: Browser) -> None:
    asked = question_on(visitor, "/sign-in")
    assert (asked["allowCredentials"], asked["userVerification"], asked["rpId"]) == ([], "required", "localhost")


def test_new_key_is_asked_to_be_kept_with_its_owner_under_a_random_handle(client: Browser, session: Session) -> None:
    client.sign_up("charlene")
    asked = question_on(client, "/account/ways")
    chosen = asked["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"], asked["attestation"]) == ("required", "required", "none")
    device = Device()
    device.made(asked)
    hers = account(session, "charlene")
    assert device.user_handle == hers.passkey_handle != hers.id.bytes
    assert asked["user"]["name"] == "charlene"


def test_accounts_have_handles_of_their_own(client: Browser, visitor: Browser, session: Session) -> None:
    client.sign_up("charlene")
    visitor.sign_up("marisol")
    assert account(session, "charlene").passkey_handle != account(session, "marisol").passkey_handle


def test_session_by_passkey_is_sure(device: Device, visitor: Browser) -> None:
    enter(visitor, device)
    assert visitor.get("/account/codes").status_code == 200


def test_shared_device_is_taken_along(device: Device, visitor: Browser, session: Session) -> None:
    answer = device.used(question_on(visitor, "/sign-in"))
    visitor.submit("/sign-in/passkey", {"answer": answer, "shared": "y"}, page="/sign-in")
    assert session.scalars(select(WebSession.is_shared).order_by(WebSession.is_shared)).all() == [False, True]


def test_way_back_to_the_page_asked_for_stays_here(device: Device, visitor: Browser) -> None:
    places = [
        send(visitor, device.used(question_on(visitor, "/sign-in")), f"/sign-in/passkey?next={wanted}").headers[
            "Location"
        ]
        for wanted in ("/account/codes", "//elsewhere.example")
    ]
    assert places == ["/account/codes", "/home"]


def test_device_that_does_not_count_can_be_used_again(client: Browser, visitor: Browser) -> None:
    client.sign_up("charlene")
    device = Device(count=None)
    add_passkey(client, device)
    assert [enter(visitor, device).status_code for _ in range(2)] == [303, 303]


Cheat = Callable[[Device, dict[str, Any]], str]
CHEATS: dict[str, Cheat] = {
    "another origin": lambda device, asked: device.used(asked, origin="http://evil.example"),
    "another port": lambda device, asked: device.used(asked, origin="http://localhost:8000"),
    "another site": lambda device, asked: device.used(asked, host="evil.example"),
    "not verified": lambda device, asked: device.used(asked, flags=PRESENT),
    "not present": lambda device, asked: device.used(asked, flags=VERIFIED),
    "another question": lambda device, asked: device.used(asked | {"challenge": "A" * 43}),
    "an unknown key": lambda device, asked: Device(user_handle=device.user_handle).used(asked),
    "a key of its own under her id": lambda device, asked: Device(
        credential_id=device.credential_id, user_handle=device.user_handle
    ).used(asked),
    "no owner": lambda device, asked: _handle_of(device, b"").used(asked),
    "another owner": lambda device, asked: _handle_of(device, b"x" * 16).used(asked),
    "a count that stands still": lambda device, asked: _count_of(device, 0).used(asked),
    "nothing": lambda _device, _asked: "",
    "no object": lambda _device, _asked: "[]",
    "a deep hole": lambda _device, _asked: "[" * 8000,
    "far too much": lambda device, asked: device.used(asked) + " " * 20_000,
    "an answer for a new key": lambda _device, asked: Device().made(
        asked | {"user": {"id": "AAAA"}, "rp": {"id": "localhost"}}
    ),
}


def _handle_of(device: Device, handle: bytes) -> Device:
    return Device(device.key, device.credential_id, handle, device.count)


def _count_of(device: Device, count: int) -> Device:
    """Its next answer says one more."""
    return Device(device.key, device.credential_id, device.user_handle, count - 1 if count else 0)


@pytest.mark.parametrize("cheat", CHEATS)
def test_cheat_opens_nothing_and_is_told_nothing(device: Device, visitor: Browser, cheat: str) -> None:
    enter(visitor, device)
    visitor.submit("/sign-out", page="/account")
    usual = send(visitor, "{}")
    answer = send(visitor, CHEATS[cheat](device, question_on(visitor, "/sign-in")))
    assert (answer.status_code, visitor.is_signed_in()) == (400, False)
    assert without_tokens(answer.text) == without_tokens(usual.text)
    assert passkeys.NOT_OPENED in usual.text


def test_answer_counts_once(device: Device, app: Flask, visitor: Browser, client: Browser) -> None:
    """Also for a device that does not count, in the browser that was asked."""
    device.count = None
    question = question_on(visitor, "/sign-in")
    before = visitor.session_id()
    token = visitor.token("/sign-in")
    answer = device.used(question)
    assert visitor.post("/sign-in/passkey", {"csrf_token": token, "answer": answer}).status_code == 303
    visitor.submit("/sign-out", page="/account")
    visitor.client.set_cookie("id", before)
    again = visitor.post("/sign-in/passkey", {"csrf_token": token, "answer": answer})
    assert (again.status_code, passkeys.NOT_OPENED in again.text, visitor.is_signed_in()) == (400, True, False)


def test_answer_counts_in_the_browser_that_was_asked_alone(device: Device, visitor: Browser, app: Flask) -> None:
    stolen = device.used(question_on(visitor, "/sign-in"))
    thief = Browser(app.test_client())
    assert (send(thief, stolen).status_code, send(visitor, stolen).status_code) == (400, 303)


def test_question_is_over_after_some_minutes(device: Device, visitor: Browser, clock: Clock) -> None:
    answer = device.used(question_on(visitor, "/sign-in"))
    clock.now = MORNING + timedelta(minutes=10) - timedelta(seconds=1)
    assert send(visitor, answer).status_code == 303
    visitor.submit("/sign-out", page="/account")
    answer = device.used(question_on(visitor, "/sign-in"))
    clock.now += timedelta(minutes=20)
    assert send(visitor, answer).status_code == 400


def test_reading_the_page_stores_nothing_and_answers_are_forgotten(
    device: Device, visitor: Browser, session: Session
) -> None:
    spent = select(func.count()).select_from(SpentChallenge)
    before = session.scalar(spent)
    visitor.get("/sign-in")
    assert session.scalar(spent) == before == 1
    upkeep.forget(session, now=MORNING + timedelta(minutes=20))
    assert session.scalar(spent) == 0


def test_question_for_one_thing_is_none_for_another(device: Device, client: Browser) -> None:
    """What she was asked to confirm signs nobody in."""
    asked = question_on(client, "/account/confirm")
    assert send(client, device.used(asked), page="/account").status_code == 400


def test_count_that_goes_back_is_a_copy(device: Device, visitor: Browser) -> None:
    copy = Device(device.key, device.credential_id, device.user_handle, 0)
    device.count = 5
    assert enter(visitor, device).status_code == 303
    visitor.submit("/sign-out", page="/account")
    assert [enter(visitor, copy).status_code, enter(visitor, device).status_code] == [400, 303]


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
