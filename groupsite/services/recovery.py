"""Recovery codes: a way back in that needs no mailbox. Each works once; only its SHA-256 is kept."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from groupsite.domain.errors import InvalidInput
from groupsite.domain.paper_codes import in_blocks, letters_in, random_letters
from groupsite.domain.passwords import checked_password
from groupsite.domain.permissions import VISITOR, Identity
from groupsite.domain.sign_in_ways import WaysChange
from groupsite.domain.tokens import token_hash
from groupsite.models import Account, SingleUseToken
from groupsite.services import audit, credentials, sign_in_changes
from groupsite.services.accounts import account_named, own_account

RECOVERY = "recovery"
HOW_MANY = 8
LAST = timedelta(days=3650)
LENGTH = 16
"""Of 31 letters: 79 random bits."""


def make_codes(session: Session, actor: Identity, *, now: datetime, here: str | None = None) -> tuple[str, ...]:
    """New codes, to be shown once; earlier ones stop working. The caller has made sure of who asks.

    Every session but that of the id `here` ends.
    """
    account = own_account(session, actor)
    session.execute(delete(SingleUseToken).where(*_codes_of(account)))
    codes = tuple(in_blocks(random_letters(LENGTH)) for _ in range(HOW_MANY))
    session.add_all(
        SingleUseToken(
            account_id=account.id, purpose=RECOVERY, token_hash=code_hash(code), created_at=now, expires_at=now + LAST
        )
        for code in codes
    )
    sign_in_changes.note(session, account, WaysChange.PAPER_MADE, here=here, now=now)
    audit.record(session, actor, "account.codes_made", now=now)
    session.flush()
    return codes


def codes_left(session: Session, account: Account) -> int:
    unused = select(func.count()).where(*_codes_of(account), SingleUseToken.used_at.is_(None))
    return session.scalar(unused) or 0


def recover(session: Session, *, login: str, code: str, new: str, now: datetime) -> Account:
    """Set a new password with a code; every session of the account ends. Raises InvalidInput for `new` or `code`.

    The answer is the same for a login that is not known.
    """
    try:
        secret = checked_password(new, login=login.strip().lower())
    except InvalidInput as error:
        raise InvalidInput("new", error.reason) from error
    account = account_named(session, login)
    is_open = account is not None and account.hidden_at is None
    if account is None or not is_open or not spend(session, account, code, now=now):
        raise InvalidInput("code", "The sign-in name and the code do not belong together, or the code was used before.")
    account.password_hash = credentials.hashed(secret)
    sign_in_changes.note(session, account, WaysChange.CAME_BACK, here=None, now=now)
    audit.record(session, VISITOR, "account.recovered", now=now)
    session.flush()
    return account


def spend(session: Session, account: Account, code: str, *, now: datetime) -> bool:
    """Whether this is a code of the account that was not used; it is used from now on."""
    unused = select(SingleUseToken).where(
        SingleUseToken.token_hash == code_hash(code), SingleUseToken.used_at.is_(None), SingleUseToken.expires_at > now
    )
    token = session.scalar(unused.where(*_codes_of(account)).with_for_update())
    if token is None:
        return False
    token.used_at = now
    session.flush()
    return True


def _codes_of(account: Account) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return SingleUseToken.account_id == account.id, SingleUseToken.purpose == RECOVERY


def code_hash(code: str) -> bytes:
    """What is kept of it, however it was typed: dashes, spaces and capitals do not matter."""
    return token_hash(letters_in(code.lower()))
