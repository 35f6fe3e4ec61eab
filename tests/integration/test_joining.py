import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.words import Joining, MembershipState
from groupsite.models import Group, InviteCode, Membership
from groupsite.services import memberships, upkeep
from tests.browser import Browser
from tests.members import account, membership, new_group, new_member, tables_that_hold
from tests.plugins.application import MORNING, Clock

RIVER = "/groups/quiet-river"
JOIN = f"{RIVER}/join"
MANAGE = f"{RIVER}/manage"
WRONG = "This code does not open the group."
CODE = re.compile(r'<code class="copy">([^<]+)</code>')


@pytest.fixture
def marisol(app: Flask, session: Session) -> Browser:
    """Runs a group that lets people in by request."""
    new_group(session, "quiet-river", joining=Joining.BY_REQUEST)
    browser = Browser(app.test_client())
    browser.sign_up("marisol")
    enrol_as_facilitator(app, session, "marisol")
    return browser


def enrol_as_facilitator(app: Flask, session: Session, login: str) -> None:
    group = session.scalars(select(Group)).one()
    vault = app.extensions["groupsite.vault"]
    member = memberships.enrol(session, group.id, account(session, login).id, "Mari", vault=vault, now=MORNING)
    member.roles = ["secretary"]
    session.commit()


@pytest.fixture
def asker(app: Flask, marisol: Browser) -> Browser:
    """Charlene, who has asked."""
    browser = new_member(app, "charlene", {})
    assert browser.submit(JOIN, {"display_name": "Charlie"}).headers["Location"] == JOIN
    return browser


def answer(browser: Browser, session: Session, word: str, login: str = "charlene") -> int:
    request_id = membership(session, login, "quiet-river").id
    return browser.submit(f"{MANAGE}/requests/{request_id}/{word}", page=MANAGE).status_code


def new_code(browser: Browser, uses: int = 1, days: int = 7) -> str:
    made = browser.submit(f"{MANAGE}/codes", {"uses": str(uses), "days": str(days)}, page=f"{MANAGE}/joining")
    found = CODE.search(made.text)
    assert found, made.text
    return found[1]


def choose(browser: Browser, joining: Joining) -> None:
    assert browser.submit(f"{MANAGE}/joining", {"joining": joining.value}).status_code == 303


def test_asker_waits_and_sees_what_strangers_see(asker: Browser, session: Session) -> None:
    assert "You are waiting" in asker.get(JOIN).text
    assert JOIN in asker.get("/home").text
    assert membership(session, "charlene", "quiet-river").state is MembershipState.REQUESTED
    pages = ("shares", "shares/new", "reminders", "hidden", "kept-out", "manage")
    assert {asker.get(f"{RIVER}/{page}").status_code for page in pages} == {403}


def test_asker_who_is_let_in_is_a_member(asker: Browser, marisol: Browser, session: Session) -> None:
    assert "Charlie" in marisol.get(MANAGE).text
    assert answer(marisol, session, "admit") == 303
    member = membership(session, "charlene", "quiet-river")
    assert (member.state, member.asked_on, member.joined_month) == (MembershipState.ACTIVE, None, date(2026, 11, 1))
    assert asker.get(f"{RIVER}/shares").status_code == 200
    assert answer(marisol, session, "admit") == 404


def test_asking_twice_changes_nothing(asker: Browser, session: Session) -> None:
    token = asker.token("/account")
    assert asker.post(JOIN, {"csrf_token": token, "display_name": "Other"}).status_code == 303
    assert membership(session, "charlene", "quiet-river").display_name == "Charlie"


def test_request_that_is_not_taken_up_says_so_kindly_and_without_a_reason(
    asker: Browser, marisol: Browser, session: Session, clock: Clock
) -> None:
    assert answer(marisol, session, "decline") == 303
    page = asker.get(JOIN).text
    assert ("Not just now" in page, "It says nothing about you" in page, "24 December 2026" in page) == (
        True,
        True,
        True,
    )
    assert tables_that_hold(session, "Charlie") == []
    assert asker.submit(JOIN, {"display_name": "Charlie"}, page="/account").status_code == 400
    clock.now = MORNING + timedelta(days=30)
    asker.sign_in("charlene")
    assert asker.submit(JOIN, {"display_name": "Charlie"}).headers["Location"] == JOIN
    assert "You are waiting" in asker.get(JOIN).text


def test_code_opens_to_somebody_who_was_not_taken_up(asker: Browser, marisol: Browser, session: Session) -> None:
    answer(marisol, session, "decline")
    fields = {"display_name": "Charlie", "code": new_code(marisol)}
    assert asker.submit(JOIN, fields, page="/account").headers["Location"] == f"{RIVER}/reminders?done=joined"


def test_request_is_taken_back_in_one_tap_and_can_be_made_again(
    asker: Browser, marisol: Browser, session: Session
) -> None:
    assert asker.submit(f"{JOIN}/take-back", page=JOIN).headers["Location"] == "/home?done=taken-back"
    assert ("Charlie" in marisol.get(MANAGE).text, JOIN in asker.get("/home").text) == (False, False)
    assert answer(marisol, session, "admit") == 404
    assert asker.submit(JOIN, {"display_name": "C."}).headers["Location"] == JOIN
    assert asker.submit(f"{JOIN}/take-back", page=JOIN).status_code == 303
    assert asker.submit(f"{JOIN}/take-back", page=JOIN).status_code == 303


def test_request_falls_away_after_thirty_days(asker: Browser, marisol: Browser, session: Session, clock: Clock) -> None:
    clock.now = MORNING + timedelta(days=29)
    upkeep.forget(session, now=clock.now)
    session.commit()
    marisol.sign_in("marisol")
    assert "Charlie" in marisol.get(MANAGE).text
    clock.now = MORNING + timedelta(days=30)
    marisol.sign_in("marisol")
    asker.sign_in("charlene")
    assert ("Charlie" in marisol.get(MANAGE).text, "You are waiting" in asker.get(JOIN).text) == (False, False)
    assert answer(marisol, session, "admit") == 404
    upkeep.forget(session, now=clock.now)
    session.commit()
    assert [one.display_name for one in session.scalars(select(Membership))] == ["Mari"]


def test_what_is_kept_of_a_request_is_gone_after_thirty_days(asker: Browser, session: Session, clock: Clock) -> None:
    asker.submit(f"{JOIN}/take-back", page=JOIN)
    upkeep.forget(session, now=MORNING + timedelta(days=29))
    assert len(session.scalars(select(Membership)).all()) == 2
    upkeep.forget(session, now=MORNING + timedelta(days=30))
    assert len(session.scalars(select(Membership)).all()) == 1


def test_name_of_somebody_who_waits_is_taken(asker: Browser, app: Flask) -> None:
    other = new_member(app, "dev", {})
    answered = other.submit(JOIN, {"display_name": "charlie"})
    assert (answered.status_code, "has this name already" in answered.text) == (400, True)


def test_full_group_lets_nobody_in(asker: Browser, marisol: Browser, session: Session) -> None:
    session.scalars(select(Group)).one().enrolment = {"capacity": 1}
    session.commit()
    assert answer(marisol, session, "admit") == 409
    assert membership(session, "charlene", "quiet-river").state is MembershipState.REQUESTED


def test_nobody_else_answers_a_request(asker: Browser, app: Flask, session: Session) -> None:
    new_group(session, "window-seat")
    other = new_member(app, "dev", {"window-seat": "Dev"})
    membership(session, "dev", "window-seat").roles = ["secretary"]
    session.commit()
    request_id = membership(session, "charlene", "quiet-river").id
    for slug, status in (("quiet-river", 403), ("window-seat", 404)):
        for word in ("admit", "decline"):
            path = f"/groups/{slug}/manage/requests/{request_id}/{word}"
            assert other.submit(path, page="/account").status_code == status
    assert asker.submit(f"{MANAGE}/requests/{request_id}/admit", page="/account").status_code == 403


@pytest.mark.parametrize("typed", ["as it is", "small letters and spaces"])
def test_code_opens_the_group_at_once_and_once(app: Flask, marisol: Browser, session: Session, typed: str) -> None:
    choose(marisol, Joining.BY_INVITE)
    code = new_code(marisol)
    assert tables_that_hold(session, code) == tables_that_hold(session, code.replace("-", "")) == []
    assert code not in marisol.get(f"{MANAGE}/joining").text
    fields = {"display_name": "Charlie", "code": code if typed == "as it is" else code.lower().replace("-", " ")}
    assert new_member(app, "charlene", {}).submit(JOIN, fields).headers["Location"] == f"{RIVER}/reminders?done=joined"
    second = new_member(app, "dev", {}).submit(JOIN, {"display_name": "Dev", "code": code})
    assert (second.status_code, WRONG in second.text) == (400, True)


def test_wrong_old_used_up_and_revoked_codes_get_the_same_answer(
    app: Flask, marisol: Browser, session: Session, clock: Clock
) -> None:
    choose(marisol, Joining.BY_INVITE)
    codes = {"wrong": "0000-0000-0000-0000", "old": new_code(marisol, days=1), "used up": new_code(marisol, days=30)}
    codes |= {"revoked": new_code(marisol, days=30), "empty": "", "elsewhere": elsewhere(app, session)}
    new_member(app, "first", {}).submit(JOIN, {"display_name": "First", "code": codes["used up"]})
    row = session.scalars(select(InviteCode).order_by(InviteCode.expires_at.desc())).all()
    revoked = next(one for one in row if one.uses_left == 1 and one.expires_at == MORNING + timedelta(days=30))
    assert marisol.submit(f"{MANAGE}/codes/{revoked.id}/revoke", page=f"{MANAGE}/joining").status_code == 303
    clock.now = MORNING + timedelta(days=1)
    asker = new_member(app, "charlene", {})
    pages = {
        what: re.sub(r'value="[^"]*"', "", asker.submit(JOIN, {"display_name": "Charlie", "code": code}).text)
        for what, code in codes.items()
    }
    assert {what for what, page in pages.items() if page != pages["wrong"]} == set()
    assert WRONG in pages["wrong"]
    upkeep.forget(session, now=clock.now)
    assert [one.expires_at for one in session.scalars(select(InviteCode))] == [MORNING + timedelta(days=7)]


def elsewhere(app: Flask, session: Session) -> str:
    """A code that opens another group."""
    new_group(session, "window-seat")
    other = new_member(app, "dev", {"window-seat": "Dev"})
    membership(session, "dev", "window-seat").roles = ["secretary"]
    session.commit()
    path = "/groups/window-seat/manage"
    made = other.submit(f"{path}/codes", {"uses": "1", "days": "7"}, page=f"{path}/joining")
    found = CODE.search(made.text)
    assert found
    return found[1]


def test_code_is_not_used_up_by_a_name_that_is_refused(app: Flask, marisol: Browser) -> None:
    choose(marisol, Joining.BY_INVITE)
    code = new_code(marisol)
    asker = new_member(app, "charlene", {})
    assert asker.submit(JOIN, {"display_name": "mari", "code": code}).status_code == 400
    assert asker.submit(JOIN, {"display_name": "Charlie", "code": code}).status_code == 303


def test_there_are_never_more_than_twenty_codes(marisol: Browser, session: Session) -> None:
    for _ in range(20):
        new_code(marisol)
    one_more = marisol.submit(f"{MANAGE}/codes", {"uses": "1", "days": "7"}, page=f"{MANAGE}/joining")
    assert (one_more.status_code, "Please take one back first" in one_more.text) == (400, True)
    assert len(session.scalars(select(InviteCode)).all()) == 20


@pytest.mark.parametrize(("uses", "days"), [("2", "7"), ("1", "400"), ("x", "7"), ("", "")])
def test_terms_that_are_not_on_the_page_are_refused(marisol: Browser, uses: str, days: str) -> None:
    made = marisol.submit(f"{MANAGE}/codes", {"uses": uses, "days": days}, page=f"{MANAGE}/joining")
    assert made.status_code == 400


def test_way_in_that_is_not_on_the_page_is_refused(marisol: Browser, session: Session) -> None:
    assert marisol.submit(f"{MANAGE}/joining", {"joining": "nobody"}).status_code == 400
    session.expire_all()
    assert session.scalars(select(Group)).one().joining is Joining.BY_REQUEST


def test_page_of_the_group_says_how_people_come_in(app: Flask, marisol: Browser) -> None:
    visitor = Browser(app.test_client())
    assert "You ask to join" in visitor.get(RIVER).text
    choose(marisol, Joining.BY_INVITE)
    assert "you need a code" in visitor.get(RIVER).text
    choose(marisol, Joining.OPEN)
    assert "To join you need" not in visitor.get(RIVER).text
