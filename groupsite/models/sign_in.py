"""How somebody signs in besides with a password, what is half done of it, and what has changed about it. Days, no hours."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from groupsite.domain.sign_in_ways import WaysChange
from groupsite.models.base import Base, Id, word


class Passkey(Base):
    """A key pair of which a device of hers keeps the secret half (WebAuthn)."""

    __tablename__ = "passkey"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    """What the device last said: one that goes back is a copy."""
    transports: Mapped[list[str]] = mapped_column(default=list)
    name: Mapped[str]
    created_on: Mapped[date]
    last_used_on: Mapped[date | None]


class SecondStep(Base):
    """The secret of an app that shows codes; asked for after the password once `confirmed_on` is set."""

    __tablename__ = "second_step"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    secret_sealed: Mapped[bytes]
    last_step: Mapped[int] = mapped_column(default=0)
    """Of the last code that was taken: none up to it is taken again, ever."""
    confirmed_on: Mapped[date | None]


class HalfSignIn(Base):
    """The password was right, the code is still missing: bound to one browser, and no sign-in anywhere."""

    __tablename__ = "half_sign_in"
    __table_args__ = (Index("ix_half_sign_in_created_at", "created_at"),)

    id_hash: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    is_shared: Mapped[bool] = mapped_column(default=False)
    is_sure: Mapped[bool] = mapped_column(default=True)
    wrong_codes: Mapped[int] = mapped_column(SmallInteger, default=0)
    created_at: Mapped[datetime]


class SpentChallenge(Base):
    """A question that a passkey has answered, until it would be too old anyway: no answer counts twice. Nobody's."""

    __tablename__ = "spent_challenge"
    __table_args__ = (Index("ix_spent_challenge_expires_at", "expires_at"),)

    mark: Mapped[bytes] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]


class SignInChange(Base):
    """What changed about the ways in, for the one who did not do it herself."""

    __tablename__ = "sign_in_change"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    what: Mapped[WaysChange] = mapped_column(word(WaysChange))
    changed_on: Mapped[date] = mapped_column(index=True)
    is_news: Mapped[bool] = mapped_column(default=True)
