"""A person in one group, under the name that this group sees."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Integer

from groupsite.domain.words import MembershipState
from groupsite.models.base import Base, Id, word


class Membership(Base):
    """`lead_minutes` and `wants_invites` are empty and false until the member chooses. Who has only asked is a stranger still."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("group_id", "account_id"),
        Index("ix_membership_account_id", "account_id"),
        Index("ix_membership_lead_minutes", "lead_minutes"),
    )

    id: Mapped[Id]
    group_id: Mapped[UUID] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    display_name: Mapped[str]
    state: Mapped[MembershipState] = mapped_column(word(MembershipState))
    roles: Mapped[list[str]] = mapped_column(default=list)
    joined_month: Mapped[date]
    """First day of the month of joining: no finer record is kept."""
    asked_on: Mapped[date | None]
    """The day of the request while it waits, and of one that came to nothing until it is forgotten. None for members."""
    needs_care: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The name that was asked under is one that a member keeps out (domain/kept_out.py)."""
    was_declined: Mapped[bool] = mapped_column(default=False, server_default=false())
    lead_minutes: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list)
    wants_invites: Mapped[bool] = mapped_column(default=False)
    opens_notes: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Shares with a content note stand open for her; else they are folded."""
    reminders_since: Mapped[datetime]
    """A reminder whose moment lies before this is not owed: the choice came later."""
    unsubscribe_hash: Mapped[bytes] = mapped_column(unique=True)


Index(
    "uq_membership_display_name",
    Membership.group_id,
    func.lower(Membership.display_name),
    unique=True,
    postgresql_where=text("state <> 'left'"),
)
