from collections.abc import Callable
from typing import cast

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from groupsite.domain.words import Joining
from groupsite.extensions import db, limiter
from tests.browser import PASSWORD, Browser
from tests.members import new_group


@pytest.fixture
def limited(another_application: Callable[..., Flask], connection: Connection) -> Browser:
    """A browser of an application that counts tries, as on a server."""
    application = another_application(environment="development")
    with application.app_context():
        engines = cast("dict[str | None, Connection]", db.engines)  # a Connection is all that a session needs
    engines[None] = connection
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    limiter.reset()
    return Browser(application.test_client())


def test_wrong_passwords_for_one_login_are_slowed_down(limited: Browser) -> None:
    limited.sign_up("charlene")
    limited.sign_up("marisol")
    statuses = [limited.sign_in("charlene", f"wrong guess {number}").status_code for number in range(11)]
    assert statuses == [400] * 10 + [429]
    assert limited.sign_in(" Charlene ", "another wrong guess").status_code == 429
    assert limited.sign_in("marisol").status_code == 303


def test_right_passwords_do_not_count(limited: Browser) -> None:
    limited.sign_up("charlene")
    assert [limited.sign_in("charlene").status_code for _ in range(12)] == [303] * 12


def test_one_place_cannot_try_without_end(limited: Browser) -> None:
    statuses = [limited.sign_in(f"nobody-{number}", PASSWORD).status_code for number in range(31)]
    assert statuses == [400] * 30 + [429]


def test_counters_hold_no_login_and_no_address(limited: Browser, redis_url: str) -> None:
    limited.sign_in("charlene-the-canary", "wrong guess")
    keys = " ".join(map(str, Redis.from_url(redis_url).keys("*")))
    assert ("canary" in keys, "127.0.0.1" in keys, len(keys) > 0) == (False, False, True)


def test_codes_cannot_be_tried_without_end(limited: Browser, session: Session) -> None:
    new_group(session, "quiet-river", joining=Joining.BY_INVITE)
    limited.sign_up("charlene")
    token = limited.token("/groups/quiet-river/join")
    tried = [
        limited.post("/groups/quiet-river/join", {"csrf_token": token, "display_name": "C.", "code": f"{number:016}"})
        for number in range(21)
    ]
    assert [answer.status_code for answer in tried] == [400] * 20 + [429]


def test_links_for_one_name_are_few_whether_it_is_known_or_not(limited: Browser) -> None:
    limited.sign_up("charlene")
    asked = {
        name: [limited.submit("/sign-in/link", {"login": name}).status_code for _ in range(4)]
        for name in ("charlene", "marigold")
    }
    assert list(asked.values()) == [[303, 303, 303, 429]] * 2
