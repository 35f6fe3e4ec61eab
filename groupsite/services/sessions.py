"""Signed-in browsers as rows: started, seen, ended."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from groupsite.domain.tokens import token_hash
from groupsite.models import WebSession

LASTS = timedelta(hours=12)


def start(session: Session, account_id: UUID, session_id: str, *, now: datetime) -> None:
    """Open a session under this (random, 256-bit) id; it ends by itself after 12 hours."""
    session.add(
        WebSession(
            id_hash=token_hash(session_id),
            account_id=account_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + LASTS,
        )
    )
    session.flush()


def end(session: Session, session_id: str) -> None:
    session.execute(delete(WebSession).where(WebSession.id_hash == token_hash(session_id)))


def end_all(session: Session, account_id: UUID) -> None:
    session.execute(delete(WebSession).where(WebSession.account_id == account_id))


def forget_ended(session: Session, *, now: datetime) -> None:
    """Remove the rows of sessions that are over."""
    session.execute(delete(WebSession).where(WebSession.expires_at <= now))
