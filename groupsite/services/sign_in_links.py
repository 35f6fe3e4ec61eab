"""Links that sign in, for those who have said that nobody else reads their mail: off for everybody else.

A link opens in the browser that asked for it, once, for a quarter of an hour; its mail is of no use to anybody else.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, insert, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from groupsite.domain.errors import Expired, InvalidInput
from groupsite.domain.names import login_of
from groupsite.domain.permissions import Identity
from groupsite.domain.sign_in_ways import WaysChange
from groupsite.domain.tokens import token_hash
from groupsite.mail.vault import Vault
from groupsite.models import Account, Delivery, DeliveryKind, SingleUseToken
from groupsite.queries.identities import in_sight
from groupsite.services import audit, sign_in_changes
from groupsite.services.accounts import own_account
from groupsite.services.addresses import SIGN_IN
from groupsite.services.doorbell import ask_for_ring

LASTS = timedelta(minutes=15)
NOT_HERE = (
    "This link does not open anything here. It opens only in the browser in which you asked for it, once, and for 15 "
    "minutes. You can ask for another one."
)
NO_ADDRESS = "Links need an address that you have confirmed. Please set one first."


def allow(session: Session, actor: Identity, *, is_on: bool, here: str | None, now: datetime) -> None:
    """Let links sign her in, or no longer; every session but that of the id `here` ends. Raises InvalidInput for `links`."""
    account = own_account(session, actor)
    if is_on and account.email_confirmed_at is None:
        raise InvalidInput("links", NO_ADDRESS)
    if account.takes_links is is_on:
        return
    account.takes_links = is_on
    session.execute(
        delete(SingleUseToken).where(SingleUseToken.account_id == account.id, SingleUseToken.purpose == SIGN_IN)
    )
    what = WaysChange.LINKS_ON if is_on else WaysChange.LINKS_OFF
    sign_in_changes.note(session, account, what, here=here, now=now)
    audit.record(session, actor, f"account.{what}", now=now)
    session.flush()


def ask(session: Session, login: str, session_id: str, *, vault: Vault, now: datetime) -> None:
    """Owe a link to the account of this name, if it takes links. The same statements run for every name there is or is not.

    Somebody who never wants to be written to, or is out of sight, gets none. Quiet hours and days that are not safe hold.
    """
    token_id, ends = uuid4(), now + LASTS
    link: dict[str, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
        "id": literal(token_id),
        "account_id": Account.id,
        "purpose": literal(SIGN_IN),
        "token_hash": literal(_mark(vault.token(SIGN_IN, token_id), session_id)),
        "created_at": literal(now),
        "expires_at": literal(ends),
    }
    wanted = select(*link.values()).where(
        Account.login == (login_of(login) or ""),
        Account.takes_links.is_(True),
        Account.email_confirmed_at.is_not(None),
        Account.never_contact.is_(False),
        *in_sight(),
    )
    session.execute(insert(SingleUseToken).from_select(list(link), wanted))
    letter: dict[str, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
        "id": literal(uuid4()),
        "dedupe_key": literal(f"link:{token_id}"),
        "kind": literal(DeliveryKind.SIGN_IN_LINK, Delivery.kind.type),
        "account_id": SingleUseToken.account_id,
        "token_id": SingleUseToken.id,
        "due_at": literal(now),
        "next_try_at": literal(now),
        "expires_at": literal(ends),
    }
    owed = select(*letter.values()).where(SingleUseToken.id == token_id)
    session.execute(insert(Delivery).from_select(list(letter), owed))
    ask_for_ring(session)


def check(session: Session, token: str, session_id: str | None, *, now: datetime) -> tuple[SingleUseToken, Account]:
    """The link that is still good in this browser, and whose it is. Raises Expired for every other, in the same words."""
    found = session.execute(
        select(SingleUseToken, Account)
        .join(Account, Account.id == SingleUseToken.account_id)
        .where(
            SingleUseToken.token_hash == _mark(token, session_id or ""),
            SingleUseToken.purpose == SIGN_IN,
            SingleUseToken.used_at.is_(None),
            SingleUseToken.expires_at > now,
            Account.takes_links.is_(True),
            *in_sight(),
        )
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise Expired(NOT_HERE)
    return found[0], found[1]


def use(session: Session, token: str, session_id: str | None, *, now: datetime) -> Account:
    """Whose link it is; it is spent, and so is every other that is open. Raises as `check`."""
    _, owner = check(session, token, session_id, now=now)
    session.get_one(Account, owner.id, with_for_update={"key_share": True}, populate_existing=True)
    link, account = check(session, token, session_id, now=now)
    session.execute(
        delete(SingleUseToken).where(
            SingleUseToken.account_id == account.id, SingleUseToken.purpose == SIGN_IN, SingleUseToken.id != link.id
        )
    )
    link.used_at = now
    session.flush()
    return account


def _mark(token: str, session_id: str) -> bytes:
    """What is kept: of no use without both the mail and the browser that asked."""
    return token_hash(f"{token} {session_id}")
