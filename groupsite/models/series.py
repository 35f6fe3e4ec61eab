"""A recurring meeting: the wall-clock rule, what deviates from it, and its rendered calendar block."""

from dataclasses import fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupsite.domain.join_info import JoinInfo
from groupsite.domain.schedule import Override, Pause, Schedule, Venue
from groupsite.domain.words import Kind, Modality, Notice, OverrideAction
from groupsite.models.base import Base, Id, Served, WallClock, WallClocks, word
from groupsite.models.types import AsJson

if TYPE_CHECKING:
    from groupsite.models.group import Group


OVERRIDE_FIELDS = tuple(field.name for field in fields(Override))


class MeetingSeries(Served, Base):
    """Zone, wall-clock start, RRULE text, elapsed minutes, and the numbers and stamps that calendars know it by."""

    __tablename__ = "meeting_series"
    __table_args__ = (
        UniqueConstraint("group_id", "slug"),
        UniqueConstraint("group_id", "source_hash"),
        Index("ix_meeting_series_timezone", "timezone"),
    )

    id: Mapped[Id]
    group_id: Mapped[UUID] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"))
    slug: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str]
    kind: Mapped[Kind] = mapped_column(word(Kind))
    kind_by_week_of_month: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    kind_by_weekday: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    modality: Mapped[Modality] = mapped_column(word(Modality))
    timezone: Mapped[str]
    dtstart_local: Mapped[WallClock]
    duration_minutes: Mapped[int]
    rrule: Mapped[str | None]
    exdates_local: Mapped[WallClocks]
    rdates_local: Mapped[WallClocks]
    venue: Mapped[Venue | None] = mapped_column(AsJson(Venue))
    join: Mapped[JoinInfo | None] = mapped_column(AsJson(JoinInfo))
    format_slug: Mapped[str | None]
    replaces: Mapped[str | None]
    share_window: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))

    source_hash: Mapped[str | None]
    """Of a series that was brought in: what it was known by elsewhere, hashed with the group's id (services/calendar_import)."""

    uid: Mapped[UUID] = mapped_column(unique=True)
    revision: Mapped[int] = mapped_column(default=0)
    """Goes up with every change, whatever it is."""
    sequence: Mapped[int] = mapped_column(default=0)
    """The highest SEQUENCE (RFC 5545, 3.8.7.4) that the rule or one of its exceptions has had."""
    rule_sequence: Mapped[int] = mapped_column(default=0)
    """The rule's own SEQUENCE: up only with what decides whether somebody can come (RFC 5546, 2.1.4)."""
    rule_raised_at: Mapped[datetime]
    rule_changed_at: Mapped[datetime]
    """The rule's own LAST-MODIFIED: words count too."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    """The newest change of all."""
    calendar_block: Mapped[bytes | None] = mapped_column(deferred=True)
    """VEVENT lines as the public feed has them; None until the first rendering."""
    bare_block: Mapped[bytes | None] = mapped_column(deferred=True)
    """The same dates without a word about them: what discreet calendars are made from."""
    block_version: Mapped[str] = mapped_column(default="", server_default="")
    """The way of writing and the zone data that the kept blocks are made with."""
    block_renews_at: Mapped[datetime | None]
    """When the kept block stops being true by the clock alone: a cancelled date passes."""

    group: Mapped["Group"] = relationship(back_populates="series", lazy="raise")
    overrides: Mapped[list["SeriesOverride"]] = relationship(
        order_by="SeriesOverride.position", cascade="all, delete-orphan", lazy="raise"
    )
    predecessor: Mapped["MeetingSeries | None"] = relationship(
        primaryjoin="and_(foreign(MeetingSeries.replaces) == remote(MeetingSeries.slug),"
        " foreign(MeetingSeries.group_id) == remote(MeetingSeries.group_id))",
        viewonly=True,
        lazy="raise",
    )
    pauses: Mapped[list["SeriesPause"]] = relationship(
        order_by="SeriesPause.first_date", cascade="all, delete-orphan", lazy="raise"
    )

    @property
    def schedule(self) -> Schedule:
        """The pure value that domain/recurrence works on; overrides and pauses must have been loaded."""
        return Schedule(
            timezone=self.timezone,
            dtstart_local=self.dtstart_local,
            duration_minutes=self.duration_minutes,
            rrule=self.rrule,
            title=self.title,
            kind=self.kind,
            modality=self.modality,
            venue=self.venue,
            exdates_local=tuple(self.exdates_local),
            rdates_local=tuple(self.rdates_local),
            pauses=tuple(pause.value for pause in self.pauses),
            overrides=tuple(override.value for override in self.overrides),
            kind_by_week_of_month={int(week): Kind(kind) for week, kind in self.kind_by_week_of_month.items()},
            kind_by_weekday={int(day): Kind(kind) for day, kind in self.kind_by_weekday.items()},
        )


class SeriesOverride(Base):
    """Change to one occurrence or to a range of local dates (domain/schedule.Override)."""

    __tablename__ = "series_override"
    __table_args__ = (
        CheckConstraint("(recurrence_id_local IS NULL) <> (first_date IS NULL)", name="one_date_or_range"),
    )

    id: Mapped[Id]
    series_id: Mapped[UUID] = mapped_column(ForeignKey("meeting_series.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    action: Mapped[OverrideAction] = mapped_column(word(OverrideAction))
    notice: Mapped[Notice] = mapped_column(word(Notice))
    recurrence_id_local: Mapped[WallClock | None]
    first_date: Mapped[date | None]
    last_date: Mapped[date | None]
    public_note: Mapped[str] = mapped_column(default="")
    new_start_local: Mapped[WallClock | None]
    duration_minutes: Mapped[int | None]
    title: Mapped[str | None]
    kind: Mapped[Kind | None] = mapped_column(word(Kind))
    modality: Mapped[Modality | None] = mapped_column(word(Modality))
    venue: Mapped[Venue | None] = mapped_column(AsJson(Venue))
    decided_local: Mapped[WallClock | None]
    decided_by_role: Mapped[str | None]
    sequence: Mapped[int] = mapped_column(default=1)
    """SEQUENCE of the dates that it touches, as far as this change goes."""
    published_at: Mapped[datetime]

    @property
    def value(self) -> Override:
        """The change as domain/schedule has it."""
        return Override(**{name: getattr(self, name) for name in OVERRIDE_FIELDS})


class SeriesPause(Base):
    """Announced span of local dates without occurrences."""

    __tablename__ = "series_pause"

    id: Mapped[Id]
    series_id: Mapped[UUID] = mapped_column(ForeignKey("meeting_series.id", ondelete="CASCADE"), index=True)
    first_date: Mapped[date]
    last_date: Mapped[date]
    public_note: Mapped[str] = mapped_column(default="")

    @property
    def value(self) -> Pause:
        return Pause(self.first_date, self.last_date, self.public_note)
