"""What the system remembers of itself: audit entries, heartbeats, what it derived with which data."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from groupsite.models.base import Base


class AuditEntry(Base):
    """Who (by role) did what to which thing, when. Never a text, a name or an address."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_group_id_at", "group_id", "at"),
        Index("ix_audit_entry_actor_id", "actor_id", postgresql_where=text("actor_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    verb: Mapped[str]
    actor_role: Mapped[str]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("group.id", ondelete="SET NULL"))
    subject: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    """Ids, enum values and moments only."""


class Heartbeat(Base):
    """When a periodic job last ran to its end; `/readyz` reads it. And how far the planner has come (queries/readiness)."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class DerivedWith(Base):
    """With which version of the zone data something that is derived was derived last."""

    __tablename__ = "derived_with"

    name: Mapped[str] = mapped_column(primary_key=True)
    tzdata: Mapped[str]


class InboundCount(Base):
    """How many incoming mails of a day ended how. Never whose."""

    __tablename__ = "inbound_count"

    day: Mapped[date] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
