"""What a member means to do, for herself alone. There is no table of who came, and there will be none."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from groupsite.domain.words import Answer
from groupsite.models.base import Base, WallClock, word


class Rsvp(Base):
    """A private intention about one date; erased 24 hours after its end (domain.md, invariant 1)."""

    __tablename__ = "rsvp"
    __table_args__ = (
        Index("ix_rsvp_series_id_original_local", "series_id", "original_local"),
        Index("ix_rsvp_end_utc", "end_utc"),
    )

    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    series_id: Mapped[UUID] = mapped_column(ForeignKey("meeting_series.id", ondelete="CASCADE"), primary_key=True)
    original_local: Mapped[WallClock] = mapped_column(primary_key=True)
    answer: Mapped[Answer] = mapped_column(word(Answer))
    answered_at: Mapped[datetime]
    """When she said so; a mail that was written earlier does not undo it."""
    end_utc: Mapped[datetime]


class Invite(Base):
    """What one member's calendar program knows of one series: the address that it answers to, as SHA-256."""

    __tablename__ = "invite"

    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    series_id: Mapped[UUID] = mapped_column(ForeignKey("meeting_series.id", ondelete="CASCADE"), primary_key=True)
    address_hash: Mapped[bytes] = mapped_column(unique=True)
    uid: Mapped[str]
    """Empty: nothing was sent yet, and the answer came along from the series before."""
    raised: Mapped[int] = mapped_column(default=0)
    """How far SEQUENCE is ahead of the series' own: it goes up when the member is uninvited and when she asks again."""
    invited_at: Mapped[datetime]
    answer: Mapped[Answer | None] = mapped_column(word(Answer))
    """What was answered about the whole series. Declined: no more invites of it, until they are asked for again."""
    answered_at: Mapped[datetime | None]
    """The stamp of the newest such answer."""

    @property
    def is_sent(self) -> bool:
        return bool(self.uid)
