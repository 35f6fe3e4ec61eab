"""What changed about the ways in: told on the page in any case, by mail only if she chose that, and never loudly."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groupsite.domain.discretion import betrayals
from groupsite.domain.sign_in_ways import WaysChange
from groupsite.mail.vault import Vault
from groupsite.models import Delivery, DeliveryKind, DeliveryState, SignInChange
from groupsite.services import sign_in_changes, upkeep
from groupsite.web.accounts.security import CHANGES
from tests.authenticator import Device, add_passkey
from tests.browser import PASSWORD, Browser
from tests.members import account, copy_of, new_member
from tests.plugins.application import MORNING
from tests.post_office import PostOffice

NEWS = "How you sign in has changed since you last looked"
WAYS = "/account/ways"


def owed(session: Session) -> list[DeliveryState]:
    session.expire_all()
    return list(session.scalars(select(Delivery.state).where(Delivery.kind == DeliveryKind.SIGN_IN_NOTICE)))


def with_address(session: Session, vault: Vault, **choices: bool) -> None:
    person = account(session, "charlene")
    person.email_sealed, person.email_confirmed_at = vault.seal("charlene@example.org"), MORNING
    for name, value in choices.items():
        setattr(person, name, value)
    session.commit()


def test_every_change_has_words() -> None:
    assert set(CHANGES) == set(WaysChange)


def test_change_is_news_in_every_browser_but_the_one_that_made_it(client: Browser, app: Flask) -> None:
    client.sign_up("charlene")
    add_passkey(client, Device())
    assert NEWS not in client.get("/home").text
    other = Browser(app.test_client())
    other.sign_in("charlene")
    assert NEWS in other.get("/home").text
    assert "24 November 2026: a passkey was added" in other.get("/account/security").text
    other.submit("/account/ways/seen", page="/account/security")
    assert NEWS not in other.get("/home").text
    assert "a passkey was added" in other.get("/account/security").text


def test_news_stays_after_the_session_is_made_sure(client: Browser) -> None:
    """The browser that made the change goes on under another id."""
    client.sign_up("charlene")
    client.submit("/account/security", {"current": PASSWORD, "new": "nine small boats at dusk"})
    assert NEWS not in client.get("/home").text
    client.sign_in("charlene", "nine small boats at dusk")
    assert NEWS in client.get("/home").text


def test_no_mail_tells_of_a_change_until_she_chose_it(client: Browser, session: Session, vault: Vault) -> None:
    client.sign_up("charlene")
    with_address(session, vault)
    add_passkey(client, Device())
    assert owed(session) == []
    client.submit("/account/reminders", {"takes_notices": "y", "discreet": "y"})
    assert copy_of(client)["account"]["takes"]["news_of_the_ways_to_sign_in"] is True
    add_passkey(client, Device())
    assert owed(session) == [DeliveryState.PLANNED]


@pytest.mark.parametrize("choice", [{"never_contact": True}, {"email_confirmed_at": None}])
def test_no_mail_tells_of_a_change_where_none_may_come(
    client: Browser, session: Session, vault: Vault, choice: dict[str, bool]
) -> None:
    client.sign_up("charlene")
    with_address(session, vault, takes_notices=True, **choice)
    add_passkey(client, Device())
    assert owed(session) == []


def test_choice_taken_back_holds_for_what_waits(post: PostOffice, session: Session) -> None:
    person = account(session, "charlene")
    person.takes_notices = True
    sign_in_changes.note(session, person, WaysChange.PASSWORD, here=None, now=MORNING)
    person.takes_notices = False
    session.commit()
    post.deliver(at=MORNING)
    assert owed(session) == [DeliveryState.CANCELLED]


def test_notice_says_neither_what_nor_where(post: PostOffice, session: Session) -> None:
    person = account(session, "charlene")
    person.takes_notices, person.quiet_from, person.quiet_until = True, None, None
    sign_in_changes.note(session, person, WaysChange.PASSKEY_ADDED, here=None, now=MORNING)
    session.commit()
    post.deliver(at=MORNING)
    (mail,) = [one for one in post.mailbox.to("charlene") if "account" in one["Subject"]]
    shown = "\n".join([mail["Subject"], *(mail.get_body((kind,)).get_content() for kind in ("plain", "html"))])
    assert betrayals(shown, ["passkey", "password", "charlene", "Charlie", "Tuesday Lantern"]) == []
    assert "https://evenings.example/sign-in" in shown


def test_no_mail_goes_to_an_address_that_was_given_up(client: Browser, session: Session, vault: Vault) -> None:
    client.sign_up("charlene")
    with_address(session, vault, takes_notices=True)
    client.submit("/account/email/remove", page="/account/email")
    assert owed(session) == []
    assert session.scalars(select(SignInChange.what)).all() == [WaysChange.ADDRESS_REMOVED]


def test_list_is_forgotten_after_ninety_days(client: Browser, session: Session) -> None:
    client.sign_up("charlene")
    add_passkey(client, Device())
    counts = []
    for days in (90, 91):
        upkeep.forget(session, now=MORNING + timedelta(days=days))
        counts.append(session.scalar(select(func.count()).select_from(SignInChange)))
    assert counts == [1, 0]


@pytest.mark.parametrize("page", ["/home", "/groups/quiet-river/manage"])
def test_who_runs_something_is_asked_for_a_passkey_and_may_say_not_now(
    client: Browser, page: str, clock: object
) -> None:
    client.sign_up("charlene")
    client.submit("/groups/new", {"name": "Quiet River", "family": "independent", "display_name": "Charlie"})
    asked = "Add a passkey: one touch instead of a password"
    assert asked in client.get(page).text
    assert client.submit(f"/account/ways/later?next={page}", page="/account").headers["Location"] == page
    assert asked not in client.get(page).text


def test_who_has_a_passkey_or_runs_nothing_is_not_asked(client: Browser, app: Flask) -> None:
    asked = "Add a passkey: one touch instead of a password"
    assert asked not in new_member(app, "marisol", {}).get("/home").text
    client.sign_up("charlene")
    client.submit("/groups/new", {"name": "Quiet River", "family": "independent", "display_name": "Charlie"})
    add_passkey(client, Device())
    assert asked not in client.get("/home").text


def test_admin_is_asked_again_after_three_months(client: Browser, session: Session) -> None:
    client.sign_up("charlene")
    person = account(session, "charlene")
    person.is_admin, person.passkey_put_off_on = True, MORNING.date() - timedelta(days=89)
    session.commit()
    asked = "Add a passkey: one touch instead of a password"
    assert asked not in client.get("/home").text
    person.passkey_put_off_on = MORNING.date() - timedelta(days=90)
    session.commit()
    assert asked in client.get("/home").text
