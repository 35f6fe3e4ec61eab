"""What follows from the address in the settings: which host is served, the cookie's name, and that browsers stay on https."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

HOST = "evenings.example.org"


@pytest.fixture
def somebody(another_application: Callable[..., Flask]) -> FlaskClient:
    """A browser before a site in production, behind https."""
    application = another_application(environment="production", base_url=f"https://{HOST}")
    return application.test_client()


def test_cookie_is_bound_to_the_host_and_has_a_neutral_name(somebody: FlaskClient) -> None:
    cookie = somebody.get("/sign-in", base_url=f"https://{HOST}").headers["Set-Cookie"]
    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-id=")
    assert set(attributes) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_browser_stays_on_https_for_a_year(somebody: FlaskClient) -> None:
    answer = somebody.get("/help", base_url=f"https://{HOST}")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("host", ["evil.example", f"{HOST}.evil.example", f"{HOST}:8443", "127.0.0.1"])
def test_other_host_is_refused(somebody: FlaskClient, host: str) -> None:
    answer = somebody.get("/help", base_url=f"https://{host}")
    assert (answer.status_code, host in answer.text) == (400, False)


def test_forwarded_host_changes_no_link(somebody: FlaskClient) -> None:
    told = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Forwarded": "host=evil.example"}
    answer = somebody.get("/help", base_url=f"https://{HOST}", headers=told)
    assert (answer.status_code, "evil.example" in answer.text) == (200, False)
    assert answer.headers["Strict-Transport-Security"]


def test_probes_answer_without_the_host(somebody: FlaskClient) -> None:
    assert somebody.get("/healthz", base_url="http://10.0.0.7").status_code == 200


def test_request_that_is_too_large_is_refused(somebody: FlaskClient) -> None:
    answer = somebody.post("/sign-in", base_url=f"https://{HOST}", data={"login": "x" * 3_000_000})
    assert answer.status_code == 413
