"""The ways to sign in have changed: every other browser is signed out, and she hears of it if it was not she.

On the page in any case; by mail only if she has chosen that, and never to a mailbox that she has just given up: it may be no
longer hers alone.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from groupsite.domain.permissions import Identity
from groupsite.domain.sign_in_ways import CHANGES_KEPT, WaysChange
from groupsite.models import Account, SignInChange
from groupsite.services import audit, outbox, sessions


def note(session: Session, account: Account, what: WaysChange, *, here: str | None, now: datetime) -> None:
    """Write down what changed; every session but that of the id `here` ends, and what is half signed in."""
    sessions.end_all(session, account.id, but=here)
    if here is not None:
        sessions.note_change(session, here)
    change_id = uuid4()
    session.add(SignInChange(id=change_id, account_id=account.id, what=what, changed_on=now.date()))
    session.flush()
    outbox.sign_in_notice(session, account, change_id, now=now)


def latest(session: Session, account_id: UUID) -> Sequence[SignInChange]:
    """What changed in the last 90 days, the newest day first."""
    hers = select(SignInChange).where(SignInChange.account_id == account_id)
    return session.scalars(hers.order_by(SignInChange.changed_on.desc(), SignInChange.what)).all()


def has_news(session: Session, account_id: UUID) -> bool:
    """Whether there is something that she has not said she has seen."""
    unseen = exists().where(SignInChange.account_id == account_id, SignInChange.is_news.is_(True))
    return bool(session.scalar(select(unseen)))


def mark_seen(session: Session, actor: Identity, account_id: UUID, *, now: datetime) -> None:
    """She has seen it: it is not shown first any more. The list stays."""
    session.execute(update(SignInChange).where(SignInChange.account_id == account_id).values(is_news=False))
    audit.record(session, actor, "account.changes_seen", now=now)
    session.flush()


def forget(session: Session, *, now: datetime) -> None:
    session.execute(delete(SignInChange).where(SignInChange.changed_on < now.date() - CHANGES_KEPT))
