"""Audit entries: written by the use cases, in the transaction of what they record."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from groupsite.domain.permissions import Identity
from groupsite.domain.words import Role
from groupsite.models import AuditEntry


def record(
    session: Session, actor: Identity, verb: str, *, now: datetime, group_id: UUID | None = None, **subject: object
) -> None:
    """Add one entry. `subject` takes ids, enum values and moments; never texts, names or addresses."""
    session.add(
        AuditEntry(
            at=now,
            verb=verb,
            actor_role=_role(actor, group_id),
            actor_id=actor.account_id,
            group_id=group_id,
            subject={name: None if value is None else str(value) for name, value in subject.items()},
        )
    )


def _role(actor: Identity, group_id: UUID | None) -> str:
    belonging = actor.in_group(group_id)
    if belonging is not None:
        return Role.SECRETARY if Role.SECRETARY in belonging.roles else Role.MEMBER
    if actor.is_admin:
        return "site_admin"
    return "visitor" if actor.account_id is None else "account"
