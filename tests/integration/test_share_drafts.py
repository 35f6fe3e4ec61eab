"""A draft outlasts a lost visit, for a week, for its author alone; and never on a device that others use."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from groupsite.mail.vault import Vault
from groupsite.models import AuditEntry, WrittenShare
from groupsite.services import shares
from groupsite.services.sealed_words import words_of
from tests.members import taken_along
from tests.plugins.application import MORNING, Clock
from tests.writers import QUEUE, SHARES, WORDS, Writers, quiet_river

NEW = f"{SHARES}/new"
KEEP = {"body": WORDS, "content_note": "about rest", "days": "14", "audience": "newcomers", "do": "keep"}


@pytest.fixture
def people(app: Flask, session: Session) -> Writers:
    return quiet_river(app, session)


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(WrittenShare)) or 0


def test_draft_is_there_after_the_visit_has_ended(people: Writers, clock: Clock) -> None:
    assert people["charlene"].submit(NEW, KEEP).headers["Location"] == f"{SHARES}?done=kept"
    clock.now = MORNING + timedelta(hours=1)
    assert "/sign-in" in people["charlene"].get(NEW).headers["Location"]
    people["charlene"].sign_in("charlene")
    page = people["charlene"].get(NEW).text
    assert [words in page for words in (WORDS, "about rest")] == [True, True]
    assert re.search(r'<input checked[^>]*name="days"[^>]*value="14"', page)
    assert people.sees("charlene", "Your draft")


def test_draft_can_be_read_by_nobody_else_and_in_no_table(people: Writers, session: Session) -> None:
    people["charlene"].submit(NEW, KEEP)
    for login in ("dev", "noor", "mari"):
        assert [people.sees(login, words) for words in (WORDS, "about rest", "Your draft")] == [False] * 3
    assert not people.sees("noor", path=QUEUE)
    stored = session.scalars(text("SELECT one::text FROM written_share AS one")).one()
    assert [words for words in (WORDS, "about rest") if words in stored] == []


def test_one_draft_is_kept_and_the_newest_counts(people: Writers, session: Session, vault: Vault) -> None:
    for body in ("First.", "Second."):
        people["charlene"].submit(NEW, KEEP | {"body": body})
    assert [words_of(one, vault)[0] for one in session.scalars(select(WrittenShare))] == ["Second."]


def test_posting_ends_the_draft(people: Writers, session: Session) -> None:
    people["charlene"].submit(NEW, KEEP)
    people.post("charlene", "Ready.")
    assert (count(session), people.sees("charlene", "Your draft")) == (1, False)


def test_draft_is_gone_after_a_week(people: Writers, session: Session, clock: Clock) -> None:
    people["charlene"].submit(NEW, KEEP)
    people.come_back(clock, MORNING + timedelta(days=7), "charlene")
    assert WORDS not in people["charlene"].get(NEW).text + str(taken_along(people["charlene"]))
    people["charlene"].submit(NEW, KEEP | {"body": "Anew."})
    assert count(session) == 1
    assert shares.forget_expired(session, now=clock.now + timedelta(days=7)) == 1


def test_draft_is_thrown_away_in_one_step_and_leaves_no_line_in_the_trail(people: Writers, session: Session) -> None:
    people["charlene"].submit(NEW, KEEP)
    share_id = session.scalars(select(WrittenShare.id)).one()
    for other in ("dev", "mari"):
        assert people[other].submit(f"{SHARES}/{share_id}/withdraw", page="/account").status_code == 404
    assert people["charlene"].submit(f"{SHARES}/{share_id}/withdraw", page=NEW).status_code == 303
    assert count(session) == 0
    assert [one.verb for one in session.scalars(select(AuditEntry)) if one.verb.startswith("share")] == []


def test_no_draft_is_kept_on_a_device_that_others_use(people: Writers, session: Session) -> None:
    people["charlene"].submit(NEW, KEEP)
    people["charlene"].sign_in("charlene", shared="y")
    page = people["charlene"].get(NEW).text
    assert ("Keep as a draft" in page, WORDS in page) == (False, False)
    assert not people.sees("charlene", "Your draft")
    refused = people["charlene"].submit(NEW, KEEP | {"body": "Words of today."})
    assert (refused.status_code, "Words of today." in refused.text) == (400, True)
    assert "Other people use this device" in refused.text
    assert count(session) == 1


def test_draft_of_a_secret_that_changed_is_empty_and_stops_nothing(people: Writers, session: Session) -> None:
    people["charlene"].submit(NEW, KEEP)
    share = session.scalars(select(WrittenShare)).one()
    share.words_sealed = Vault("another secret of another site, long enough").seal("[]")
    session.commit()
    assert people["charlene"].get(NEW).status_code == 200
    assert people["charlene"].get(SHARES).status_code == 200


def test_number_in_a_draft_is_asked_about_only_when_it_is_posted(people: Writers) -> None:
    telling = {"body": "Call me: +44 20 7946 0958", "days": "7"}
    assert people["charlene"].submit(NEW, telling | {"do": "keep"}).status_code == 303
    assert people["charlene"].submit(NEW, telling).status_code == 409
