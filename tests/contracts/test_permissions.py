"""Who reaches what: each endpoint declares a permission, and each kind of person is refused or let in as the map says."""

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from groupsite.domain.permissions import Permission
from groupsite.models import Heartbeat
from groupsite.services.health import HAVE_TO_RUN
from tests.browser import Browser
from tests.plugins.application import MORNING
from tests.worlds import (
    ANOTHER,
    EVERYBODY,
    GROUP,
    INSIDE,
    SIGNED_IN,
    World,
    become,
    become_half,
    form_token,
    new_share,
    rules,
    values_of,
)

AUTHOR = "member"
"""Whose share the addresses name."""
ALLOWED = {
    Permission.SEE_PUBLIC: EVERYBODY,
    Permission.SEE_LISTING: EVERYBODY,
    Permission.SEE_OWN_ACCOUNT: SIGNED_IN,
    Permission.JOIN_GROUP: SIGNED_IN,
    Permission.LEAVE_GROUP: INSIDE,
    Permission.CHOOSE_REMINDERS: INSIDE,
    Permission.ANSWER: INSIDE,
    Permission.READ_SHARES: INSIDE,
    Permission.POST_SHARE: INSIDE,
    Permission.WITHDRAW_SHARE: {AUTHOR},
    Permission.LOOK_AT_SHARES: {"share reader", "facilitator"},
    Permission.KEEP_APART: INSIDE,
    Permission.READ_TEXTS: INSIDE,
    Permission.FOLLOW_MEETING: INSIDE,
    Permission.LEAD_MEETING: {"trusted servant", "facilitator"},
    Permission.CREATE_GROUP: SIGNED_IN,
    Permission.RUN_GROUP: {"facilitator"},
    Permission.RUN_SITE: {"admin"},
}
HIDDEN = {Permission.RUN_SITE, Permission.WITHDRAW_SHARE}
"""Those who may not are told that there is nothing."""
WITHOUT_A_SESSION = {"unsubscribe.stop", "unsubscribe.stop_all", "answers.answer"}
"""Their link is the proof; a form token of a session that is not there would prove nothing."""


@pytest.fixture
def world(app: Flask, connection: Connection, session: Session, sample: None) -> World:
    session.add_all(Heartbeat(name=job, at=MORNING) for job in HAVE_TO_RUN)
    values = values_of(session, GROUP)
    session.commit()
    return World(app, connection, values)


def test_every_endpoint_declares_a_permission(app: Flask) -> None:
    undeclared = [
        name for name, view in app.view_functions.items() if name != "static" and not hasattr(view, "permission")
    ]
    assert undeclared == []


def test_the_table_names_every_permission() -> None:
    assert set(ALLOWED) == set(Permission)


@pytest.mark.parametrize("person", sorted(EVERYBODY))
def test_person_is_let_in_or_refused(world: World, session: Session, person: str) -> None:
    assert _wrong(world, session, person, GROUP, counts_as=person) == []


@pytest.mark.parametrize("person", sorted(INSIDE))
def test_role_in_another_group_opens_nothing_here(world: World, session: Session, person: str) -> None:
    assert _wrong(world, session, person, ANOTHER, counts_as="stranger") == []


@pytest.mark.parametrize("person", ["member", "facilitator", "admin"])
def test_half_sign_in_reaches_what_a_visitor_reaches(world: World, session: Session, person: str) -> None:
    """The password was right, the code is missing: to every endpoint that is nobody."""
    browser = become_half(world.app, session, person)
    token = form_token(browser)
    seen = {
        (rule.rule, method): world.ask(browser, rule, method, token).status_code for rule, method, _ in rules(world.app)
    }
    assert browser.get("/sign-in/code").status_code == 200
    visitor = Browser(world.app.test_client())
    token = form_token(visitor)
    as_nobody = {
        (rule.rule, method): world.ask(visitor, rule, method, token).status_code for rule, method, _ in rules(world.app)
    }
    apart = {asked for asked in seen if seen[asked] != as_nobody[asked]}
    assert apart == {("/sign-in/code", "GET")}


def _wrong(
    world: World, session: Session, person: str, slug: str, *, counts_as: str
) -> list[tuple[str, str, str, int, str]]:
    """Endpoints that answer somebody of the group `slug` otherwise than the table says of `counts_as`."""
    browser, member = become(world.app, session, person, slug)
    own = {"share_id": new_share(session, member).id} if member and (person, slug) == (AUTHOR, GROUP) else {}
    session.commit()
    theirs = World(world.app, world.connection, {**world.values, **own})
    token = form_token(browser)
    wrong = []
    for rule, method, permission in rules(world.app):
        answer = theirs.ask(browser, rule, method, token)
        place = answer.headers.get("Location", "")
        is_let_in = not _is_refusal(answer.status_code, place, permission)
        if is_let_in is not (counts_as in ALLOWED[permission]) or answer.status_code >= 500:
            wrong.append((method, rule.rule, permission.value, answer.status_code, place))
    return wrong


def _is_refusal(status: int, place: str, permission: Permission) -> bool:
    return status == 403 or (status == 404 and permission in HIDDEN) or "/sign-in?" in place


def test_no_form_is_taken_without_its_token(world: World, session: Session) -> None:
    browser, _ = become(world.app, session, "facilitator")
    taken = []
    for rule, method, _ in rules(world.app):
        if method != "POST" or rule.endpoint in WITHOUT_A_SESSION:
            continue
        answer = world.ask(browser, rule, "POST", token="")
        if answer.status_code != 400:
            taken.append((rule.rule, answer.status_code))
    assert taken == []
