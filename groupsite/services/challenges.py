"""Questions for passkeys: for one browser and one purpose, good for some minutes and for one answer.

Asking stores nothing, because a page that is only read stores nothing: a question is a random id with our proof that we made
it for this browser, and what is kept is that it was answered.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from groupsite.domain.tokens import token_hash
from groupsite.mail.vault import Vault
from groupsite.models import SpentChallenge

ROUND = timedelta(minutes=10)
"""A question is good in the round in which it was asked and in the next one: for ten minutes at least, for less than twenty."""


def ask(vault: Vault, purpose: str, session_id: str, *, now: datetime) -> str:
    """A new question, in the letters in which browsers send it back (base64url)."""
    return vault.signed(_meant_for(purpose, session_id, _round(now)), uuid4())


def is_ours(vault: Vault, purpose: str, session_id: str, challenge: str, *, now: datetime) -> bool:
    """Whether we asked this browser just that, lately. It may have been answered since: see `spend`."""
    rounds = (_round(now), _round(now) - 1)
    return any(vault.opened(_meant_for(purpose, session_id, one), challenge) is not None for one in rounds)


def spend(session: Session, challenge: str, *, now: datetime) -> bool:
    """Take the one answer that the question has; False when it was answered before."""
    row = {"mark": token_hash(challenge), "expires_at": now + 2 * ROUND}
    taken = insert(SpentChallenge).values(row).on_conflict_do_nothing().returning(SpentChallenge.mark)
    return session.execute(taken).first() is not None


def forget(session: Session, *, now: datetime) -> None:
    """Remove what would be too old by now in any case."""
    session.execute(delete(SpentChallenge).where(SpentChallenge.expires_at <= now))


def _round(moment: datetime) -> int:
    return int(moment.timestamp() / ROUND.total_seconds())


def _meant_for(purpose: str, session_id: str, number: int) -> str:
    return f"passkey {purpose} {number} {token_hash(session_id).hex()}"
