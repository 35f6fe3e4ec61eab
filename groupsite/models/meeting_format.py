"""Texts that a group reads aloud, and the sheet of one meeting while it is held. No row leads to a person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from groupsite.domain.run_sheet import Progress
from groupsite.domain.words import TextVisibility
from groupsite.models.base import Base, Id, WallClock, word


class GroupText(Base):
    """What the group put into a text slot. Never public, never in a mail, a feed, a search or the group file (invariant 12)."""

    __tablename__ = "group_text"
    __table_args__ = (UniqueConstraint("group_id", "slot"),)

    id: Mapped[Id]
    group_id: Mapped[UUID] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"))
    slot: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    visibility: Mapped[TextVisibility] = mapped_column(word(TextVisibility))
    source_note: Mapped[str] = mapped_column(default="")
    may_be_used: Mapped[bool] = mapped_column(default=False)
    """Somebody who runs the group has ticked that it may use this text."""
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]


class RunSheet(Base):
    """The live view of a format during one occurrence; deleted a day after its end.

    `segments` are the format's as they were when the sheet was first used. `readers` holds names that the chair typed for
    tonight, by a segment's position; nobody's membership stands beside them.
    """

    __tablename__ = "run_sheet"
    __table_args__ = (Index("ix_run_sheet_end_utc", "end_utc"),)

    series_id: Mapped[UUID] = mapped_column(ForeignKey("meeting_series.id", ondelete="CASCADE"), primary_key=True)
    original_local: Mapped[WallClock] = mapped_column(primary_key=True)
    end_utc: Mapped[datetime]
    segments: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    started_at: Mapped[datetime | None]
    position: Mapped[int | None]
    since: Mapped[datetime | None]
    quiet_until: Mapped[datetime | None]
    has_newcomer: Mapped[bool] = mapped_column(default=False)
    readers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    version: Mapped[int] = mapped_column(default=0)
    code_hash: Mapped[bytes | None] = mapped_column(unique=True)

    @property
    def progress(self) -> Progress:
        """Where the meeting is."""
        return Progress(self.started_at, self.position, self.since, self.quiet_until, self.has_newcomer)
