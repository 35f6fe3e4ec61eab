import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.models import Group, Membership, WrittenShare
from tests.browser import Browser
from tests.facilitator import GROUP
from tests.members import new_group, new_member

RIVER = "/groups/quiet-river"
NEW = f"{RIVER}/shares/new"
TELLING = "Call me: +44 20 7946 0958, or ada@example.org"


@pytest.fixture
def newcomer(app: Flask, session: Session) -> Browser:
    new_group(session, "quiet-river")
    return new_member(app, "charlene", {})


@pytest.fixture
def writer(app: Flask, session: Session) -> Browser:
    new_group(session, "quiet-river")
    return new_member(app, "charlene", {"quiet-river": "Charlie"})


def test_full_name_is_asked_about_once_and_kept_if_she_says_so(newcomer: Browser, session: Session) -> None:
    asked = newcomer.submit(f"{RIVER}/join", {"display_name": "Anna Schmidt"})
    assert (asked.status_code, 'value="Anna Schmidt"' in asked.text) == (409, True)
    assert 'name="kept" value="full_name"' in asked.text
    assert session.scalars(select(Membership)).all() == []
    kept = newcomer.submit(f"{RIVER}/join", {"display_name": "Anna Schmidt", "kept": "full_name"})
    assert kept.status_code == 303
    assert session.scalars(select(Membership)).one().display_name == "Anna Schmidt"


def test_name_that_tells_nothing_is_not_asked_about(newcomer: Browser) -> None:
    assert newcomer.submit(f"{RIVER}/join", {"display_name": "Charlie L."}).status_code == 303


def test_share_with_a_number_and_an_address_is_asked_about_together(writer: Browser, session: Session) -> None:
    asked = writer.submit(NEW, {"body": TELLING, "days": "7"})
    assert (asked.status_code, TELLING in asked.text, asked.text.count("It looks as if")) == (409, True, 2)
    assert session.scalars(select(WrittenShare)).all() == []
    assert writer.submit(NEW, {"body": TELLING, "days": "7", "kept": "email telephone"}).status_code == 303
    assert session.scalars(select(WrittenShare)).one().body == TELLING


@pytest.mark.parametrize("kept", ["email", "", "full_name", "telephone\0", "<script>"])
def test_what_was_not_asked_about_yet_is_asked_about(writer: Browser, session: Session, kept: str) -> None:
    """She kept the address, and added a number afterwards."""
    assert writer.submit(NEW, {"body": TELLING, "days": "7", "kept": kept}).status_code == 409
    assert session.scalars(select(WrittenShare)).all() == []


def test_content_note_is_looked_at_too(writer: Browser) -> None:
    fields = {"body": "I rested.", "content_note": "about Anna Schmidt", "days": "7"}
    assert writer.submit(NEW, fields).status_code == 409


def test_what_is_refused_anyway_is_not_asked_about(writer: Browser) -> None:
    answer = writer.submit(NEW, {"body": TELLING, "days": "31"})
    assert (answer.status_code, "It looks as if" in answer.text) == (400, False)


def test_the_enter_key_keeps_nothing(writer: Browser) -> None:
    """The first button of a form is what Enter presses."""
    form = writer.submit(NEW, {"body": TELLING, "days": "7"}).text.split('<form class="form"')[1]
    assert form.index(">Post</button>") < form.index(">Keep it as it is</button>")


def test_whoever_starts_a_group_is_asked_about_the_name(newcomer: Browser, session: Session) -> None:
    fields = GROUP | {"display_name": "Anna Schmidt"}
    assert newcomer.submit("/groups/new", fields).status_code == 409
    assert [group.slug for group in session.scalars(select(Group))] == ["quiet-river"]
    assert newcomer.submit("/groups/new", fields | {"kept": "full_name"}).status_code == 303
