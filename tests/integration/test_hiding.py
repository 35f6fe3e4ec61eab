import re
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from groupsite.domain.words import ListingState
from groupsite.models import Account, AuditEntry, Group, HiddenFrom, WrittenShare
from tests.browser import Browser
from tests.members import account, copy_of, membership, new_group, new_member, statements, tables_that_hold
from tests.plugins.application import MORNING

RIVER = "/groups/quiet-river"
SHARES = f"{RIVER}/shares"
HIDDEN = f"{RIVER}/hidden"
PEOPLE = f"{RIVER}/manage/people"


@pytest.fixture
def her(app: Flask, session: Session) -> Browser:
    """Charlene, who has written something."""
    new_group(session, "quiet-river")
    browser = new_member(app, "charlene", {"quiet-river": "Charlie"})
    browser.submit(f"{SHARES}/new", {"body": "I sat by the window.", "days": "7"})
    return browser


@pytest.fixture
def him(app: Flask, her: Browser) -> Browser:
    browser = new_member(app, "dev", {"quiet-river": "Dev"})
    browser.submit(f"{SHARES}/new", {"body": "I made tea.", "days": "7"})
    return browser


def share_by(session: Session, login: str) -> WrittenShare:
    member = membership(session, login, "quiet-river")
    return session.scalars(select(WrittenShare).where(WrittenShare.membership_id == member.id)).one()


def hide(browser: Browser, session: Session, login: str) -> None:
    path = f"{SHARES}/{share_by(session, login).id}/hide"
    assert browser.submit(path).headers["Location"] == f"{HIDDEN}?done=hidden"


def test_hiding_takes_two_taps_and_works_both_ways(her: Browser, him: Browser, session: Session) -> None:
    link = re.search(rf'href="({SHARES}/[^"]+/hide)"', her.get(SHARES).text)
    assert link
    question = her.get(link[1]).text
    assert ("Hide from “Dev”?" in question, "A meeting cannot be hidden" in question) == (True, True)
    assert her.submit(link[1]).status_code == 303
    assert ["I made tea." in her.get(SHARES).text, "I sat by the window." in him.get(SHARES).text] == [False, False]
    assert ["I sat by the window." in her.get(SHARES).text, "I made tea." in him.get(SHARES).text] == [True, True]


def test_others_see_both(app: Flask, her: Browser, him: Browser, session: Session) -> None:
    other = new_member(app, "marisol", {"quiet-river": "Mari"})
    hide(her, session, "dev")
    page = other.get(SHARES).text
    assert ("I made tea." in page, "I sat by the window." in page) == (True, True)


def test_only_she_has_it_on_her_list_and_can_take_it_back(her: Browser, him: Browser, session: Session) -> None:
    hide(her, session, "dev")
    assert ("<strong>Dev</strong>" in her.get(HIDDEN).text, "You hide from nobody" in him.get(HIDDEN).text) == (
        True,
        True,
    )
    undo = f"{HIDDEN}/{session.scalars(select(HiddenFrom)).one().id}/undo"
    assert him.submit(undo, page="/account").status_code == 404
    assert her.submit(undo, page=HIDDEN).headers["Location"] == f"{HIDDEN}?done=shown"
    assert ("I made tea." in her.get(SHARES).text, "I sat by the window." in him.get(SHARES).text) == (True, True)
    assert her.submit(undo, page="/account").status_code == 404


def test_one_who_takes_back_while_the_other_still_hides_sees_nothing(
    her: Browser, him: Browser, session: Session
) -> None:
    hers, his = account(session, "charlene").id, account(session, "dev").id
    group = membership(session, "dev", "quiet-river").group_id
    session.add(HiddenFrom(group_id=group, hider_id=hers, other_id=his))
    session.add(HiddenFrom(group_id=group, hider_id=his, other_id=hers))
    session.commit()
    row = session.scalars(select(HiddenFrom).where(HiddenFrom.hider_id == his)).one()
    him.submit(f"{HIDDEN}/{row.id}/undo", page=HIDDEN)
    assert "I sat by the window." not in him.get(SHARES).text


def test_hiding_twice_changes_nothing(her: Browser, him: Browser, session: Session) -> None:
    path = f"{SHARES}/{share_by(session, 'dev').id}/hide"
    token = her.token("/account")
    assert her.post(path, {"csrf_token": token}).status_code == 303
    assert her.post(path, {"csrf_token": token}).status_code == 404
    assert len(session.scalars(select(HiddenFrom)).all()) == 1


def test_own_words_and_unknown_ones_cannot_be_hidden_from(her: Browser, session: Session) -> None:
    token = her.token("/account")
    for share_id in (share_by(session, "charlene").id, uuid4()):
        assert her.post(f"{SHARES}/{share_id}/hide", {"csrf_token": token}).status_code == 404
    assert session.scalars(select(HiddenFrom)).all() == []


def test_hiding_ends_at_the_group(app: Flask, her: Browser, him: Browser, session: Session) -> None:
    """In another group the two may not even know of each other: there it would say who is who."""
    new_group(session, "window-seat")
    for browser, name in ((her, "Lantern"), (him, "Oak")):
        browser.submit("/groups/window-seat/join", {"display_name": name})
        browser.submit("/groups/window-seat/shares/new", {"body": f"Words of {name}.", "days": "7"})
    hide(her, session, "dev")
    assert "Words of Oak." in her.get("/groups/window-seat/shares").text
    assert "Oak" not in her.get("/groups/window-seat/hidden").text


def test_hiding_outlasts_that_he_leaves_and_comes_back_under_another_name(
    her: Browser, him: Browser, session: Session
) -> None:
    hide(her, session, "dev")
    him.submit(f"{RIVER}/leave", page="/account")
    assert "Somebody who left the group" in her.get(HIDDEN).text
    him.submit(f"{RIVER}/join", {"display_name": "Oak"})
    him.submit(f"{SHARES}/new", {"body": "I am back.", "days": "7"})
    assert ("I am back." in her.get(SHARES).text, "I sat by the window." in him.get(SHARES).text) == (False, False)
    assert ("Oak" in her.get(HIDDEN).text, "Somebody who left the group" in her.get(HIDDEN).text) == (False, True)


def test_hiding_ends_with_an_account(her: Browser, him: Browser, session: Session) -> None:
    hide(her, session, "dev")
    him.submit("/account/delete", {"password": "seven quiet lanterns"})
    session.execute(delete(Account).where(Account.deleted_at.is_not(None)))
    assert session.scalars(select(HiddenFrom)).all() == []


def test_nobody_can_read_of_it_in_the_trail(her: Browser, him: Browser, session: Session) -> None:
    before = len(session.scalars(select(AuditEntry)).all())
    hide(her, session, "dev")
    assert len(session.scalars(select(AuditEntry)).all()) == before
    assert tables_that_hold(session, str(account(session, "dev").id)).count("hidden_from") == 1


def test_facilitator_finds_her_on_no_list_and_cannot_call_her(her: Browser, him: Browser, session: Session) -> None:
    membership(session, "dev", "quiet-river").roles = ["secretary"]
    session.commit()
    assert "Charlie" in him.get(PEOPLE).text
    hide(her, session, "dev")
    for page in (PEOPLE, f"{RIVER}/manage"):
        assert "Charlie" not in him.get(page).text
    for action in (PEOPLE, f"{PEOPLE}/hide"):
        assert him.submit(action, {"display_name": "Charlie", "sure": "yes"}, page=PEOPLE).status_code == 404


def test_facilitator_hides_from_a_member_of_the_list_in_two_taps(her: Browser, him: Browser, session: Session) -> None:
    membership(session, "charlene", "quiet-river").roles = ["secretary"]
    session.commit()
    asked = her.submit(f"{PEOPLE}/hide", {"display_name": "Dev"}, page=PEOPLE)
    assert (asked.status_code, "Hide from “Dev”?" in asked.text) == (200, True)
    assert session.scalars(select(HiddenFrom)).all() == []
    sure = {"display_name": "Dev", "sure": "yes"}
    assert her.submit(f"{PEOPLE}/hide", sure, page=PEOPLE).headers["Location"] == f"{HIDDEN}?done=hidden"
    assert "I sat by the window." not in him.get(SHARES).text


def test_hidden_words_leave_no_gap_on_a_page(her: Browser, him: Browser, session: Session) -> None:
    group = session.scalars(select(Group)).one()
    for login, count in (("charlene", 40), ("dev", 29)):
        member = membership(session, login, "quiet-river")
        for number in range(count):
            session.add(
                WrittenShare(
                    group_id=group.id, membership_id=member.id, body=f"{login} {number}.",
                    published_at=MORNING, expires_at=MORNING.replace(day=28),
                )
            )  # fmt: skip
    session.add(
        HiddenFrom(group_id=group.id, hider_id=account(session, "charlene").id, other_id=account(session, "dev").id)
    )
    session.commit()
    page = him.get(SHARES).text
    assert (page.count('<article class="card">'), "Older" in page) == (30, False)


def test_page_takes_as_many_queries_for_thirty_hidings_as_for_one(
    app: Flask, her: Browser, him: Browser, session: Session, connection: Connection
) -> None:
    hide(her, session, "dev")
    counts = []
    for number in range(2):
        for page in (HIDDEN, SHARES):
            with statements(connection) as seen:
                assert her.get(page).status_code == 200
            counts.append(len(seen))
        if not number:
            for other in range(5):
                new_member(app, f"other-{other}", {"quiet-river": f"Other {other}"})
                session.add(
                    HiddenFrom(
                        group_id=membership(session, "dev", "quiet-river").group_id,
                        hider_id=account(session, "charlene").id,
                        other_id=account(session, f"other-{other}").id,
                    )
                )
            session.commit()
    assert counts[:2] == counts[2:]


def test_copy_of_her_account_counts_whom_she_hides_from_and_names_nobody(
    her: Browser, him: Browser, session: Session
) -> None:
    hide(her, session, "dev")
    her.submit(f"{RIVER}/kept-out", {"name": "Tom Baker"})
    content = copy_of(her)
    assert (content["hides_from"], content["names_kept_out"], content["asked_to_join"]) == (
        [{"group": "Quiet River", "people": 1}],
        [{"group": "Quiet River", "added_month": "2026-11"}],
        [],
    )
    assert "Dev" not in str(content)


@pytest.mark.parametrize("step", ["leave", "manage/people/step-down"])
def test_question_before_going_does_not_give_her_away(her: Browser, him: Browser, session: Session, step: str) -> None:
    """He runs the group; without her nobody else is in it, and nothing would be asked."""
    membership(session, "dev", "quiet-river").roles = ["secretary"]
    session.commit()
    assert him.submit(f"{RIVER}/{step}", page="/account").status_code == 409
    hide(her, session, "dev")
    assert him.submit(f"{RIVER}/{step}", page="/account").status_code == 303


def test_listing_stays_sure_while_she_runs_the_group_out_of_his_sight(
    her: Browser, him: Browser, app: Flask, session: Session
) -> None:
    new_member(app, "marisol", {"quiet-river": "Mari"})
    for login in ("dev", "charlene"):
        membership(session, login, "quiet-river").roles = ["secretary"]
        session.commit()
    hide(her, session, "dev")
    assert him.submit(f"{RIVER}/leave", page="/account").status_code == 409
    assert him.submit(f"{RIVER}/leave", {"anyway": "yes"}, page="/account").status_code == 303
    session.expire_all()
    assert session.scalars(select(Group)).one().listing_state is ListingState.ACTIVE
