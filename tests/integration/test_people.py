import pytest
from flask import Flask
from sqlalchemy.orm import Session

from groupsite.domain.words import ListingState
from groupsite.models import Group
from tests.browser import Browser
from tests.members import membership, new_group, new_member

PEOPLE = "/groups/quiet-river/manage/people"


@pytest.fixture
def marisol(app: Flask, session: Session) -> Browser:
    """Runs the group that Dev is in."""
    new_group(session, "quiet-river")
    browser = new_member(app, "marisol", {"quiet-river": "Mari"})
    membership(session, "marisol", "quiet-river").roles = ["secretary"]
    session.commit()
    return browser


@pytest.fixture
def dev(app: Flask, marisol: Browser) -> Browser:
    return new_member(app, "dev", {"quiet-river": "Dev <b>"})


def test_another_member_runs_the_group_too_and_puts_it_down(marisol: Browser, dev: Browser, session: Session) -> None:
    assert dev.get(PEOPLE).status_code == 403
    assert marisol.submit(PEOPLE, {"display_name": "Dev <b>"}).status_code == 303
    assert "<b>" not in marisol.get(PEOPLE).text
    assert dev.get(PEOPLE).status_code == 200
    assert dev.submit(f"{PEOPLE}/step-down", page=PEOPLE).headers["Location"] == "/home?done=stepped-down"
    assert membership(session, "dev", "quiet-river").roles == []


def test_two_can_hand_over_without_a_question(marisol: Browser, dev: Browser, session: Session) -> None:
    marisol.submit(PEOPLE, {"display_name": "dev <B>"})
    assert marisol.submit(f"{PEOPLE}/step-down", page=PEOPLE).status_code == 303
    assert [membership(session, login, "quiet-river").roles for login in ("marisol", "dev")] == [[], ["secretary"]]


def test_last_one_is_asked_once_before_stepping_down(marisol: Browser, dev: Browser, session: Session) -> None:
    answer = marisol.submit(f"{PEOPLE}/step-down", page=PEOPLE)
    assert (answer.status_code, "Step down all the same" in answer.text) == (409, True)
    marisol.submit(f"{PEOPLE}/step-down", {"anyway": "yes"}, page=PEOPLE)
    member = membership(session, "marisol", "quiet-river")
    assert member.roles == []
    assert session.get_one(Group, member.group_id).listing_state is ListingState.UNCONFIRMED


@pytest.mark.parametrize("name", ["", "Nobody", "x" * 20_000, "Mari\r\n", "\0"])
def test_unknown_name_is_not_found(marisol: Browser, name: str) -> None:
    assert marisol.submit(PEOPLE, {"display_name": name}).status_code == 404
