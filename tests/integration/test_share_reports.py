"""A second look is asked for in two taps, by anybody, and nobody learns by whom."""

import re

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from groupsite.domain.share_states import ShareState
from groupsite.models import AuditEntry
from tests.members import copy_of, taken_along
from tests.writers import QUEUE, SHARES, WORDS, Writers, quiet_river


@pytest.fixture
def people(app: Flask, session: Session) -> Writers:
    return quiet_river(app, session)


def test_report_takes_two_taps_and_no_text(people: Writers) -> None:
    people.post("charlene")
    link = re.search(rf'href="({SHARES}/[^"]+/report)"', people["dev"].get(SHARES).text)
    assert link
    page = people["dev"].get(link[1]).text
    form = page.split('<form class="stack"')[1].split("</form>")[0]
    assert set(re.findall(r'name="([^"]+)"', form)) == {"csrf_token", "reason"}
    assert re.findall(r"<(?:textarea|input)(?![^>]*hidden)", form) == []
    assert people["dev"].submit(link[1], {"reason": "advice"}).headers["Location"] == f"{SHARES}?done=reported"


@pytest.mark.parametrize("reason", ["names_a_person", "method"])
def test_what_may_harm_is_out_of_sight_at_once(people: Writers, reason: str) -> None:
    share_id = people.post("charlene")
    people.report("dev", share_id, reason)
    assert [people.sees(login) for login in ("dev", "ana", "mari")] == [False] * 3
    assert people.sees("noor", path=QUEUE)
    assert people.sees("charlene", "Somebody asked for a second look.")


@pytest.mark.parametrize("reason", ["advice", "approach", "other"])
def test_anything_else_is_out_of_sight_when_three_people_say_so(people: Writers, reason: str) -> None:
    share_id = people.post("charlene")
    for login, is_seen in (("dev", True), ("dev", True), ("ana", True), ("tom", False)):
        people.report(login, share_id, reason)
        assert people.sees("mari") is is_seen
        assert people.sees("noor", path=QUEUE)


def test_nobody_learns_who_reported(people: Writers, session: Session) -> None:
    """Not the author, not who looks at it, not who runs the group, not the audit trail, not the author's copy."""
    share_id = people.post("charlene")
    people["dev"].get(SHARES)
    people.report("dev", share_id, "names_a_person")
    telling = ("Dev", str(people.member("dev").id), str(share_id) + "/report")
    pages = [people["charlene"].get(SHARES), people["noor"].get(QUEUE), people["mari"].get(QUEUE)]
    shown = [page.text for page in pages] + [str(taken_along(people["charlene"]))]
    assert [word for page in shown for word in telling if word in page] == []
    dev_did = session.scalars(select(AuditEntry).where(AuditEntry.actor_id == people.member("dev").account_id))
    assert [one.verb for one in dev_did if one.verb.startswith("share")] == []


def test_copy_of_the_reporter_has_the_reason_and_nothing_of_the_author(people: Writers) -> None:
    people.report("dev", people.post("charlene"), "approach")
    (river,) = copy_of(people["dev"])["groups"]
    assert river["asked_for_a_second_look_because"] == ["approach"]
    assert [words for words in ("Charlie", WORDS) if words in str(taken_along(people["dev"]))] == []


def test_queue_shows_reasons_and_no_number_of_people(people: Writers) -> None:
    share_id = people.post("charlene")
    one = people.report("dev", share_id, "advice")
    before = people["noor"].get(QUEUE).text
    people.report("ana", share_id, "advice")
    token = re.compile(r'name="csrf_token"[^>]*value="[^"]+"')
    assert one.status_code == 303
    assert "It gives advice, or answers somebody’s words" in before
    assert token.sub("", before) == token.sub("", people["noor"].get(QUEUE).text)


def test_share_reader_does_not_decide_on_what_she_reported(people: Writers) -> None:
    share_id = people.post("charlene")
    people.report("noor", share_id, "names_a_person")
    assert [people.sees(login, path=QUEUE) for login in ("noor", "lily")] == [False, True]
    assert people.keep("noor", share_id).status_code == 404
    assert people.keep("lily", share_id).status_code == 303


def test_share_that_was_kept_keeps_its_days_and_is_not_hidden_by_further_reports(people: Writers) -> None:
    share_id = people.post("charlene")
    before = people.share(share_id)
    span = (before.published_at, before.expires_at)
    people.report("dev", share_id, "method")
    people.keep("noor", share_id)
    after = people.share(share_id)
    assert ((after.published_at, after.expires_at), people.sees("dev")) == (span, True)
    people.report("dev", share_id, "method")
    assert not people.sees("noor", path=QUEUE)
    people.report("ana", share_id, "method")
    assert (people.sees("dev"), people.sees("noor", path=QUEUE)) == (True, True)
    assert people.give_back("noor", share_id, "method").status_code == 303
    assert not people.sees("dev")


def test_one_cannot_report_ones_own_words(people: Writers) -> None:
    share_id = people.post("charlene")
    assert people["charlene"].get(f"{SHARES}/{share_id}/report").status_code == 404
    assert people.report("charlene", share_id, "other").status_code == 404
    assert people.reports() == []


@pytest.mark.parametrize("reason", ["", "boring", "advice\0", "names_a_person,advice"])
def test_reason_is_one_of_the_list(people: Writers, reason: str) -> None:
    share_id = people.post("charlene")
    assert people.report("dev", share_id, reason).status_code == 400
    assert people.reports() == []


def test_reports_go_when_the_reporter_leaves_and_when_the_share_goes(people: Writers, session: Session) -> None:
    for gone in ("reporter", "share"):
        share_id = people.post("charlene")
        people.report("dev" if gone == "reporter" else "ana", share_id, "other")
        assert len(people.reports()) == 1
        if gone == "reporter":
            people["dev"].submit("/groups/quiet-river/leave", page=SHARES)
        else:
            people["charlene"].submit(f"{SHARES}/{share_id}/withdraw", page=SHARES)
        assert people.reports() == []
    assert session.scalar(text("SELECT count(*) FROM share_report")) == 0


def test_report_says_nothing_of_a_share_that_is_gone(people: Writers) -> None:
    share_id = people.post("charlene")
    people["charlene"].submit(f"{SHARES}/{share_id}/withdraw", page=SHARES)
    assert people["dev"].get(f"{SHARES}/{share_id}/report").status_code == 404
    assert people.report("dev", share_id, "advice").status_code == 404


def test_held_share_cannot_be_reported_by_those_who_do_not_see_it(people: Writers) -> None:
    people.choose(holds_first=True)
    share_id = people.post("charlene")
    assert people.report("dev", share_id, "advice").status_code == 404
    assert (people.share(share_id).state, people.share(share_id).body) == (ShareState.HELD, WORDS)
