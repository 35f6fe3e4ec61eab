"""Out of hiding again: with what she knows (the password) and what she has on paper (a recovery code, or an unused slip)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.errors import InvalidInput
from groupsite.models import Account, SingleUseToken
from groupsite.queries.identities import identity_of
from groupsite.services import audit, credentials, recovery, second_step
from groupsite.services.accounts import account_named
from groupsite.services.disappearing import ON_PAPER, show_again

NOT_TOGETHER = "The sign-in name, the password and the code do not belong together, or the code was used before."


def come_back(session: Session, *, login: str, password: str, code: str, now: datetime) -> Account:
    """Take the account out of hiding; the code is spent. Raises InvalidInput for `code`, the same whatever is wrong.

    An account that is not hidden is opened too: its password was right.
    """
    account = account_named(session, login)
    is_known = credentials.matches(account.password_hash if account else None, password)
    paper = _paper(session, account, code, now) if account else None
    if account is None or not is_known or paper is None:
        raise InvalidInput("code", NOT_TOGETHER)
    if account.hidden_at is None and second_step.is_on(session, account.id):
        _stand_for_a_code(session, paper, now)
    if account.hidden_at is not None:
        paper.used_at = now
        show_again(session, account)
        audit.record(session, identity_of(session, account), "account.taken_back", now=now)
        session.flush()
    return account


def _stand_for_a_code(session: Session, paper: SingleUseToken, now: datetime) -> None:
    """In place of a code of the app only a recovery code opens the account, and is spent, as on the page for it."""
    if paper.purpose != recovery.RECOVERY:
        raise InvalidInput("code", NOT_TOGETHER)
    paper.used_at = now
    session.flush()


def _paper(session: Session, account: Account, code: str, now: datetime) -> SingleUseToken | None:
    return session.scalar(
        select(SingleUseToken)
        .where(
            SingleUseToken.account_id == account.id,
            SingleUseToken.purpose.in_(ON_PAPER),
            SingleUseToken.token_hash == recovery.code_hash(code),
            SingleUseToken.used_at.is_(None),
            SingleUseToken.expires_at > now,
        )
        .with_for_update()
    )
