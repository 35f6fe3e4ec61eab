"""Mail that comes back: which addresses are spared, and until when the sender itself rests."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from groupsite.domain.bounces import Fault
from groupsite.models.base import Base, word


class Suppression(Base):
    """Bad days of an address, known by its keyed hash alone; outlives every account that had it.

    Nothing is sent there once `since` is set, until somebody confirms the address again.
    """

    __tablename__ = "suppression"
    __table_args__ = (Index("ix_suppression_last_on", "last_on", postgresql_where=text("since IS NULL")),)

    address_mark: Mapped[bytes] = mapped_column(primary_key=True)
    fault: Mapped[Fault] = mapped_column(word(Fault))
    points: Mapped[int]
    last_on: Mapped[date]
    """The UTC day of the newest point."""
    since: Mapped[datetime | None]


class SenderPause(Base):
    """One row at most: why the sender rests. Over once `resumed_at` is set; kept so that what follows can be told apart."""

    __tablename__ = "sender_pause"

    name: Mapped[str] = mapped_column(primary_key=True)
    fault: Mapped[Fault] = mapped_column(word(Fault))
    count: Mapped[int]
    """How often in succession, without a mail that was taken in between."""
    until: Mapped[datetime]
    resumed_at: Mapped[datetime | None]
