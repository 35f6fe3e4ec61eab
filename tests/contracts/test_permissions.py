"""Who reaches what: each endpoint declares a permission, and each kind of person is refused or let in as the map says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from groupsite.domain.permissions import Permission
from groupsite.domain.recurrence import occurrence_key
from groupsite.domain.tokens import new_token
from groupsite.models import (
    Account,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Group,
    Heartbeat,
    Membership,
    OccurrenceRow,
    WrittenShare,
)
from groupsite.services import sessions
from groupsite.services.health import HAVE_TO_RUN
from tests.browser import Browser
from tests.plugins.application import MORNING

SIGNED_IN = {"stranger", "member", "facilitator", "admin"}
INSIDE = {"member", "facilitator"}
ALLOWED = {
    Permission.SEE_PUBLIC: SIGNED_IN | {"visitor"},
    Permission.SEE_LISTING: SIGNED_IN | {"visitor"},
    Permission.SEE_OWN_ACCOUNT: SIGNED_IN,
    Permission.JOIN_GROUP: SIGNED_IN,
    Permission.LEAVE_GROUP: INSIDE,
    Permission.CHOOSE_REMINDERS: INSIDE,
    Permission.ANSWER: INSIDE,
    Permission.READ_SHARES: INSIDE,
    Permission.POST_SHARE: INSIDE,
    Permission.WITHDRAW_SHARE: {"member"},
    Permission.KEEP_APART: INSIDE,
    Permission.CREATE_GROUP: SIGNED_IN,
    Permission.RUN_GROUP: {"facilitator"},
    Permission.RUN_SITE: {"admin"},
}
LOGINS = {"member": "charlene", "facilitator": "marisol"}
GROUP = "tuesday-lantern"
WITHOUT_A_SESSION = {"unsubscribe.stop", "unsubscribe.stop_all", "answers.answer"}
"""Their link is the proof; a form token of a session that is not there would prove nothing."""


@dataclass(frozen=True)
class World:
    """What the addresses of the endpoints are filled with."""

    client: Browser
    connection: Connection
    values: dict[str, object]


@pytest.fixture
def world(client: Browser, connection: Connection, session: Session, sample: None) -> World:
    group = session.scalars(select(Group).where(Group.slug == GROUP)).one()
    first = session.scalars(
        select(OccurrenceRow)
        .where(OccurrenceRow.group_id == group.id, OccurrenceRow.start_utc > MORNING)
        .order_by(OccurrenceRow.start_utc)
    ).first()
    assert first is not None
    session.add_all(Heartbeat(name=job, at=MORNING) for job in HAVE_TO_RUN)
    values: dict[str, object] = {
        "slug": GROUP,
        "series": "main",
        "key": occurrence_key(first.original_local),
        "share_id": _share(session, group.id),
        "delivery_id": _failed_delivery(session),
        "token": new_token(),
    }
    session.commit()
    return World(client, connection, values)


def _failed_delivery(session: Session) -> UUID:
    account = session.scalars(select(Account).where(Account.login == LOGINS["member"])).one()
    row = Delivery(
        id=uuid4(),
        dedupe_key="of the matrix",
        kind=DeliveryKind.REMINDER,
        state=DeliveryState.FAILED,
        account_id=account.id,
        due_at=MORNING,
        next_try_at=MORNING,
        expires_at=MORNING + timedelta(hours=1),
    )
    session.add(row)
    session.flush()
    return row.id


def _share(session: Session, group_id: UUID) -> UUID:
    author = session.scalars(
        select(Membership).join(Account, Account.id == Membership.account_id).where(Account.login == LOGINS["member"])
    ).one()
    share = WrittenShare(
        group_id=group_id,
        membership_id=author.id,
        body="I rested.",
        published_at=MORNING,
        expires_at=MORNING.replace(day=28),
    )
    session.add(share)
    session.flush()
    return share.id


def become(client: Browser, session: Session, person: str) -> None:
    """Give the browser a live session of this person."""
    if person != "visitor":
        let_in(client, session, _account(session, person))


def let_in(client: Browser, session: Session, account: Account) -> None:
    """Give the browser a live session of this account."""
    session_id = new_token()
    sessions.start(session, account.id, session_id, now=MORNING)
    session.commit()
    client.client.set_cookie("id", session_id)


def _account(session: Session, person: str) -> Account:
    if person in LOGINS:
        return session.scalars(select(Account).where(Account.login == LOGINS[person])).one()
    account = Account(
        login=f"{person}-of-the-matrix",
        password_hash="no password opens this",
        is_admin=person == "admin",
        adult_confirmed_at=MORNING,
        created_at=MORNING,
    )
    session.add(account)
    session.flush()
    return account


def rules(app: Flask) -> Iterator[tuple[Rule, str, Permission]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        permission: Permission = vars(app.view_functions[rule.endpoint])["permission"]
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule, method, permission


def test_every_endpoint_declares_a_permission(app: Flask) -> None:
    undeclared = [
        name for name, view in app.view_functions.items() if name != "static" and not hasattr(view, "permission")
    ]
    assert undeclared == []


def test_the_table_names_every_permission() -> None:
    assert set(ALLOWED) == set(Permission)


@pytest.mark.parametrize("person", ["visitor", "stranger", "member", "facilitator", "admin"])
def test_person_is_let_in_or_refused(app: Flask, world: World, session: Session, person: str) -> None:
    become(world.client, session, person)
    token = world.client.token("/sign-in" if person == "visitor" else "/account")
    wrong = []
    for rule, method, permission in rules(app):
        status, place = _ask(app, world, rule, method, token)
        if _is_refusal(status, place, permission) is (person in ALLOWED[permission]) or status >= 500:
            wrong.append((method, rule.rule, permission.value, status, place))
    assert wrong == []


def _ask(app: Flask, world: World, rule: Rule, method: str, token: str) -> tuple[int, str]:
    """One request whose effects are undone. An id that the world does not name is a fresh random one."""
    values = {name: str(world.values.get(name) or uuid4()) for name in rule.arguments}
    with app.test_request_context():
        path = app.url_for(rule.endpoint, **values)  # type: ignore[arg-type]  # names of the address, not of its options
    browser = world.client.client
    cookie = browser.get_cookie("id")
    undo = world.connection.begin_nested()
    answer = browser.open(path, method=method, data={"csrf_token": token} if method == "POST" else None)
    if undo.is_active:
        undo.rollback()
    if cookie is not None:
        browser.set_cookie("id", cookie.value)
    return answer.status_code, answer.headers.get("Location", "")


def _is_refusal(status: int, place: str, permission: Permission) -> bool:
    """What runs the site is hidden from everybody else: they are told that there is nothing."""
    return status == 403 or (status == 404 and permission is Permission.RUN_SITE) or "/sign-in?" in place


def test_no_form_is_taken_without_its_token(app: Flask, world: World, session: Session) -> None:
    become(world.client, session, "member")
    taken = []
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or set()) or rule.endpoint in WITHOUT_A_SESSION:
            continue
        status, _ = _ask(app, world, rule, "POST", token="")
        if status != 400:
            taken.append((rule.rule, status))
    assert taken == []
