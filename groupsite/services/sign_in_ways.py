"""Who is asked to have a strong way to sign in: those who run a group or the site, and never so that it holds them up."""

from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from groupsite.domain.permissions import Identity
from groupsite.domain.sign_in_ways import is_asked
from groupsite.domain.visits import has_duties
from groupsite.models import Account, Passkey, SecondStep
from groupsite.services import audit
from groupsite.services.accounts import own_account


def asks_for_passkey(session: Session, identity: Identity, *, now: datetime) -> bool:
    """Whether pages ask her for a passkey. One query, and none for those who run nothing."""
    if not has_duties(identity):
        return False
    has_key = exists().where(Passkey.account_id == Account.id)
    has_codes = exists().where(SecondStep.account_id == Account.id, SecondStep.confirmed_on.is_not(None))
    query = select(Account.passkey_put_off_on, or_(has_key, has_codes)).where(Account.id == identity.account_id)
    put_off_on, is_strong = session.execute(query).one()
    return not is_strong and is_asked(put_off_on, now.date())


def put_off_passkey(session: Session, actor: Identity, *, now: datetime) -> None:
    """No passkey now: she is asked again in three months."""
    own_account(session, actor).passkey_put_off_on = now.date()
    audit.record(session, actor, "account.passkey_put_off", now=now)
    session.flush()
