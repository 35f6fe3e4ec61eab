"""Whom she hides from gets the same bytes as if she had never been there: every page, feed and refusal."""

import re
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.words import MembershipState
from groupsite.models import Account, Group, HiddenFrom, Membership
from tests.contracts.test_permissions import GROUP, World, let_in, rules, world  # noqa: F401  a fixture
from tests.members import account, membership
from tests.plugins.application import MORNING

PASSING = re.compile(rb'(name="csrf_token"[^>]*value=")[^"]+')
"""A form's token carries the second in which it was made."""
HERS = f"/groups/{GROUP}"
BY_NAME = (f"{HERS}/manage/people", f"{HERS}/manage/people/hide")
OF_THE_SITE = {"safety.leave", "operations.readyz", "operations.metrics"}
"""They end the visit, or count the mail of everybody."""
Answers = dict[tuple[str, str], tuple[int, bytes, str]]


@pytest.fixture
def oak(session: Session, sample: None) -> Account:
    """A plain member of the group, with an account of their own."""
    one = Account(login="oak", password_hash="no password opens this", adult_confirmed_at=MORNING, created_at=MORNING)
    session.add(one)
    session.flush()
    group = session.scalars(select(Group).where(Group.slug == GROUP)).one()
    session.add(
        Membership(
            group_id=group.id,
            account_id=one.id,
            display_name="Oak",
            state=MembershipState.ACTIVE,
            joined_month=MORNING.date().replace(day=1),
            reminders_since=MORNING,
            unsubscribe_hash=b"of oak",
        )
    )
    session.commit()
    return one


def answers(app: Flask, world: World) -> Answers:  # noqa: F811
    """What each page tells this browser, and what is said to tries with her words and her name."""
    found: Answers = {}
    for rule, method, _ in rules(app):
        if method == "GET" and rule.endpoint not in OF_THE_SITE:
            with app.test_request_context():
                values = {name: world.values.get(name, UUID(int=0)) for name in rule.arguments}
                path = app.url_for(rule.endpoint, **values)  # type: ignore[arg-type]  # names of the address
            found["GET", path] = answered(world, "GET", path, {})
    token = world.client.token("/account")
    for path in (*(f"{HERS}/shares/{world.values['share_id']}/{end}" for end in ("withdraw", "hide")), *BY_NAME):
        found["POST", path] = answered(world, "POST", path, {"csrf_token": token, "display_name": "Charlie L."})
    return found


def answered(world: World, method: str, path: str, fields: dict[str, str]) -> tuple[int, bytes, str]:  # noqa: F811
    """Status, body and place of one request whose effects are undone."""
    undo = world.connection.begin_nested()
    answer = world.client.client.open(path, method=method, data=fields or None)
    if undo.is_active:
        undo.rollback()
    return answer.status_code, PASSING.sub(rb"\1", answer.data), answer.headers.get("Location", "")


@pytest.mark.parametrize("login", ["oak", "marisol"])
def test_hidden_member_leaves_no_trace(
    app: Flask,
    world: World,  # noqa: F811
    oak: Account,
    session: Session,
    login: str,
) -> None:
    """Marisol runs the group. With her in sight the answers are other ones: the test can fail."""
    him = account(session, login).id
    let_in(world.client, session, account(session, login))
    in_sight = answers(app, world)
    member = membership(session, "charlene", GROUP)
    session.add(HiddenFrom(group_id=member.group_id, hider_id=member.account_id, other_id=him))
    session.commit()
    hidden = answers(app, world)
    session.delete(account(session, "charlene"))
    session.commit()
    without_her = answers(app, world)
    assert {asked for asked in hidden if hidden[asked] != without_her[asked]} == set()
    assert hidden["GET", f"{HERS}/shares"] != in_sight["GET", f"{HERS}/shares"]
