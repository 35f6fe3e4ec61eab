"""A code on paper: made once, kept as a hash, good for one use, and telling nobody who looks on what it was for."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from groupsite.domain.disappearing import new_code
from tests.browser import Browser
from tests.integration.test_limits import limited
from tests.integration.test_out_of_sight import CODE, ERROR, is_signed_in, recovery_codes
from tests.members import account, copy_of, tables_that_hold
from tests.plugins.application import MORNING, Clock

__all__ = ["limited"]
CHANGING = {"Set-Cookie"}
"""The id of a visitor's browser is new each time."""


@pytest.fixture
def owner(app: Flask) -> Browser:
    browser = Browser(app.test_client())
    browser.sign_up("charlene")
    return browser


@pytest.fixture
def somebody(app: Flask) -> Callable[[str], TestResponse]:
    """Types a code at a device where nobody is signed in."""

    def type_in(code: str) -> TestResponse:
        return Browser(app.test_client()).submit("/now", {"code": code, "goes_on": "y"})

    return type_in


def slip(browser: Browser, extent: str = "stop") -> str:
    (code,) = CODE.findall(browser.submit("/account/slip", {"extent": extent}).text)
    return str(code)


def seen(answer: TestResponse) -> tuple[int, dict[str, str], str]:
    """What an onlooker sees, on the screen and on the wire."""
    return answer.status_code, {key: text for key, text in answer.headers if key not in CHANGING}, answer.text


def test_code_stops_everything_without_a_sign_in(owner: Browser, somebody: Callable[[str], TestResponse]) -> None:
    code = slip(owner)
    answer = somebody(code.upper())
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (200, '"cache", "cookies", "storage"')
    assert (is_signed_in(owner), owner.sign_in("charlene").status_code) == (False, 303)


def test_code_works_once(owner: Browser, somebody: Callable[[str], TestResponse]) -> None:
    code = slip(owner)
    somebody(code)
    owner.sign_in("charlene")
    somebody(code)
    assert is_signed_in(owner)


def test_newer_code_ends_the_older(owner: Browser, somebody: Callable[[str], TestResponse]) -> None:
    older, newer = slip(owner), slip(owner)
    somebody(older)
    assert is_signed_in(owner)
    somebody(newer)
    assert not is_signed_in(owner)


def test_every_whole_code_gets_the_same_answer(owner: Browser, somebody: Callable[[str], TestResponse]) -> None:
    """Right, used, or never made: status, headers and bytes."""
    code = slip(owner, "delete")
    assert seen(somebody(code)) == seen(somebody(code)) == seen(somebody(new_code()))


def test_slip_of_the_tongue_is_noticed_by_the_letters_alone(
    owner: Browser, somebody: Callable[[str], TestResponse]
) -> None:
    code = slip(owner)
    last = "2" if code[-1] != "2" else "3"
    answer = somebody(code[:-1] + last)
    assert (answer.status_code, ERROR.findall(answer.text), is_signed_in(owner)) == (400, ["code"], True)


@pytest.mark.parametrize(("extent", "signs_in"), [("stop", 303), ("hide", 400), ("delete", 400)])
def test_code_does_what_was_chosen_when_it_was_made(
    owner: Browser, somebody: Callable[[str], TestResponse], session: Session, extent: str, signs_in: int
) -> None:
    recovery_codes(owner)
    somebody(slip(owner, extent))
    assert owner.sign_in("charlene").status_code == signs_in


def test_code_for_hiding_needs_a_way_back(owner: Browser) -> None:
    answer = owner.submit("/account/slip", {"extent": "hide"})
    assert (answer.status_code, ERROR.findall(answer.text), CODE.findall(answer.text)) == (400, ["extent"], [])


def test_unused_code_takes_a_hidden_account_back(app: Flask, owner: Browser) -> None:
    recovery_codes(owner)
    code = slip(owner, "stop")
    owner.submit("/account/now", {"extent": "hide"})
    fields = {"login": "charlene", "password": "seven quiet lanterns", "code": code}
    assert Browser(app.test_client()).submit("/sign-in/return", fields).status_code == 303


def test_code_is_kept_as_a_hash(owner: Browser, session: Session) -> None:
    code = slip(owner)
    assert [tables_that_hold(session, text) for text in (code, code.replace("-", ""))] == [[], []]


def test_code_is_shown_once_and_by_itself(owner: Browser) -> None:
    made = owner.submit("/account/slip", {"extent": "stop"})
    code = CODE.findall(made.text)[0]
    paper = made.text.split('<div class="slip">')[1].split("</div>")[0]
    assert "".join(paper.replace(code, "").split()) == '<p>localhost/now</p><p><codeclass="copy"></code></p>'
    assert code not in owner.get("/account/slip").text
    assert made.headers["Cache-Control"] == "no-store"


def test_code_is_made_only_after_the_password_was_given_lately(owner: Browser, clock: Clock) -> None:
    clock.now = MORNING + timedelta(minutes=11)
    assert owner.get("/account/slip").headers["Location"] == "/account/confirm?next=/account/slip"


def test_page_for_the_code_says_no_more_than_the_paper(client: Browser) -> None:
    text = client.get("/now").text.split("<main")[1].split("</main>")[0].lower()
    assert [word for word in ("account", "delete", "hide", "stop", "group", "mail") if word in text] == []


def test_codes_cannot_be_tried_without_end(limited: Browser) -> None:
    statuses = [limited.submit("/now", {"code": new_code()}).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]


def test_slip_of_a_deleted_account_is_gone_with_it(
    owner: Browser, somebody: Callable[[str], TestResponse], session: Session
) -> None:
    code = slip(owner, "delete")
    before = account(session, "charlene").id
    somebody(code)
    assert tables_that_hold(session, "charlene") == []
    assert "single_use_token" not in tables_that_hold(session, str(before))


def test_owner_finds_on_record_that_her_code_was_used(owner: Browser, somebody: Callable[[str], TestResponse]) -> None:
    somebody(slip(owner))
    owner.sign_in("charlene")
    assert "account.stopped" in [one["what"] for one in copy_of(owner)["what_was_done"]]


def test_refusals_of_the_page_say_no_more_than_the_paper(client: Browser) -> None:
    answer = client.post("/now", {"code": new_code()})
    assert (answer.status_code, "meeting" in answer.text.split("<main")[1]) == (400, False)
