"""The person behind memberships: never shown to a group."""

from datetime import date, datetime, time
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, SmallInteger, func, text
from sqlalchemy.orm import Mapped, mapped_column

from groupsite.domain.budget import USUAL_BUDGET
from groupsite.domain.safe_days import EVERY_DAY
from groupsite.models.base import Base, Id


class Account(Base):
    """Who signs in. The e-mail address is optional, sealed, and used only once confirmed."""

    __tablename__ = "account"

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    email_sealed: Mapped[bytes | None]
    email_confirmed_at: Mapped[datetime | None]
    timezone: Mapped[str | None]
    locale: Mapped[str] = mapped_column(default="en")
    is_admin: Mapped[bool] = mapped_column(default=False)
    adult_confirmed_at: Mapped[datetime]
    created_at: Mapped[datetime]

    discreet: Mapped[bool] = mapped_column(default=True)
    discreet_title: Mapped[str] = mapped_column(default="")
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    rest_until: Mapped[date | None]
    """Last day of a rest, on the account's clock: no reminders and no news of changes until then."""
    allows_urgent: Mapped[bool] = mapped_column(default=False)
    """Sudden changes of dates that she goes to may come at any hour."""
    daily_budget: Mapped[int | None] = mapped_column(default=USUAL_BUDGET)
    """So many mails about dates in a day, at most; None is no limit."""
    safe_on: Mapped[date | None]
    """When she last said that mail to the address is safe."""
    safe_days: Mapped[int] = mapped_column(SmallInteger, default=EVERY_DAY, server_default="127")
    """Days of her week on which mail may arrive (domain/safe_days.py)."""
    never_contact: Mapped[bool] = mapped_column(default=False, server_default="false")
    """She comes by herself: nothing is sent, whatever else she has chosen."""
    takes_reminders: Mapped[bool] = mapped_column(default=True, server_default="true")
    takes_changes: Mapped[bool] = mapped_column(default=True, server_default="true")
    takes_invites: Mapped[bool] = mapped_column(default=True, server_default="true")
    """What may reach her mailbox at all; what each group sends is chosen with its membership."""
    takes_notices: Mapped[bool] = mapped_column(default=False, server_default="false")
    """She is told by mail when the ways to sign in change."""
    takes_links: Mapped[bool] = mapped_column(default=False, server_default="false")
    """A link in her mailbox may sign her in."""
    passkey_handle: Mapped[bytes] = mapped_column(unique=True, server_default=text("uuid_send(gen_random_uuid())"))
    """How her devices know the account: 122 random bits, and no id of ours."""
    passkey_put_off_on: Mapped[date | None]
    """When she last said that she wants no passkey now; only who runs something is asked."""

    hidden_at: Mapped[datetime | None]
    """She has put the account out of sight: nobody can sign in until she takes it back (services/returning.py)."""
    deleted_at: Mapped[datetime | None]
    """Nobody can sign in any more, the row holds nothing of her, and what belonged to it is being erased (services/erasure.py)."""


Index(
    "ix_account_quiet",
    func.coalesce(Account.timezone, text("''")),
    func.coalesce(Account.quiet_from, text("'00:00:00'")),
    func.coalesce(Account.quiet_until, text("'00:00:00'")),
    Account.safe_days,
    postgresql_where=text("(quiet_from IS NOT NULL AND quiet_until IS NOT NULL) OR safe_days <> 127"),
)
"""From each profile of quiet hours and safe days to the next (queries/wishes.PROFILES)."""
Index("ix_account_deleted_at", Account.deleted_at, postgresql_where=text("deleted_at IS NOT NULL"))


class WebSession(Base):
    """One signed-in browser. The cookie holds a random id; only its SHA-256 is kept."""

    __tablename__ = "web_session"
    __table_args__ = (
        Index("ix_web_session_expires_at", "expires_at"),
        Index("ix_web_session_last_seen_at", "last_seen_at"),
    )

    id_hash: Mapped[bytes] = mapped_column(primary_key=True)
    handle: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    """Its name on the page of its owner; opens nothing."""
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    device: Mapped[str] = mapped_column(default="")
    is_shared: Mapped[bool] = mapped_column(default=False)
    """Others use the device too."""
    made_change: Mapped[bool] = mapped_column(default=False, server_default="false")
    """The ways to sign in were changed in it: there it is no news."""
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    """When a password, or what stands for one, was last given here."""
    last_seen_at: Mapped[datetime]
    sheet_until: Mapped[datetime | None]
    """Until then an open run sheet answers here although nobody pressed anything for a while; no other page does."""
    expires_at: Mapped[datetime]


class SingleUseToken(Base):
    """A link that works once: only the token's SHA-256 is kept. `email_sealed` is what it confirms."""

    __tablename__ = "single_use_token"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    email_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
