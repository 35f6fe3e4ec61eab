"""Outbox and reminder ledger in one: one row per message owed to one person."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from groupsite.domain.bounces import Fault
from groupsite.models.base import Base, Id, WallClock, word


class DeliveryKind(StrEnum):
    REMINDER = "reminder"
    CHANGE = "change"
    INVITE = "invite"
    INVITE_CANCEL = "invite_cancel"
    INVITE_WITHDRAW = "invite_withdraw"
    CONFIRM_EMAIL = "confirm_email"
    SIGN_IN_LINK = "sign_in_link"
    SIGN_IN_NOTICE = "sign_in_notice"


class DeliveryState(StrEnum):
    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SUPPRESSED = "suppressed"
    UNKNOWN = "unknown"


WAITING = (DeliveryState.PLANNED, DeliveryState.DEFERRED)
OPEN = (*WAITING, DeliveryState.SENDING)
"""Not over: something will still become of them."""
ABOUT_THE_ACCOUNT = (DeliveryKind.CONFIRM_EMAIL, DeliveryKind.SIGN_IN_LINK, DeliveryKind.SIGN_IN_NOTICE)
"""They belong to no membership, and no link in them stops anything."""
NOTES = (DeliveryKind.REMINDER, DeliveryKind.CHANGE)
"""About dates: the reader's limits hold for them, and where several are due for one person, one mail carries them all."""


class Delivery(Base):
    """Claimed with a lease and a fence; results are written only while the fence still matches.

    Holds ids and moments, never an address or a text: the message is composed when it is sent.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "ix_delivery_ripe",
            "next_try_at",
            postgresql_where=text("state IN ('planned', 'deferred')"),
        ),
        Index("ix_delivery_leased", "lease_until", postgresql_where=text("state = 'sending'")),
        Index("ix_delivery_token_id", "token_id", postgresql_where=text("token_id IS NOT NULL")),
        Index("ix_delivery_over", "due_at", postgresql_where=text("state NOT IN ('planned', 'deferred', 'sending')")),
    )

    id: Mapped[Id]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[DeliveryKind] = mapped_column(word(DeliveryKind))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    membership_id: Mapped[UUID | None] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting_series.id", ondelete="CASCADE"), index=True)
    token_id: Mapped[UUID | None] = mapped_column(ForeignKey("single_use_token.id", ondelete="CASCADE"))
    original_local: Mapped[WallClock | None]
    start_utc: Mapped[datetime | None]
    """When the occurrence was to start as this row was planned; if that is no longer so, the row is not sent."""
    lead_minutes: Mapped[int | None]
    revision: Mapped[int | None]
    """The series' when this became owed."""

    state: Mapped[DeliveryState] = mapped_column(word(DeliveryState), default=DeliveryState.PLANNED)
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    """`due_at` at first, later the next attempt."""
    attempt: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    """Set just before the body leaves: a crash after this may have delivered it."""
    carrier_id: Mapped[UUID | None]
    """The delivery under whose name (Message-ID, return path) this one left last: itself, or another in the same mail."""
    ambiguous: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    """When the answer link of this mail was used: it works once."""
    last_error_class: Mapped[str | None]
    came_back: Mapped[Fault | None] = mapped_column(word(Fault))
    """Why, if it was taken and came back afterwards."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
