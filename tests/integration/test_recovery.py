import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.browser import Browser
from tests.members import tables_that_hold

CODE = re.compile(r'<code class="copy">([a-z0-9-]+)</code>')
NEW = "nine small boats at dusk"


@pytest.fixture
def codes(client: Browser) -> list[str]:
    client.sign_up("charlene")
    return CODE.findall(client.submit("/account/codes").text)


def come_back(browser: Browser, code: str, login: str = "charlene", new: str = NEW) -> int:
    return browser.submit("/sign-in/recover", {"login": login, "code": code, "new": new}).status_code


def test_codes_are_shown_once_and_kept_as_hashes(client: Browser, codes: list[str], session: Session) -> None:
    assert len(set(codes)) == 8
    assert CODE.findall(client.get("/account/codes").text) == []
    assert [tables_that_hold(session, code) for code in (codes[0], codes[0].replace("-", ""))] == [[], []]


def test_code_sets_a_new_password_once(app: Flask, client: Browser, codes: list[str]) -> None:
    other = Browser(app.test_client())
    assert [come_back(other, codes[0]), come_back(other, codes[0])] == [303, 400]
    assert client.get("/account/security").status_code == 302
    assert [other.sign_in("charlene").status_code, other.sign_in("charlene", NEW).status_code] == [400, 303]
    assert "You have 7 left" in other.get("/account/codes").text


def test_code_may_be_typed_in_any_way(app: Flask, codes: list[str]) -> None:
    assert come_back(Browser(app.test_client()), f" {codes[1].upper().replace('-', ' ')} ") == 303


def test_code_of_somebody_else_opens_nothing(app: Flask, codes: list[str]) -> None:
    other = Browser(app.test_client())
    other.sign_up("marisol")
    assert [come_back(other, codes[0], "marisol"), come_back(other, codes[0], "unknown"), come_back(other, "x")] == [
        400
    ] * 3


def test_weak_password_does_not_spend_the_code(app: Flask, codes: list[str]) -> None:
    other = Browser(app.test_client())
    assert [come_back(other, codes[0], new="short"), come_back(other, codes[0])] == [400, 303]


def test_newer_codes_end_earlier_ones(app: Flask, client: Browser, codes: list[str]) -> None:
    client.submit("/account/codes")
    assert come_back(Browser(app.test_client()), codes[0]) == 400
