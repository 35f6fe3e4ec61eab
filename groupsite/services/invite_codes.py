"""Codes that open a group: made, used, taken back, forgotten."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from groupsite.domain.errors import Conflict, InvalidInput, NotFound
from groupsite.domain.invite_codes import MOST_AT_ONCE, as_kept, check_terms, new_code
from groupsite.domain.permissions import Identity
from groupsite.domain.tokens import token_hash
from groupsite.models import Group, InviteCode
from groupsite.queries.joining import codes_of
from groupsite.services import audit
from groupsite.services.publishing import hold_group

DOES_NOT_OPEN = "This code does not open the group. Please look at it again, or ask for a new one."
"""The same for a wrong, an old and a used-up code: nobody learns which ones there were."""


def make(session: Session, actor: Identity, group: Group, *, uses: int, days: int, now: datetime) -> str:
    """A new code, shown once: only its hash is kept. Raises InvalidInput for `uses` and `days`, Conflict for too many."""
    check_terms(uses, days)
    hold_group(session, group)
    if len(codes_of(session, group.id, now=now)) >= MOST_AT_ONCE:
        raise Conflict(f"There are {MOST_AT_ONCE} codes that work. Please take one back first.")
    code = new_code()
    row = InviteCode(
        group_id=group.id, code_hash=token_hash(as_kept(code)), uses_left=uses, expires_at=now + timedelta(days=days)
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "invite_code.made", now=now, group_id=group.id, code=row.id)
    return code


def redeem(session: Session, group: Group, typed: str, *, now: datetime) -> None:
    """Count one use. Two people cannot take the last one together. Raises InvalidInput for `code`."""
    used = (
        update(InviteCode)
        .where(InviteCode.code_hash == token_hash(as_kept(typed)), InviteCode.group_id == group.id)
        .where(InviteCode.uses_left > 0, InviteCode.expires_at > now)
        .values(uses_left=InviteCode.uses_left - 1)
        .returning(InviteCode.id)
    )
    if session.scalar(used) is None:
        raise InvalidInput("code", DOES_NOT_OPEN)


def revoke(session: Session, actor: Identity, group: Group, code_id: UUID, *, now: datetime) -> None:
    """The code opens nothing from now on. Raises NotFound."""
    gone = delete(InviteCode).where(InviteCode.id == code_id, InviteCode.group_id == group.id)
    if session.scalar(gone.returning(InviteCode.id)) is None:
        raise NotFound("This code no longer works anyway.")
    audit.record(session, actor, "invite_code.revoked", now=now, group_id=group.id, code=code_id)


def forget(session: Session, *, now: datetime) -> None:
    """Delete codes that open nothing any more."""
    session.execute(delete(InviteCode).where(or_(InviteCode.expires_at <= now, InviteCode.uses_left <= 0)))
