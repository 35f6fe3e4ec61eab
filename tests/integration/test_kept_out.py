import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from groupsite.domain.words import Joining, MembershipState
from groupsite.mail.vault import Vault
from groupsite.models import AuditEntry, Membership, NameKeptOut
from groupsite.services import joining, memberships
from tests.browser import Browser
from tests.members import HOSTILE, membership, new_group, new_member, tables_that_hold
from tests.plugins.application import MORNING, Clock

RIVER = "/groups/quiet-river"
KEPT = f"{RIVER}/kept-out"
JOIN = f"{RIVER}/join"
MANAGE = f"{RIVER}/manage"
CARE = "Please check with care"


@pytest.fixture
def her(app: Flask, session: Session) -> Browser:
    """Charlene, in a group that anybody can join, who keeps Tom Baker out."""
    new_group(session, "quiet-river")
    browser = new_member(app, "charlene", {"quiet-river": "Charlie"})
    keep_out(browser, "Tom Baker")
    return browser


@pytest.fixture
def marisol(app: Flask, her: Browser, session: Session) -> Browser:
    browser = new_member(app, "marisol", {"quiet-river": "Mari"})
    membership(session, "marisol", "quiet-river").roles = ["secretary"]
    session.commit()
    return browser


def keep_out(browser: Browser, name: str) -> None:
    assert browser.submit(KEPT, {"name": name}).headers["Location"] == f"{KEPT}?done=added"


def come(app: Flask, login: str, name: str, **fields: str) -> str:
    """Where somebody new is led who wants to join under this name."""
    answer = new_member(app, login, {}).submit(JOIN, {"display_name": name, "kept": "full_name"} | fields)
    return answer.headers["Location"]


@pytest.mark.parametrize("name", ["Tom Baker", "BAKER TOM", "Tóm Bàker", "Tom B.", "Baker, T"])
def test_open_group_lets_the_name_wait_and_says_care_to_those_who_run_it(
    app: Flask, marisol: Browser, name: str
) -> None:
    assert come(app, "tom", name) == JOIN
    page = marisol.get(MANAGE).text
    assert (page.count(CARE), "Charlie" in page.split("Who belongs")[0]) == (1, False)


def test_others_come_in_as_always(app: Flask, marisol: Browser) -> None:
    assert come(app, "tom", "Tom C.") == f"{RIVER}/reminders?done=joined"
    assert CARE not in marisol.get(MANAGE).text


def test_code_does_not_open_to_the_name(app: Flask, marisol: Browser) -> None:
    marisol.submit(f"{MANAGE}/joining", {"joining": Joining.BY_INVITE.value})
    made = marisol.submit(f"{MANAGE}/codes", {"uses": "5", "days": "7"}, page=f"{MANAGE}/joining")
    found = re.search(r'<code class="copy">([^<]+)', made.text)
    assert found
    assert come(app, "tom", "Tom B.", code=found[1]) == JOIN
    assert come(app, "dev", "Dev", code=found[1]) == f"{RIVER}/reminders?done=joined"


def test_one_who_waits_reads_what_everybody_reads_who_waits(app: Flask, marisol: Browser) -> None:
    """Nothing on his page tells an unlucky name from a group that lets people in by request."""
    tom = new_member(app, "tom", {})
    tom.submit(JOIN, {"display_name": "Tom B."})
    marisol.submit(f"{MANAGE}/joining", {"joining": Joining.BY_REQUEST.value})
    dev = new_member(app, "dev", {})
    dev.submit(JOIN, {"display_name": "Dev"})
    pages = [re.sub(r'value="[^"]*"|Tom B\.|Dev', "", one.get(JOIN).text) for one in (tom, dev)]
    assert pages[0] == pages[1]


def test_another_name_a_moment_later_does_not_open_the_door(
    app: Flask, marisol: Browser, session: Session, clock: Clock
) -> None:
    tom = new_member(app, "tom", {})
    tom.submit(JOIN, {"display_name": "Tom B."})
    tom.submit(f"{JOIN}/take-back", page=JOIN)
    joining.forget_requests(session, today=MORNING.date() + timedelta(days=1))
    memberships.forget_left(session)
    session.commit()
    assert tom.submit(JOIN, {"display_name": "Zed"}).headers["Location"] == JOIN
    assert CARE in marisol.get(MANAGE).text
    tom.submit(f"{JOIN}/take-back", page=JOIN)
    clock.now = MORNING + timedelta(days=30)
    tom.sign_in("tom")
    assert tom.submit(JOIN, {"display_name": "Zed"}).headers["Location"] == f"{RIVER}/reminders?done=joined"


def test_one_who_is_let_in_with_care_is_a_member_like_others(app: Flask, marisol: Browser, session: Session) -> None:
    come(app, "tom", "Tom B.")
    request_id = membership(session, "tom", "quiet-river").id
    marisol.submit(f"{MANAGE}/requests/{request_id}/admit", page=MANAGE)
    member = membership(session, "tom", "quiet-river")
    assert (member.state, member.needs_care, member.asked_on) == (MembershipState.ACTIVE, False, None)


def test_name_cannot_be_read_anywhere(her: Browser, session: Session, vault: Vault) -> None:
    """Not in the tables, not on her own page, not without the site's secret; and in another group it is another mark."""
    assert [tables_that_hold(session, word) for word in ("baker", "tom b")] == [[], []]
    assert re.search("baker", her.get(KEPT).text, re.IGNORECASE) is None
    row = session.scalars(select(NameKeptOut)).one()
    group_id = membership(session, "charlene", "quiet-river").group_id
    assert row.name_mark == vault.name_mark(group_id, "baker tom")
    assert row.name_mark != Vault("another secret, long enough").name_mark(group_id, "baker tom")
    assert row.name_mark != vault.name_mark(row.id, "baker tom")
    columns = session.execute(text("SELECT * FROM name_kept_out")).mappings().one()
    assert columns["added_month"].day == 1


def test_trail_holds_nothing_of_it(her: Browser, session: Session) -> None:
    assert {
        one.verb for one in session.scalars(select(AuditEntry)) if "name" in one.verb or "kept" in one.verb
    } == set()


def test_she_sees_how_many_and_since_which_month(her: Browser) -> None:
    page = her.get(KEPT).text
    assert ("You have 1 of 10." in page, "<li>November 2026</li>" in page) == (True, True)


def test_name_is_removed_by_typing_it_again(app: Flask, her: Browser) -> None:
    wrong = her.submit(f"{KEPT}/remove", {"name": "Tim Baker"}, page=KEPT)
    assert (wrong.status_code, "not among yours" in wrong.text) == (400, True)
    assert her.submit(f"{KEPT}/remove", {"name": "baker tom"}, page=KEPT).status_code == 303
    assert come(app, "tom", "Tom Baker") == f"{RIVER}/reminders?done=joined"


def test_all_names_are_removed_in_one_tap_and_nobody_elses(app: Flask, her: Browser, session: Session) -> None:
    other = new_member(app, "dev", {"quiet-river": "Dev"})
    keep_out(other, "Pat")
    keep_out(her, "Zed")
    assert her.submit(f"{KEPT}/remove-all", page=KEPT).status_code == 303
    mine = membership(session, "dev", "quiet-river").id
    assert [one.membership_id for one in session.scalars(select(NameKeptOut))] == [mine]


def test_there_are_never_more_than_ten(her: Browser, session: Session) -> None:
    keep_out(her, "tom BAKER")
    for number in range(9):
        keep_out(her, f"Name {number}")
    answer = her.submit(KEPT, {"name": "One more"})
    assert (answer.status_code, "that is the most" in answer.text) == (400, True)
    assert len(session.scalars(select(NameKeptOut)).all()) == 10


@pytest.mark.parametrize("what", HOSTILE)
def test_name_that_cannot_be_is_refused(her: Browser, session: Session, what: str) -> None:
    assert her.submit(KEPT, {"name": HOSTILE[what]}).status_code == 400
    assert len(session.scalars(select(NameKeptOut)).all()) == 1


def test_names_go_when_she_leaves(app: Flask, her: Browser, session: Session) -> None:
    her.submit(f"{RIVER}/leave", page="/account")
    assert session.scalars(select(NameKeptOut)).all() == []
    assert come(app, "tom", "Tom Baker") == f"{RIVER}/reminders?done=joined"


def test_name_kept_out_in_one_group_is_none_in_another(app: Flask, her: Browser, session: Session) -> None:
    new_group(session, "window-seat")
    answer: Any = new_member(app, "tom", {}).submit(
        "/groups/window-seat/join", {"display_name": "Tom Baker", "kept": "full_name"}
    )
    assert answer.headers["Location"] == "/groups/window-seat/reminders?done=joined"
    assert len(session.scalars(select(Membership).where(Membership.state == MembershipState.ACTIVE)).all()) == 2
