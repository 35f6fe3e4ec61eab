from collections.abc import Iterator
from typing import cast

import pytest
from redis import Redis
from sqlalchemy import Connection

from groupsite import create_app
from groupsite.config import Settings
from groupsite.extensions import db, limiter
from tests.browser import PASSWORD, Browser
from tests.plugins.application import Clock


@pytest.fixture
def limited(settings: Settings, clock: Clock, connection: Connection) -> Iterator[Browser]:
    """A browser of an application that counts tries, as on a server."""
    application = create_app(settings.model_copy(update={"environment": "development"}), clock)
    with application.app_context():
        engines = cast("dict[str | None, Connection]", db.engines)  # a Connection is all that a session needs
    engines[None] = connection
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    limiter.reset()
    yield Browser(application.test_client())
    limiter.reset()
    limiter.enabled = False


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
