"""A group and what belongs to its listing."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupsite.domain.sharing import USUAL, Sharing
from groupsite.domain.words import Attendance, Family, HolidayPolicy, Joining, ListingState
from groupsite.models.base import Base, Id, Served, word
from groupsite.models.series import MeetingSeries
from groupsite.models.types import AsJson


class Group(Served, Base):
    """Autonomous set of people who hold one or more series. `origin` is set on listings taken from a directory file."""

    __tablename__ = "group"
    __table_args__ = (
        Index("uq_group_origin_key", "origin", "origin_key", unique=True, postgresql_where=text("origin IS NOT NULL")),
        Index("ix_group_listing_state", "listing_state"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    family: Mapped[Family] = mapped_column(word(Family))
    locale: Mapped[str] = mapped_column(default="en")
    city: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    attendance: Mapped[Attendance] = mapped_column(word(Attendance))
    audience: Mapped[list[str]] = mapped_column(default=list)
    listing_state: Mapped[ListingState] = mapped_column(word(ListingState))
    confirmed_on: Mapped[date | None]
    holidays: Mapped[HolidayPolicy] = mapped_column(word(HolidayPolicy), default=HolidayPolicy.ASK)
    contact_email: Mapped[str | None]
    arrival_note: Mapped[str] = mapped_column(default="")
    joining: Mapped[Joining] = mapped_column(word(Joining), default=Joining.OPEN, server_default=Joining.OPEN)
    enrolment: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """`closes_after_occurrence` and `capacity`, both optional counts."""

    sharing_chosen: Mapped[Sharing | None] = mapped_column(AsJson(Sharing))
    """How the group writes, once it has chosen."""

    origin: Mapped[str | None]
    origin_key: Mapped[str | None]
    origin_updated_at: Mapped[datetime | None]
    type_codes: Mapped[list[str]] = mapped_column(default=list)
    """Meeting Guide codes as they came, unknown ones too."""

    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    series: Mapped[list[MeetingSeries]] = relationship(
        back_populates="group", order_by=MeetingSeries.position, cascade="all, delete-orphan", lazy="raise"
    )
    formats: Mapped[list["MeetingFormat"]] = relationship(
        order_by="MeetingFormat.slug", cascade="all, delete-orphan", lazy="raise"
    )
    positions: Mapped[list["ServicePosition"]] = relationship(
        order_by="ServicePosition.position", cascade="all, delete-orphan", lazy="raise"
    )

    @property
    def sharing(self) -> Sharing:
        return self.sharing_chosen or USUAL


class ListingConfirmation(Base):
    """A trusted servant said on that day: this is still right."""

    __tablename__ = "listing_confirmation"

    id: Mapped[Id]
    group_id: Mapped[UUID] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"), index=True)
    by_role: Mapped[str]
    confirmed_at: Mapped[datetime]


class MeetingFormat(Base):
    """Ordered template of segments; each group has its own copy. Text slots are named, never filled by us."""

    __tablename__ = "meeting_format"
    __table_args__ = (UniqueConstraint("group_id", "slug"),)

    id: Mapped[Id]
    group_id: Mapped[UUID] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"))
    slug: Mapped[str]
    name: Mapped[str]
    total_minutes: Mapped[int]
    share_limit_minutes: Mapped[int | None]
    share_limit_words: Mapped[int | None]
    signal: Mapped[str | None]
    segments: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)


class ServicePosition(Base):
    """A named job as the group file tells it. `holder` is a handle in that file, never an account."""

    __tablename__ = "service_position"

    id: Mapped[Id]
    group_id: Mapped[UUID] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    term_months: Mapped[int]
    minutes_per_week: Mapped[int]
    holder: Mapped[str | None]
    backup: Mapped[str | None]
    term_start: Mapped[date | None]
    status: Mapped[str]
