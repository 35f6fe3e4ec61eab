"""Held, kept, returned, appealed: decided with a code by somebody whom it is not about."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from groupsite.domain.share_states import ShareState
from groupsite.models import AuditEntry
from tests.members import taken_along
from tests.plugins.application import MORNING, Clock
from tests.writers import QUEUE, SHARES, WORDS, Writers, quiet_river

DAY = timedelta(days=1)


@pytest.fixture
def people(app: Flask, session: Session) -> Writers:
    """In their group somebody looks at each share first."""
    writers = quiet_river(app, session)
    writers.choose(holds_first=True)
    return writers


def test_held_share_is_seen_by_its_author_and_share_readers_alone(people: Writers) -> None:
    people.post("charlene")
    assert [people.sees(login) for login in ("charlene", "dev", "noor", "mari")] == [True, False, False, False]
    assert people.sees("noor", path=QUEUE)
    assert "Nobody else sees it until then." in people["charlene"].get(SHARES).text
    assert people["dev"].get(QUEUE).status_code == 403


def test_kept_share_is_shown_and_its_days_begin_then(people: Writers, clock: Clock) -> None:
    share_id = people.post("charlene", days="1")
    clock.now = MORNING + timedelta(minutes=20)
    assert people.keep("noor", share_id).headers["Location"] == f"{QUEUE}?done=kept"
    assert people.sees("dev")
    share = people.share(share_id)
    assert (share.published_at, share.expires_at) == (clock.now, clock.now + DAY)
    assert "Nothing waits for you." in people["noor"].get(QUEUE).text


def test_returned_share_is_with_its_author_alone_and_can_be_read_in_no_table(people: Writers, session: Session) -> None:
    share_id = people.post("charlene", "Call me on +44 20 7946 0958.", content_note="about a call")
    assert people.give_back("noor", share_id, "contact_details").status_code == 303
    page = people["charlene"].get(SHARES).text
    assert ("It came back to you. It has a telephone number" in page, "Call me on" in page) == (True, True)
    assert [people.sees(login, "Call me on") for login in ("dev", "noor", "mari")] == [False] * 3
    stored = session.scalars(text("SELECT one::text FROM written_share AS one")).one()
    assert [words for words in ("Call me", "about a call") if words in stored] == []
    assert "Noor" not in page


def test_author_mends_what_came_back_and_nobody_else_can(people: Writers) -> None:
    share_id = people.post("charlene", "You should rest.")
    people.give_back("noor", share_id)
    again = f"{SHARES}/{share_id}/again"
    assert "You should rest." in people["charlene"].get(again).text
    for other in ("dev", "noor", "mari"):
        assert people[other].get(again).status_code == 404
        assert people[other].submit(again, {"body": "Changed.", "days": "7"}, page="/account").status_code == 404
        assert people[other].submit(f"{SHARES}/{share_id}/appeal", page="/account").status_code == 404
    answer = people["charlene"].submit(again, {"body": "I rested.", "days": "14"})
    assert answer.headers["Location"] == f"{SHARES}?done=held"
    assert people.sees("noor", "I rested.", QUEUE)
    people.keep("noor", share_id)
    assert [people.sees("dev", words) for words in ("I rested.", "You should rest.")] == [True, False]


def test_no_endpoint_lets_anybody_change_a_word_of_a_share_that_is_shown(people: Writers) -> None:
    share_id = people.post("charlene")
    for state in ("held", "shown"):
        for login in ("charlene", "noor", "mari"):
            answer = people[login].submit(f"{SHARES}/{share_id}/again", {"body": "X", "days": "7"}, page="/account")
            assert answer.status_code == (409 if login == "charlene" else 404), (state, login)
        assert people.share(share_id).body == WORDS
        people.keep("noor", share_id)


def test_what_was_returned_is_looked_at_again_in_a_group_that_holds_nothing(people: Writers) -> None:
    people.choose()
    share_id = people.post("charlene", "You should rest.")
    people.report("dev", share_id, "names_a_person")
    people.give_back("noor", share_id)
    people["charlene"].submit(f"{SHARES}/{share_id}/again", {"body": "I rested.", "days": "7"})
    assert not people.sees("dev", "I rested.")
    assert people.reports() == []


def test_share_reader_never_decides_on_words_of_her_own(people: Writers) -> None:
    share_id = people.post("noor")
    assert not people.sees("noor", path=QUEUE)
    assert [people.keep("noor", share_id).status_code, people.give_back("noor", share_id).status_code] == [404, 404]
    assert people.sees("lily", path=QUEUE)
    assert people.keep("lily", share_id).status_code == 303


def test_appeal_goes_to_somebody_else_and_there_is_one(people: Writers) -> None:
    share_id = people.post("charlene")
    people.give_back("noor", share_id, "not_own_words")
    assert "Ask another person to look" in people["charlene"].get(SHARES).text
    appeal = f"{SHARES}/{share_id}/appeal"
    assert people["charlene"].submit(appeal, page=SHARES).headers["Location"] == f"{SHARES}?done=appealed"
    assert [people.sees(login, path=QUEUE) for login in ("noor", "lily", "mari")] == [False, True, True]
    assert people.keep("noor", share_id).status_code == 404
    assert people.give_back("mari", share_id, "not_own_words").status_code == 303
    assert "Ask another person to look" not in people["charlene"].get(SHARES).text
    assert people["charlene"].submit(appeal, page=SHARES).status_code == 409
    assert people.share(share_id).state is ShareState.RETURNED


def test_appeal_that_is_granted_shows_the_very_words(people: Writers) -> None:
    share_id = people.post("charlene", content_note="about rest")
    people.give_back("noor", share_id)
    people["charlene"].submit(f"{SHARES}/{share_id}/appeal", page=SHARES)
    people.keep("lily", share_id)
    share = people.share(share_id)
    assert (share.body, share.content_note, share.words_sealed) == (WORDS, "about rest", None)
    assert people.sees("dev")


def test_what_waits_for_a_day_is_seen_by_those_who_run_the_group(people: Writers, clock: Clock) -> None:
    share_id = people.post("charlene")
    assert not people.sees("mari", path=QUEUE)
    assert people.keep("mari", share_id).status_code == 404
    people.come_back(clock, MORNING + DAY, "mari", "noor")
    for login in ("mari", "noor"):
        page = people[login].get(QUEUE).text
        assert (WORDS in page, "Waits for more than a day" in page) == (True, True)
    assert people.keep("mari", share_id).status_code == 303


def test_second_decision_about_the_same_share_changes_nothing(people: Writers) -> None:
    share_id = people.post("charlene")
    assert [people.keep("noor", share_id).status_code, people.give_back("lily", share_id).status_code] == [303, 404]
    assert people.share(share_id).state is ShareState.PUBLISHED


def test_share_goes_back_under_a_guideline_or_not_at_all(people: Writers) -> None:
    share_id = people.post("charlene")
    for guideline in ("", "I do not like it", "names_a_person\0"):
        refused = people.give_back("noor", share_id, guideline)
        assert (refused.status_code, "Please choose the guideline" in refused.text) == (400, True)
    assert people.share(share_id).state is ShareState.HELD


def test_author_takes_back_what_is_held_or_returned(people: Writers) -> None:
    for returned in (False, True):
        share_id = people.post("charlene")
        if returned:
            people.give_back("noor", share_id)
        assert people["charlene"].submit(f"{SHARES}/{share_id}/withdraw", page=SHARES).status_code == 303
        assert not people.sees("noor", path=QUEUE)
        assert people.keep("noor", share_id).status_code == 404


def test_copy_of_the_account_has_what_came_back_and_not_who_returned_it(people: Writers) -> None:
    people.give_back("noor", people.post("charlene"))
    written = str(taken_along(people["charlene"]))
    assert (WORDS in written, "returned" in written, "Noor" in written) == (True, True, False)
    assert str(people.member("noor").id) not in written


def test_trail_says_who_decided_by_id_and_never_a_word(people: Writers, session: Session) -> None:
    share_id = people.post("charlene")
    people.give_back("noor", share_id, "advice")
    entries = {one.verb: one for one in session.scalars(select(AuditEntry))}
    assert entries["share.returned"].subject == {"share": str(share_id), "guideline": "advice"}
    assert WORDS not in str([one.subject for one in entries.values()])


def test_share_reader_puts_it_down_in_one_step(people: Writers) -> None:
    people.post("charlene")
    assert people["noor"].submit(f"{QUEUE}/stop", page=QUEUE).status_code == 303
    assert people["noor"].get(QUEUE).status_code == 403
