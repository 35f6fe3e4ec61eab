"""The clocks of tonight on a second telephone: by a code, without a sign-in, and without anything that says whose they are."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.browser import Browser
from tests.members import tables_that_hold
from tests.plugins.application import MORNING, Clock
from tests.sheets import ENDS, SHEET, STARTS, arrive, code_of, press, state
from tests.worlds import become


@pytest.fixture
def chair(app: Flask, session: Session, sample: None) -> Browser:
    return become(app, session, "trusted servant")[0]


@pytest.fixture
def member(app: Flask, session: Session, sample: None) -> Browser:
    return become(app, session, "member")[0]


def test_names_are_shown_to_members_and_not_to_whoever_has_a_code(app: Flask, chair: Browser, member: Browser) -> None:
    press(chair, "reader", position=2, reader="Quokka")
    assert state(member)["parts"][2]["reader"] == "Quokka"
    assert "Quokka" in member.get(f"{SHEET}/time").text
    letters = code_of(chair).replace("-", "")
    visitor = Browser(app.test_client())
    for path in (f"/clock/{letters}", f"/clock/{letters}/state"):
        assert "Quokka" not in visitor.get(path).text


def test_code_opens_the_clocks_and_nothing_that_says_whose(
    app: Flask, chair: Browser, session: Session, clock: Clock
) -> None:
    arrive(session, clock, STARTS)
    code = code_of(chair)
    press(chair, "go", to=0)
    visitor = Browser(app.test_client())
    answer = visitor.submit("/clock", {"code": f" {code.upper()} "})
    assert answer.headers["Location"] == f"/clock/{code.replace('-', '')}"
    page = visitor.get(answer.headers["Location"])
    assert (page.status_code, page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == (
        200,
        "no-store",
        "noindex",
    )
    assert "Arrivals and hello" in page.text
    assert [word for word in ("Lantern", "lantern", "Mill Lane", "/groups/") if word in page.text] == []
    assert state(visitor, f"{answer.headers['Location']}/state")["current"] == 0
    assert tables_that_hold(session, code.replace("-", "")) == []


def test_code_ends_with_a_new_one_with_the_evening_and_with_the_sheet(app: Flask, chair: Browser, clock: Clock) -> None:
    visitor = Browser(app.test_client())

    def opens(code: str) -> bool:
        return visitor.get(f"/clock/{code.replace('-', '')}").status_code == 200

    first = code_of(chair)
    second = code_of(chair)
    assert (opens(first), opens(second)) == (False, True)
    clock.now = ENDS + timedelta(hours=2)
    assert not opens(second)
    clock.now = MORNING
    chair.submit(f"{SHEET}/forget", page=SHEET)
    assert not opens(second)


@pytest.mark.parametrize("typed", ["", "k7mp-2xq9-d4tt", "…", "x" * 500])
def test_wrong_codes_get_one_answer(client: Browser, sample: None, typed: str) -> None:
    answer = client.submit("/clock", {"code": typed})
    assert (answer.status_code, "This code does not lead to a clock" in answer.text) == (404, True)
