"""The e-mail address of an account: optional, sealed, and used only after its owner confirmed it."""

from datetime import datetime, timedelta
from uuid import uuid4

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from groupsite.domain.errors import Expired, InvalidInput
from groupsite.domain.permissions import VISITOR, Identity
from groupsite.domain.sign_in_ways import WaysChange
from groupsite.domain.tokens import token_hash
from groupsite.mail.vault import Vault
from groupsite.models import Account, SingleUseToken
from groupsite.services import audit, outbox, sign_in_changes, suppression, waiting
from groupsite.services.accounts import own_account

CONFIRM_EMAIL = "confirm-email"
SIGN_IN = "sign-in"
BY_MAIL = (CONFIRM_EMAIL, SIGN_IN)
"""Purposes of links that go to a mailbox: they end with its use."""
LINK_LASTS = timedelta(hours=24)


def checked_address(text: str) -> str:
    """The address as mail servers take it. Raises InvalidInput for `email`. No server is asked."""
    try:
        return validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        raise InvalidInput("email", "This does not look like a whole e-mail address. Please check it.") from None


def ask(session: Session, actor: Identity, address: str, *, vault: Vault, now: datetime) -> None:
    """Send a link to the address; it is used only after that link was. An earlier link stops working."""
    account = own_account(session, actor)
    sealed = vault.seal(checked_address(address))
    _forget_links(session, account)
    token_id = uuid4()
    session.add(
        SingleUseToken(
            id=token_id,
            account_id=account.id,
            purpose=CONFIRM_EMAIL,
            token_hash=token_hash(vault.token(CONFIRM_EMAIL, token_id)),
            email_sealed=sealed,
            created_at=now,
            expires_at=now + LINK_LASTS,
        )
    )
    session.flush()
    outbox.confirm_email(session, account_id=account.id, token_id=token_id, expires_at=now + LINK_LASTS, now=now)
    audit.record(session, actor, "account.address_asked", now=now)


def check_link(session: Session, token: str, *, now: datetime) -> SingleUseToken:
    """The link that is still good, locked. Raises Expired for one that is used, over, or never was."""
    found = session.scalar(
        select(SingleUseToken)
        .where(SingleUseToken.token_hash == token_hash(token), SingleUseToken.purpose == CONFIRM_EMAIL)
        .with_for_update()
    )
    if found is None or found.used_at is not None or found.expires_at <= now:
        raise Expired("This link has been used, its 24 hours are over, or a newer one has taken its place.")
    return found


def confirm(session: Session, token: str, *, vault: Vault, now: datetime, here: str | None = None) -> None:
    """Take the address that the link was sent to into use, whatever came back from it before; the link is spent.

    Links that sign in are off until she says anew that they may go there, and every other browser is signed out: `here` is
    the id of the session that asks. Raises as `check_link`.
    """
    link = check_link(session, token, now=now)
    account = session.get_one(Account, link.account_id, with_for_update={"key_share": True})
    if link.email_sealed and (address := vault.open(link.email_sealed)):
        suppression.release(session, address, vault)
    account.email_sealed, account.email_confirmed_at, account.safe_on = link.email_sealed, now, now.date()
    link.used_at, link.email_sealed = now, None
    account.takes_links = False
    sign_in_changes.note(session, account, WaysChange.ADDRESS, here=here, now=now)
    waiting.owe_anew(session, account, now=now)
    audit.record(session, VISITOR, "account.address_confirmed", now=now)
    session.flush()


def remove(session: Session, actor: Identity, *, now: datetime, here: str | None = None) -> None:
    """Forget the address and every message that still waits for it; every browser but `here` is signed out."""
    account = own_account(session, actor)
    account.email_sealed = account.email_confirmed_at = account.safe_on = None
    account.takes_links = False
    _forget_links(session, account)
    waiting.take_back_all(session, account)
    sign_in_changes.note(session, account, WaysChange.ADDRESS_REMOVED, here=here, now=now)
    audit.record(session, actor, "account.address_removed", now=now)
    session.flush()


def _forget_links(session: Session, account: Account) -> None:
    session.execute(
        delete(SingleUseToken).where(SingleUseToken.account_id == account.id, SingleUseToken.purpose.in_(BY_MAIL))
    )
