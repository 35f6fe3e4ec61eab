"""Each answer carries the same protecting headers, whoever asks and however it ends (ASVS 3.4)."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from groupsite.domain.permissions import Permission
from groupsite.web.auth import requires
from tests.browser import Browser
from tests.worlds import EVERYBODY, GROUP, SIGNED_IN, World, become, rules, values_of

PROTECTING = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@pytest.fixture
def world(app: Flask, connection: Connection, session: Session, sample: None) -> World:
    values = values_of(session, GROUP) | {"code": "gb"}
    session.commit()
    return World(app, connection, values)


def _missing(answer: TestResponse) -> dict[str, str | None]:
    return {name: answer.headers.get(name) for name, value in PROTECTING.items() if answer.headers.get(name) != value}


@pytest.mark.parametrize("person", sorted(EVERYBODY))
def test_every_endpoint_answers_with_every_header(app: Flask, world: World, session: Session, person: str) -> None:
    client, _ = become(app, session, person)
    asked = [(rule.rule, method, world.ask(client, rule, method, token="")) for rule, method, _ in rules(app)]
    assert {(path, method): _missing(answer) for path, method, answer in asked if _missing(answer)} == {}
    assert len({answer.status_code for _, _, answer in asked}) > 2


@pytest.mark.parametrize("person", sorted(SIGNED_IN))
def test_no_page_of_somebody_signed_in_is_stored(app: Flask, world: World, session: Session, person: str) -> None:
    client, _ = become(app, session, person)
    asked = [(rule.rule, world.ask(client, rule, "GET", token="")) for rule, method, _ in rules(app) if method == "GET"]
    kept = {path: answer.headers.get("Cache-Control") for path, answer in asked if answer.mimetype == "text/html"}
    assert {path: value for path, value in kept.items() if value != "no-store"} == {}


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/nowhere", "GET", 404), ("/healthz", "DELETE", 405), ("/static/base.css", "GET", 200)],
)
def test_refusals_and_sheets_carry_them_too(client: Browser, path: str, method: str, status: int) -> None:
    answer = client.client.open(path, method=method, buffered=True)
    assert (answer.status_code, _missing(answer)) == (status, {})


def test_request_that_is_too_large_is_answered_with_them(client: Browser) -> None:
    answer = client.post("/sign-in", {"login": "x" * 3_000_000})
    assert (answer.status_code, _missing(answer)) == (413, {})


def test_mishap_carries_them_and_tells_nothing(another_application: Callable[..., Flask]) -> None:
    @requires(Permission.SEE_PUBLIC)
    def fails() -> str:
        raise RuntimeError("planted")

    application = another_application()
    application.add_url_rule("/fails", view_func=fails)
    application.config["PROPAGATE_EXCEPTIONS"] = False
    answer = application.test_client().get("/fails")
    assert (answer.status_code, _missing(answer), "planted" in answer.text) == (500, {}, False)
