"""Who keeps whom away: pairs that do not see each other, and names that nobody can read."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from groupsite.models.base import Base, Id


class HiddenFrom(Base):
    """In this group these two do not see each other. It stands under accounts, so that leaving and coming back does not undo it.

    No moment is kept. `is_named` ends when the other one leaves: whoever hides is not told under which name he comes back.
    """

    __tablename__ = "hidden_from"
    __table_args__ = (
        UniqueConstraint("hider_id", "other_id", "group_id"),
        Index("ix_hidden_from_other_id", "other_id", "hider_id"),
    )

    id: Mapped[Id]
    group_id: Mapped[UUID] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"), index=True)
    hider_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    is_named: Mapped[bool] = mapped_column(default=True)


class NameKeptOut(Base):
    """A name that a member never wants to be let in with: keyed hashes of it and of its short forms, and the month."""

    __tablename__ = "name_kept_out"
    __table_args__ = (UniqueConstraint("membership_id", "name_mark"),)

    id: Mapped[Id]
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    name_mark: Mapped[bytes]
    short_marks: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary))
    """Marks under which a shortened form of the name is recognised."""

    added_month: Mapped[date]
    """First day of the month: no finer record is kept."""
