"""When the database does not answer, the way out and the way to help stay open, and the rest says so calmly."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient


@pytest.fixture
def somebody(another_application: Callable[..., Flask]) -> FlaskClient:
    """A browser with the cookie of a session, before an application whose database is not there."""
    application = another_application(environment="production", database_url="postgresql://nobody@127.0.0.1:1/none")
    browser = application.test_client()
    browser.set_cookie("id", "x" * 43)
    return browser


def test_leaving_works_without_the_database(somebody: FlaskClient) -> None:
    answer = somebody.get("/leave")
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (302, '"cache", "cookies", "storage"')


def test_help_is_there_without_the_database(somebody: FlaskClient) -> None:
    answer = somebody.get("/help")
    assert (answer.status_code, "Get help now" in answer.text) == (200, True)


@pytest.mark.parametrize("path", ["/", "/home", "/groups/tuesday-lantern"])
def test_page_that_needs_the_database_says_that_it_is_gone(somebody: FlaskClient, path: str) -> None:
    answer = somebody.get(path)
    assert (answer.status_code, "We are not ready just now" in answer.text) == (503, True)
