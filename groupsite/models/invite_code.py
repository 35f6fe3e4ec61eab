"""Codes that open a group to whoever was handed one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from groupsite.models.base import Base, Id


class InviteCode(Base):
    """Only the code's SHA-256 is kept. Nobody's name stands beside it, neither who made it nor who came with it.

    Taking it back deletes the row.
    """

    __tablename__ = "invite_code"

    id: Mapped[Id]
    group_id: Mapped[UUID] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[bytes] = mapped_column(unique=True)
    uses_left: Mapped[int]
    expires_at: Mapped[datetime]
