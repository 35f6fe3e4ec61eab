"""The read model: every occurrence from 3 months back to 13 months ahead, rebuildable from the series alone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from groupsite.domain.schedule import Venue
from groupsite.domain.words import Kind, Modality, Notice, OccurrenceStatus
from groupsite.models.base import Base, WallClock, word
from groupsite.models.types import AsJson


class OccurrenceRow(Base):
    """One date of one series; key = series + original wall-clock start (domain/schedule.Occurrence)."""

    __tablename__ = "occurrence"
    __table_args__ = (
        Index("ix_occurrence_start_utc", "start_utc"),
        Index("ix_occurrence_group_id_start_utc", "group_id", "start_utc"),
        Index("ix_occurrence_series_id_start_utc", "series_id", "start_utc"),
    )

    series_id: Mapped[UUID] = mapped_column(ForeignKey("meeting_series.id", ondelete="CASCADE"), primary_key=True)
    original_local: Mapped[WallClock] = mapped_column(primary_key=True)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"))
    series_slug: Mapped[str]
    original_utc: Mapped[datetime]
    start_local: Mapped[WallClock]
    start_utc: Mapped[datetime]
    end_utc: Mapped[datetime]
    timezone: Mapped[str]
    status: Mapped[OccurrenceStatus] = mapped_column(word(OccurrenceStatus))
    title: Mapped[str]
    kind: Mapped[Kind] = mapped_column(word(Kind))
    modality: Mapped[Modality] = mapped_column(word(Modality))
    venue: Mapped[Venue | None] = mapped_column(AsJson(Venue))
    public_note: Mapped[str] = mapped_column(default="")
    notice: Mapped[Notice | None] = mapped_column(word(Notice))
