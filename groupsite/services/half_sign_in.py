"""Between the password and the code: bound to one browser, open for ten minutes and five codes, and no sign-in anywhere."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from groupsite.domain.tokens import token_hash
from groupsite.mail.vault import Vault
from groupsite.models import Account, HalfSignIn
from groupsite.services import recovery, second_step

OPEN_FOR = timedelta(minutes=10)
CODES = 5
"""Wrong ones, then the password is asked for again."""
CODES_IN_AN_HOUR = 10
"""Wrong ones for one account, however often its password is given; paper and passkeys open it all the same."""
COUNTED_FOR = timedelta(hours=1)


def begin(
    session: Session, account_id: UUID, session_id: str, *, now: datetime, is_shared: bool, is_sure: bool
) -> None:
    """Note what the browser of this (new) id has shown so far; `is_shared`, `is_sure` as for services/sessions.start."""
    session.add(
        HalfSignIn(
            id_hash=token_hash(session_id), account_id=account_id, is_shared=is_shared, is_sure=is_sure, created_at=now
        )
    )
    session.flush()


def is_open(session: Session, session_id: str | None, *, now: datetime) -> bool:
    """Whether this browser is asked for a code."""
    return session_id is not None and _open(session, session_id, now) is not None


def try_code(session: Session, session_id: str | None, typed: str, *, vault: Vault, now: datetime) -> HalfSignIn | None:
    """Take a code of the app, or one from her paper. Right: what was half done is over, and says how to go on.

    None for a wrong one, which is counted, so that the caller must let the transaction stand; and where nothing is half done.
    """
    account = _account(session, session_id, now) if session_id else None
    half = _open(session, session_id, now, locks=True) if session_id and account else None
    if half is None or account is None:
        return None
    if _is_right(session, account, typed, vault, now):
        session.execute(delete(HalfSignIn).where(HalfSignIn.account_id == account.id))
        return half
    half.wrong_codes += 1
    session.flush()
    return None


def end(session: Session, session_id: str, *, now: datetime) -> None:
    """The browser goes another way. Its wrong codes stay counted for the account."""
    half = HalfSignIn.id_hash == token_hash(session_id), HalfSignIn.created_at > now - OPEN_FOR
    closed = update(HalfSignIn).where(*half).values(created_at=now - OPEN_FOR)
    session.execute(closed, execution_options={"synchronize_session": False})


def forget(session: Session, *, now: datetime) -> None:
    session.execute(delete(HalfSignIn).where(HalfSignIn.created_at <= now - COUNTED_FOR))


def _account(session: Session, session_id: str, now: datetime) -> Account | None:
    """Whose half sign-in it is, locked before anything else of the account (as everywhere); None when it is out of sight."""
    half = _open(session, session_id, now)
    account = session.get(Account, half.account_id, with_for_update={"key_share": True}) if half else None
    is_there = account is not None and account.hidden_at is None and account.deleted_at is None
    return account if is_there else None


def _is_right(session: Session, account: Account, typed: str, vault: Vault, now: datetime) -> bool:
    """Codes of the app are looked at while not too many were wrong; the account is locked, so that they are counted one by one."""
    lately = HalfSignIn.account_id == account.id, HalfSignIn.created_at > now - COUNTED_FOR
    wrong = session.scalar(select(func.coalesce(func.sum(HalfSignIn.wrong_codes), 0)).where(*lately)) or 0
    if wrong < CODES_IN_AN_HOUR and second_step.takes(session, account.id, typed, vault=vault, now=now):
        return True
    return recovery.spend(session, account, typed, now=now)


def _open(session: Session, session_id: str, now: datetime, *, locks: bool = False) -> HalfSignIn | None:
    query = select(HalfSignIn).where(
        HalfSignIn.id_hash == token_hash(session_id),
        HalfSignIn.created_at > now - OPEN_FOR,
        HalfSignIn.wrong_codes < CODES,
    )
    query = query.execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if locks else query)
