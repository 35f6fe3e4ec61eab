"""Passkeys: added, used to sign in and to show who is there, and every way to cheat refused in the same words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groupsite.models import Passkey, SpentChallenge, WebSession
from groupsite.services import passkeys, upkeep
from tests.authenticator import PRESENT, VERIFIED, Device, add_passkey, enter, question_on, send
from tests.browser import Browser, without_tokens
from tests.members import account
from tests.plugins.application import MORNING, Clock


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
