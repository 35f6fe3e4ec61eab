"""A member's own calendar addresses."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from groupsite.domain.words import FeedLevel
from groupsite.models.base import Base, Id, Served, word


class CalendarFeed(Served, Base):
    """A secret calendar address: SHA-256 of the token, last use by day only, and what the calendar may say."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        Index("ix_calendar_feed_live", "account_id", postgresql_where=text("revoked_at IS NULL")),
        Index("ix_calendar_feed_account_id", "account_id"),
    )

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    uid_key: Mapped[bytes]
    """Random; event ids are made with it, so that nobody can match them with another calendar's, token in hand or not."""
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_on: Mapped[date | None]

    name: Mapped[str] = mapped_column(default="")
    """What the member calls it, on her own page alone."""
    level: Mapped[FeedLevel] = mapped_column(word(FeedLevel), default=FeedLevel.BUSY)
    title: Mapped[str] = mapped_column(default="")
    """Her words for every date at `FeedLevel.OWN_WORDS`; empty: those of the account."""
    alarm_minutes: Mapped[int | None]
    shows_cancelled: Mapped[bool] = mapped_column(default=True)
    shows_answers: Mapped[bool] = mapped_column(default=False)
    is_of_everything: Mapped[bool] = mapped_column(default=True)
    """All groups, later ones too; otherwise `series_ids` alone."""
    series_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    changed_at: Mapped[datetime]
    """When its settings, or an answer that it shows, last changed: its events are stamped no earlier."""
