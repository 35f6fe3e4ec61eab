"""A member's own experience in writing. There is no table for replies, reactions or readers, and there will be none."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from groupsite.domain.share_states import Guideline, HeldFor, ReportReason, ShareState
from groupsite.domain.shares import USUAL_DAYS, ShareAudience
from groupsite.models.base import Base, Id, WallClock, word


class WrittenShare(Base):
    """Withdrawing or expiring deletes the row; nothing of the text is kept.

    While it is with its author alone (a draft, or returned), `body` and `content_note` are empty and the words are sealed.
    """

    __tablename__ = "written_share"
    __table_args__ = (
        Index("ix_written_share_group_id_published_at", "group_id", "published_at"),
        Index("ix_written_share_expires_at", "expires_at"),
        Index("ix_written_share_series_id", "series_id", "original_local"),
        Index(
            "ix_written_share_waits_since", "group_id", "waits_since", postgresql_where=text("waits_since IS NOT NULL")
        ),
        Index("uq_written_share_draft", "membership_id", unique=True, postgresql_where=text("state = 'draft'")),
    )

    id: Mapped[Id]
    group_id: Mapped[UUID] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"))
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    state: Mapped[ShareState] = mapped_column(
        word(ShareState), default=ShareState.PUBLISHED, server_default=ShareState.PUBLISHED
    )
    content_note: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    words_sealed: Mapped[bytes | None]
    audience: Mapped[ShareAudience] = mapped_column(
        word(ShareAudience), default=ShareAudience.MEMBERS, server_default=ShareAudience.MEMBERS
    )
    stays_days: Mapped[int] = mapped_column(default=USUAL_DAYS, server_default=str(USUAL_DAYS))
    """As chosen; counted anew from the moment at which a share that was held is shown."""
    published_at: Mapped[datetime]
    """From when on it is shown; of what is not shown, when it was written. An opening post may lie ahead."""
    expires_at: Mapped[datetime]

    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting_series.id", ondelete="SET NULL"))
    original_local: Mapped[WallClock | None]
    """Of which date of a written meeting it is, if of any."""
    is_opening: Mapped[bool] = mapped_column(default=False, server_default=false())

    waits_since: Mapped[datetime | None]
    """Since when a share reader is wanted: it is held, or somebody has reported it."""
    held_for: Mapped[HeldFor | None] = mapped_column(word(HeldFor))
    guideline: Mapped[Guideline | None] = mapped_column(word(Guideline))
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"), index=True)
    """Who returned it: an appeal goes to somebody else."""
    was_kept: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A share reader has looked at it after reports and left it in place."""
    has_appealed: Mapped[bool] = mapped_column(default=False, server_default=false())


class ShareReport(Base):
    """A member asked for a second look. Who it was is kept so that it counts once; no page shows it."""

    __tablename__ = "share_report"
    __table_args__ = (UniqueConstraint("share_id", "reporter_id"),)

    id: Mapped[Id]
    share_id: Mapped[UUID] = mapped_column(ForeignKey("written_share.id", ondelete="CASCADE"))
    reporter_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    reason: Mapped[ReportReason] = mapped_column(word(ReportReason))
    is_settled: Mapped[bool] = mapped_column(default=False, server_default=false())
