"""A group with everybody around it, and one request to each endpoint: what the matrix and the twin worlds are made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from groupsite.domain.permissions import Permission
from groupsite.domain.recurrence import occurrence_key
from groupsite.domain.tokens import new_token, token_hash
from groupsite.domain.words import MembershipState, Role
from groupsite.models import (
    Account,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Group,
    Membership,
    OccurrenceRow,
    WrittenShare,
)
from groupsite.services import half_sign_in, sessions
from tests.browser import Browser
from tests.plugins.application import MORNING

GROUP = "tuesday-lantern"
ANOTHER = "night-owls"
NOTHING = UUID(int=0)
NO_NUMBER = {"number": 0}
"""Names in addresses that are counts."""
ROLES: Mapping[str, tuple[Role, ...]] = {
    "member": (),
    "trusted servant": (Role.TRUSTED_SERVANT,),
    "share reader": (Role.SHARE_READER,),
    "facilitator": (Role.SECRETARY,),
}
INSIDE = frozenset(ROLES)
OUTSIDE = frozenset({"former member", "asker"})
"""Their membership is there, and opens nothing."""
SIGNED_IN = INSIDE | OUTSIDE | {"stranger", "admin"}
EVERYBODY = SIGNED_IN | {"visitor"}


@dataclass(frozen=True)
class World:
    """What the addresses of the endpoints are filled with; an id that is not named is one that nothing has."""

    app: Flask
    connection: Connection
    values: Mapping[str, object] = field(default_factory=dict)

    def path(self, rule: Rule) -> str:
        values = {name: str(self.values.get(name) or NO_NUMBER.get(name, NOTHING)) for name in rule.arguments}
        with self.app.test_request_context():
            return self.app.url_for(rule.endpoint, **values)  # type: ignore[arg-type]  # names of the address, not of its options

    def ask(self, browser: Browser, rule: Rule, method: str, token: str) -> TestResponse:
        """One request whose effects are undone; a form is sent with nothing but its token."""
        client = browser.client
        cookie = client.get_cookie("id")
        undo = self.connection.begin_nested()
        fields = {"csrf_token": token} if method == "POST" else None
        answer = client.open(self.path(rule), method=method, data=fields, buffered=True)
        if undo.is_active:
            undo.rollback()
        if cookie is not None:
            client.set_cookie("id", cookie.value)
        return answer


def rules(app: Flask) -> Iterator[tuple[Rule, str, Permission]]:
    """Every endpoint with each of its methods, and what it asks for."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        permission: Permission = vars(app.view_functions[rule.endpoint])["permission"]
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule, method, permission


def values_of(session: Session, slug: str) -> dict[str, object]:
    """A coming date of the group, a share of a member of its own, and a message that failed."""
    group = session.scalars(select(Group).where(Group.slug == slug)).one()
    coming = select(OccurrenceRow).where(OccurrenceRow.group_id == group.id, OccurrenceRow.start_utc > MORNING)
    first = session.scalars(coming.order_by(OccurrenceRow.start_utc)).first()
    author = enrol(session, new_account(session), slug, "member")
    return {
        "slug": slug,
        "series": first.series_slug if first else "main",
        "key": occurrence_key(first.original_local) if first else "2026-11-24T1900",
        "share_id": new_share(session, author).id,
        "delivery_id": failed_delivery(session, author.account_id),
        "token": new_token(),
        "format": "sharing-90",
        "number": 1,
        "slot": "opening",
    }


def new_account(session: Session, *, is_admin: bool = False) -> Account:
    account = Account(
        login=f"somebody-{uuid4().hex[:12]}",
        password_hash="no password opens this",
        is_admin=is_admin,
        adult_confirmed_at=MORNING,
        created_at=MORNING,
    )
    session.add(account)
    session.flush()
    return account


def enrol(session: Session, account: Account, slug: str, person: str) -> Membership:
    """Make the account one of the group's people; a `former member` has left, an `asker` waits to be let in."""
    group_id = session.scalars(select(Group.id).where(Group.slug == slug)).one()
    states = {"former member": MembershipState.LEFT, "asker": MembershipState.REQUESTED}
    member = Membership(
        group_id=group_id,
        account_id=account.id,
        display_name=f"{person} {account.login[-12:]}",
        state=states.get(person, MembershipState.ACTIVE),
        asked_on=MORNING.date() if person == "asker" else None,
        roles=[] if person in OUTSIDE else [Role.MEMBER, *ROLES[person]],
        joined_month=MORNING.date().replace(day=1),
        reminders_since=MORNING,
        unsubscribe_hash=token_hash(new_token()),
    )
    session.add(member)
    session.flush()
    return member


def new_share(session: Session, author: Membership) -> WrittenShare:
    share = WrittenShare(
        group_id=author.group_id,
        membership_id=author.id,
        body="I rested.",
        published_at=MORNING,
        expires_at=MORNING + timedelta(days=4),
    )
    session.add(share)
    session.flush()
    return share


def failed_delivery(session: Session, account_id: UUID) -> UUID:
    row = Delivery(
        id=uuid4(),
        dedupe_key=f"of the matrix {uuid4()}",
        kind=DeliveryKind.REMINDER,
        state=DeliveryState.FAILED,
        account_id=account_id,
        due_at=MORNING,
        next_try_at=MORNING,
        expires_at=MORNING + timedelta(hours=1),
    )
    session.add(row)
    session.flush()
    return row.id


def become(app: Flask, session: Session, person: str, slug: str = GROUP) -> tuple[Browser, Membership | None]:
    """A browser in which this kind of person is signed in, and their membership in the group `slug`, if they have one."""
    browser = Browser(app.test_client())
    if person == "visitor":
        return browser, None
    account = new_account(session, is_admin=person == "admin")
    member = enrol(session, account, slug, person) if person in INSIDE | OUTSIDE else None
    session_id = new_token()
    sessions.start(session, account.id, session_id, now=MORNING)
    session.commit()
    browser.client.set_cookie("id", session_id)
    return browser, member


def become_half(app: Flask, session: Session, person: str) -> Browser:
    """A browser in which this kind of person has given the password, and not yet the code."""
    account = new_account(session, is_admin=person == "admin")
    if person in INSIDE:
        enrol(session, account, GROUP, person)
    session_id = new_token()
    half_sign_in.begin(session, account.id, session_id, now=MORNING, is_shared=False, is_sure=True)
    session.commit()
    browser = Browser(app.test_client())
    browser.client.set_cookie("id", session_id)
    return browser


def form_token(browser: Browser) -> str:
    """The token of any form that this browser is shown."""
    return browser.token("/account" if browser.is_signed_in() else "/sign-in")
