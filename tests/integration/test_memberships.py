from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.words import ListingState, MembershipState
from groupsite.models import Delivery, DeliveryKind, DeliveryState, Group, Membership
from groupsite.services import memberships
from tests.browser import Browser
from tests.members import HOSTILE, account, membership, new_group, new_member, tables_that_hold
from tests.plugins.application import MORNING, Clock

RIVER = "/groups/quiet-river"


@pytest.fixture
def river(session: Session) -> Group:
    return new_group(session, "quiet-river")


def promote(session: Session, login: str) -> None:
    membership(session, login, "quiet-river").roles = ["secretary"]
    session.commit()


def test_joining_keeps_the_month_and_chooses_nothing(app: Flask, session: Session, river: Group) -> None:
    new_member(app, "charlene", {"quiet-river": " Charlie  L. "})
    member = membership(session, "charlene", "quiet-river")
    assert (member.display_name, member.state, member.joined_month) == (
        "Charlie L.",
        MembershipState.ACTIVE,
        date(2026, 11, 1),
    )
    assert (member.lead_minutes, member.wants_invites, member.roles) == ([], False, [])


@pytest.mark.parametrize("what", HOSTILE)
def test_name_that_cannot_be_is_refused(client: Browser, session: Session, river: Group, what: str) -> None:
    client.sign_up("charlene")
    answer = client.submit(f"{RIVER}/join", {"display_name": HOSTILE[what]})
    assert (answer.status_code, 'id="display_name-error"' in answer.text) == (400, True)
    assert session.scalars(select(Membership)).all() == []


def test_name_is_shown_as_text(app: Flask, river: Group) -> None:
    browser = new_member(app, "charlene", {"quiet-river": "<script>alert(1)</script>"})
    for page in ("/home", "/account", f"{RIVER}/reminders", f"{RIVER}/shares/new"):
        assert "<script>alert" not in browser.get(page).text


@pytest.mark.parametrize("name", ["Charlie", "CHARLIE", " charlie ", "\uff23harlie"])
def test_name_is_taken_however_it_is_written(
    app: Flask, client: Browser, session: Session, river: Group, name: str
) -> None:
    new_member(app, "charlene", {"quiet-river": "Charlie"})
    client.sign_up("dev")
    answer = client.submit(f"{RIVER}/join", {"display_name": name})
    assert (answer.status_code, "has this name already" in answer.text) == (400, True)
    assert len(session.scalars(select(Membership)).all()) == 1


def test_same_name_is_free_in_another_group(app: Flask, session: Session, river: Group) -> None:
    new_group(session, "window-seat")
    new_member(app, "charlene", {"quiet-river": "Charlie"})
    new_member(app, "dev", {"window-seat": "Charlie"})


def test_joining_twice_changes_nothing(app: Flask, session: Session, river: Group) -> None:
    browser = new_member(app, "charlene", {"quiet-river": "Charlie"})
    assert browser.get(f"{RIVER}/join").headers["Location"] == RIVER
    token = browser.token("/account")
    assert browser.post(f"{RIVER}/join", {"csrf_token": token, "display_name": "Other"}).status_code == 303
    assert membership(session, "charlene", "quiet-river").display_name == "Charlie"


def test_full_group_takes_nobody(app: Flask, client: Browser, session: Session) -> None:
    new_group(session, "small-table", enrolment={"capacity": 1})
    first = new_member(app, "charlene", {"small-table": "Charlie"})
    client.sign_up("dev")
    token = client.token("/account")
    answer = client.post("/groups/small-table/join", {"csrf_token": token, "display_name": "Dev"})
    assert (answer.status_code, "This group is full" in answer.text) == (400, True)
    first.submit("/groups/small-table/leave", page="/account")
    assert client.submit("/groups/small-table/join", {"display_name": "Dev"}).status_code == 303


@pytest.mark.usefixtures("sample")
def test_group_that_has_begun_takes_nobody(client: Browser, clock: Clock) -> None:
    """Twelve Lamps closes after its third date."""
    client.sign_up("somebody-new")
    clock.now = MORNING
    path = "/groups/twelve-lamps-step-circle/join?read=yes"
    assert "has closed for new people" in client.get(path).text
    clock.now = MORNING - timedelta(days=80)
    client.sign_in("somebody-new")
    assert "has closed for new people" not in client.get(path).text


def test_leaving_is_one_step_and_leaves_nothing(app: Flask, session: Session, river: Group) -> None:
    browser = new_member(app, "charlene", {"quiet-river": "Charlie of the lake"})
    browser.submit(f"{RIVER}/shares/new", {"body": "I rested by the lake.", "days": "30"})
    owe_reminder(session, "charlene")
    answer = browser.submit(f"{RIVER}/leave", page="/account")
    assert answer.headers["Location"] == "/home?done=left"
    member = membership(session, "charlene", "quiet-river")
    assert (member.state, member.display_name, member.lead_minutes) == (MembershipState.LEFT, "", [])
    assert [tables_that_hold(session, words) for words in ("of the lake", "by the lake")] == [[], []]
    assert session.scalars(select(Delivery)).all() == []
    assert browser.get(f"{RIVER}/shares").status_code == 403
    new_member(app, "dev", {"quiet-river": "Charlie of the lake"})


def owe_reminder(session: Session, login: str, *, lead: int = 60, state: DeliveryState = DeliveryState.PLANNED) -> None:
    member = membership(session, login, "quiet-river")
    session.add(
        Delivery(
            dedupe_key=f"{state} reminder {lead}",
            kind=DeliveryKind.REMINDER,
            state=state,
            account_id=member.account_id,
            membership_id=member.id,
            lead_minutes=lead,
            attempt=int(state is not DeliveryState.PLANNED),
            due_at=MORNING + timedelta(hours=1),
            expires_at=MORNING + timedelta(hours=2),
            next_try_at=MORNING + timedelta(hours=1),
        )
    )
    session.commit()


def owed(session: Session) -> list[str]:
    session.expire_all()
    return sorted(f"{one.dedupe_key}: {one.state}" for one in session.scalars(select(Delivery)))


def test_leaving_takes_back_what_was_tried_before(app: Flask, session: Session, river: Group) -> None:
    browser = new_member(app, "charlene", {"quiet-river": "Charlie"})
    owe_reminder(session, "charlene", state=DeliveryState.DEFERRED)
    owe_reminder(session, "charlene", state=DeliveryState.SENT)
    browser.submit(f"{RIVER}/leave", page="/account")
    assert owed(session) == ["deferred reminder 60: cancelled", "sent reminder 60: sent"]


def test_lead_that_is_no_longer_wanted_is_taken_back(app: Flask, session: Session, river: Group) -> None:
    browser = new_member(app, "charlene", {"quiet-river": "Charlie"})
    browser.submit(f"{RIVER}/reminders", {"leads": ["60", "1440"]})
    for lead in (60, 1440):
        owe_reminder(session, "charlene", lead=lead)
    browser.submit(f"{RIVER}/reminders", {"leads": "1440"})
    assert owed(session) == ["planned reminder 1440: planned"]


def test_reminders_are_owed_anew_when_the_quiet_hours_change(app: Flask, session: Session, river: Group) -> None:
    """What was not tried gets its moment anew, if it is still owed; what was tried stays."""
    browser = new_member(app, "charlene", {"quiet-river": "Charlie"})
    owe_reminder(session, "charlene")
    owe_reminder(session, "charlene", state=DeliveryState.SENT)
    quiet = {"quiet_from": "21:00", "quiet_until": "08:00", "timezone": "UTC"}
    assert browser.submit("/account/reminders", quiet).status_code == 303
    assert owed(session) == ["sent reminder 60: sent"]


def test_ended_membership_is_forgotten_when_nothing_is_owed(app: Flask, session: Session, river: Group) -> None:
    browser = new_member(app, "charlene", {"quiet-river": "Charlie"})
    assert memberships.forget_left(session) == 0
    browser.submit(f"{RIVER}/leave", page="/account")
    assert memberships.forget_left(session) == 1
    assert session.scalars(select(Membership)).all() == []


def test_somebody_who_left_can_come_back(app: Flask, session: Session, river: Group) -> None:
    browser = new_member(app, "charlene", {"quiet-river": "Charlie"})
    browser.submit(f"{RIVER}/leave", page="/account")
    assert browser.submit(f"{RIVER}/join", {"display_name": "C."}).status_code == 303
    assert membership(session, "charlene", "quiet-river").display_name == "C."


def test_last_one_who_runs_a_group_is_asked_once(app: Flask, session: Session, river: Group) -> None:
    browser = new_member(app, "marisol", {"quiet-river": "Mari"})
    new_member(app, "dev", {"quiet-river": "Dev"})
    promote(session, "marisol")
    answer = browser.submit(f"{RIVER}/leave", page="/account")
    assert (answer.status_code, "You are the only one who runs this group" in answer.text) == (409, True)
    assert membership(session, "marisol", "quiet-river").state is MembershipState.ACTIVE
    assert browser.submit(f"{RIVER}/leave", {"anyway": "yes"}, page="/account").status_code == 303
    assert membership(session, "marisol", "quiet-river").state is MembershipState.LEFT
    assert session.get_one(Group, river.id).listing_state is ListingState.UNCONFIRMED


def test_one_of_two_who_run_a_group_leaves_without_a_question(app: Flask, session: Session, river: Group) -> None:
    browser = new_member(app, "marisol", {"quiet-river": "Mari"})
    new_member(app, "dev", {"quiet-river": "Dev"})
    promote(session, "marisol")
    promote(session, "dev")
    assert browser.submit(f"{RIVER}/leave", page="/account").status_code == 303
    assert session.get_one(Group, river.id).listing_state is ListingState.ACTIVE


def test_deleting_the_account_of_the_last_one_says_so_on_the_listing(
    app: Flask, session: Session, river: Group
) -> None:
    browser = new_member(app, "marisol", {"quiet-river": "Mari"})
    new_member(app, "dev", {"quiet-river": "Dev"})
    promote(session, "marisol")
    assert browser.submit("/account/delete", {"password": "seven quiet lanterns"}).status_code == 303
    session.expire_all()
    assert session.get_one(Group, river.id).listing_state is ListingState.UNCONFIRMED


def test_chosen_leads_count_from_the_choice_on_and_keep_others(
    app: Flask, session: Session, river: Group, clock: Clock
) -> None:
    browser = new_member(app, "charlene", {"quiet-river": "Charlie"})
    membership(session, "charlene", "quiet-river").lead_minutes = [180]
    session.commit()
    clock.now = MORNING + timedelta(hours=1)
    browser.sign_in("charlene")
    browser.submit(f"{RIVER}/reminders", {"leads": ["60", "1440"], "wants_invites": "y"})
    member = membership(session, "charlene", "quiet-river")
    assert (member.lead_minutes, member.wants_invites, member.reminders_since) == ([1440, 180, 60], True, clock.now)
    clock.now = MORNING + timedelta(hours=2)
    browser.sign_in("charlene")
    browser.submit(f"{RIVER}/reminders", {"leads": "60"})
    member = membership(session, "charlene", "quiet-river")
    assert (member.lead_minutes, member.wants_invites) == ([180, 60], False)
    assert member.reminders_since == MORNING + timedelta(hours=1)


@pytest.mark.parametrize("lead", ["30", "-60", "soon", "60\r\nX: 1", "9" * 400])
def test_other_leads_are_refused(app: Flask, session: Session, river: Group, lead: str) -> None:
    browser = new_member(app, "charlene", {"quiet-river": "Charlie"})
    assert browser.submit(f"{RIVER}/reminders", {"leads": lead}).status_code == 400
    assert membership(session, "charlene", "quiet-river").lead_minutes == []


def test_names_in_two_groups_cannot_be_linked(app: Flask, session: Session, river: Group) -> None:
    """What another member of both groups is shown holds neither the login nor an id of the account or membership."""
    new_group(session, "window-seat")
    writer = new_member(app, "charlene", {"quiet-river": "Charlie", "window-seat": "Lantern"})
    reader = new_member(app, "marisol", {"quiet-river": "Mari", "window-seat": "Mari"})
    for slug in ("quiet-river", "window-seat"):
        writer.submit(f"/groups/{slug}/shares/new", {"body": "I rested.", "days": "7"})
    ids = {str(account(session, "charlene").id)}
    ids |= {str(membership(session, "charlene", slug).id) for slug in ("quiet-river", "window-seat")}
    for slug, other_name in (("quiet-river", "Lantern"), ("window-seat", "Charlie")):
        for page in (f"/groups/{slug}", f"/groups/{slug}/shares", f"/groups/{slug}/reminders"):
            shown = reader.get(page).text
            assert [word for word in ("charlene", other_name, *ids) if word in shown] == []
    assert reader.get(f"{RIVER}/shares").text.count("Charlie") == 1
