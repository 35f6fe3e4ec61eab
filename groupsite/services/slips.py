"""A code on paper that goes out of sight without a sign-in: shown once, kept as SHA-256, good for one use."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from groupsite.domain.disappearing import Extent, checked_code, new_code
from groupsite.domain.permissions import Identity
from groupsite.domain.tokens import token_hash
from groupsite.models import Account, SingleUseToken
from groupsite.queries.identities import identity_of
from groupsite.services import audit
from groupsite.services.accounts import own_account
from groupsite.services.disappearing import disappear
from groupsite.services.own_disappearing import check_way_back

LASTS = timedelta(days=3650)
PURPOSES = {f"slip-{extent}": extent for extent in Extent}


def make(session: Session, actor: Identity, extent: Extent, *, now: datetime) -> str:
    """A new code, to be shown once; an earlier one stops working. What it does is settled here, not by who finds it.

    Raises InvalidInput for `extent` when the account could not be taken out of hiding again.
    """
    account = own_account(session, actor)
    check_way_back(session, account, extent)
    session.execute(delete(SingleUseToken).where(*_slips_of(account)))
    code = new_code()
    session.add(
        SingleUseToken(
            account_id=account.id,
            purpose=f"slip-{extent}",
            token_hash=token_hash(checked_code(code)),
            created_at=now,
            expires_at=now + LASTS,
        )
    )
    audit.record(session, actor, "account.slip_made", now=now, extent=extent)
    session.flush()
    return code


def slip_of(session: Session, account: Account, *, now: datetime) -> tuple[Extent, datetime] | None:
    """What the account's paper does, and when it was made; None without one."""
    found = session.scalar(
        select(SingleUseToken).where(
            *_slips_of(account), SingleUseToken.used_at.is_(None), SingleUseToken.expires_at > now
        )
    )
    return (PURPOSES[found.purpose], found.created_at) if found else None


def use(session: Session, code: str, *, now: datetime) -> None:
    """Do what this code is for, once. A code that is used, over, or never was changes nothing and is not told apart.

    Raises InvalidInput for `code` when it cannot be one.
    """
    mark = token_hash(checked_code(code))
    slip = session.scalar(
        select(SingleUseToken)
        .where(
            SingleUseToken.token_hash == mark,
            SingleUseToken.purpose.in_(PURPOSES),
            SingleUseToken.used_at.is_(None),
            SingleUseToken.expires_at > now,
        )
        .with_for_update()
    )
    if slip is None:
        return
    slip.used_at = now
    account = session.get_one(Account, slip.account_id, with_for_update={"key_share": True})
    disappear(session, identity_of(session, account), account, PURPOSES[slip.purpose], now=now)


def _slips_of(account: Account) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return SingleUseToken.account_id == account.id, SingleUseToken.purpose.in_(PURPOSES)
