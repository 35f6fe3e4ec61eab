"""Whom she hides from gets the same bytes from every endpoint as if she had never been there."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from groupsite.domain.share_states import Guideline, HeldFor, ReportReason, ShareState
from groupsite.models import Account, Group, Heartbeat, HiddenFrom, Membership, ShareReport
from groupsite.services.health import HAVE_TO_RUN
from tests.browser import Browser
from tests.contracts.test_twin_worlds import Answers, answers, comparable, differences
from tests.plugins.application import MORNING
from tests.worlds import GROUP, World, become, enrol, form_token, new_account, new_share, values_of

HERS = f"/groups/{GROUP}"
LISTS = {"member": "/groups/<slug>/shares", "facilitator": "/groups/<slug>/manage/people"}
NAME = "Charlie of the river"
CALLED_BY_NAME = [
    f"{HERS}/manage/{path}" for path in ("people", "people/hide", "sharing/readers", "sharing/readers/release")
]
QUEUE = ("GET", "/groups/<slug>/manage/shares")


@pytest.fixture
def her(session: Session, sample: None) -> Membership:
    """A member who has written, and who waits in no list but that of the members."""
    session.add_all(Heartbeat(name=job, at=MORNING) for job in HAVE_TO_RUN)
    member = enrol(session, new_account(session), GROUP, "member")
    member.display_name = NAME
    session.flush()
    return member


def everything(world: World, browser: Browser) -> Answers:
    """Every endpoint, and tries with her name and her words, where a name or words can be given."""
    found = answers(world, browser)
    token = form_token(browser)
    for path in CALLED_BY_NAME:
        undo = world.connection.begin_nested()
        fields = {"csrf_token": token, "display_name": NAME, "sure": "yes"}
        found["POST", f"{path} with her name"] = comparable(browser.client.post(path, data=fields))
        if undo.is_active:
            undo.rollback()
    return found


@pytest.mark.parametrize("hider", ["she hides", "he hides"])
@pytest.mark.parametrize("person", ["member", "facilitator"])
def test_hidden_member_is_as_if_she_were_not_there(
    app: Flask, connection: Connection, session: Session, her: Membership, person: str, hider: str
) -> None:
    browser, him = become(app, session, person)
    assert him is not None
    world = World(app, connection, values_of(session, GROUP) | {"share_id": new_share(session, her).id})
    session.commit()
    in_sight = everything(world, browser)
    pair = (her.account_id, him.account_id) if hider == "she hides" else (him.account_id, her.account_id)
    hide(session, her.group_id, *pair)
    hidden = everything(world, browser)
    session.delete(session.get_one(Account, her.account_id))
    session.commit()
    his_own = {("GET", "/groups/<slug>/hidden"), ("GET", "/account/export")} if hider == "he hides" else set()
    assert set(differences(hidden, everything(world, browser))) == his_own
    assert ("GET", LISTS[person]) in differences(in_sight, hidden)


def hide(session: Session, group_id: UUID, hider_id: UUID, other_id: UUID) -> None:
    session.add(HiddenFrom(group_id=group_id, hider_id=hider_id, other_id=other_id))
    session.commit()


def test_request_of_somebody_hidden_is_as_if_it_were_not_there(
    app: Flask, connection: Connection, session: Session, sample: None
) -> None:
    """He runs the group, she hid from him, left, and asks to come back: others who run it see her name, he does not."""
    session.add_all(Heartbeat(name=job, at=MORNING) for job in HAVE_TO_RUN)
    browser, him = become(app, session, "facilitator")
    her = enrol(session, new_account(session), GROUP, "asker")
    assert him is not None
    world = World(app, connection, values_of(session, GROUP) | {"request_id": her.id})
    session.commit()
    in_sight = answers(world, browser)
    hide(session, session.get_one(Group, her.group_id).id, her.account_id, him.account_id)
    hidden = answers(world, browser)
    session.delete(session.get_one(Account, her.account_id))
    session.commit()
    assert differences(hidden, answers(world, browser)) == []
    assert ("GET", "/groups/<slug>/manage") in differences(in_sight, hidden)


@pytest.mark.parametrize("waits", ["held", "reported", "overdue", "appealed"])
@pytest.mark.parametrize("person", ["share reader", "facilitator"])
def test_share_of_somebody_hidden_waits_for_others_alone(
    app: Flask, connection: Connection, session: Session, her: Membership, person: str, waits: str
) -> None:
    browser, him = become(app, session, person)
    assert him is not None
    share = new_share(session, her)
    share.waits_since = MORNING - timedelta(days=2 if waits == "overdue" else 0)
    if waits == "reported":
        other = enrol(session, new_account(session), GROUP, "member")
        session.add(ShareReport(share_id=share.id, reporter_id=other.id, reason=ReportReason.ADVICE))
    else:
        share.state = ShareState.HELD
        share.held_for = HeldFor.APPEAL if waits == "appealed" else HeldFor.FIRST_LOOK
        share.guideline = Guideline.ADVICE
    world = World(app, connection, values_of(session, GROUP) | {"share_id": share.id})
    session.commit()
    in_sight = everything(world, browser)
    hide(session, her.group_id, her.account_id, him.account_id)
    hidden = everything(world, browser)
    session.delete(session.get_one(Account, her.account_id))
    session.commit()
    assert differences(hidden, everything(world, browser)) == []
    is_told = person == "share reader" or waits in {"overdue", "appealed"}
    assert (QUEUE in differences(in_sight, hidden)) is is_told


@pytest.mark.parametrize("others", [0, 1])
def test_report_by_somebody_hidden_is_as_if_it_were_not_there(
    app: Flask, connection: Connection, session: Session, her: Membership, others: int
) -> None:
    """Alone, or beside that of somebody whom the share reader sees."""
    browser, him = become(app, session, "share reader")
    assert him is not None
    author = enrol(session, new_account(session), GROUP, "member")
    share = new_share(session, author)
    share.waits_since = MORNING
    reporters = [enrol(session, new_account(session), GROUP, "member") for _ in range(others)]
    session.add(ShareReport(share_id=share.id, reporter_id=her.id, reason=ReportReason.APPROACH))
    session.add_all(ShareReport(share_id=share.id, reporter_id=one.id, reason=ReportReason.ADVICE) for one in reporters)
    world = World(app, connection, values_of(session, GROUP) | {"share_id": share.id})
    session.commit()
    in_sight = answers(world, browser)
    hide(session, her.group_id, her.account_id, him.account_id)
    hidden = answers(world, browser)
    session.delete(session.get_one(Account, her.account_id))
    session.commit()
    assert differences(hidden, answers(world, browser)) == []
    assert QUEUE in differences(in_sight, hidden)
