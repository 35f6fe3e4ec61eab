"""A member's own experience in writing. There is no table for replies, reactions or readers, and there will be none."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from groupsite.models.base import Base, Id


class WrittenShare(Base):
    """Withdrawing or expiring deletes the row; nothing of the text is kept."""

    __tablename__ = "written_share"
    __table_args__ = (
        Index("ix_written_share_group_id_published_at", "group_id", "published_at"),
        Index("ix_written_share_expires_at", "expires_at"),
    )

    id: Mapped[Id]
    group_id: Mapped[UUID] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"))
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    content_note: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    published_at: Mapped[datetime]
    expires_at: Mapped[datetime]
