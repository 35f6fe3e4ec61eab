"""Passkeys: added, named, removed, and used to sign in or to show again who is there.

A device names its owner by a random handle; the name of the account is not asked for.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from groupsite.domain.errors import InvalidInput, NotFound
from groupsite.domain.permissions import Identity
from groupsite.domain.sign_in_ways import MOST_PASSKEYS, WaysChange, checked_name
from groupsite.formats import passkeys as spoken
from groupsite.formats.passkeys import OwnSite, Presented
from groupsite.mail.vault import Vault
from groupsite.models import Account, Passkey
from groupsite.queries.identities import in_sight
from groupsite.services import audit, challenges, sign_in_changes
from groupsite.services.accounts import own_account

ADD, ENTER, CONFIRM = "add", "enter", "confirm"
"""What a question is for."""
NOT_ADDED = "The passkey was not added. Nothing was changed. Please try again."
NOT_OPENED = "This passkey opens nothing here. Please try again, or sign in in another way."
NO_PASSKEY = "There is no such passkey here."


def question_for_new(
    session: Session, actor: Identity, site: OwnSite, vault: Vault, session_id: str, *, now: datetime
) -> str:
    """What the page asks of the browser to add a passkey (JSON)."""
    account = session.get_one(Account, actor.account_id)
    return spoken.question_for_new(
        site,
        user_handle=account.passkey_handle,
        login=account.login,
        challenge=challenges.ask(vault, ADD, session_id, now=now),
        known=[one.credential_id for one in passkeys_of(session, account.id)],
    )


def question_to_enter(site: OwnSite, vault: Vault, session_id: str, *, now: datetime) -> str:
    """What the sign-in page asks of the browser: the same for everybody."""
    return spoken.question_for_one(site, challenge=challenges.ask(vault, ENTER, session_id, now=now))


def question_to_confirm(
    session: Session, account_id: UUID, site: OwnSite, vault: Vault, session_id: str, *, now: datetime
) -> str:
    """The same for one who is signed in: one of her own; empty when she has none."""
    known = [one.credential_id for one in passkeys_of(session, account_id)]
    question = challenges.ask(vault, CONFIRM, session_id, now=now)
    return spoken.question_for_one(site, challenge=question, known=known) if known else ""


def add(
    session: Session, actor: Identity, answer: str, *, name: str, site: OwnSite, vault: Vault, here: str, now: datetime
) -> Passkey:
    """Keep a new passkey; every session but that of the id `here` ends. Raises InvalidInput for `answer` or `name`."""
    account = own_account(session, actor)
    said = _asked_for(answer, ADD, vault, here, now)
    found = spoken.new_key(site, answer, said.challenge) if said else None
    if said is None or found is None or not challenges.spend(session, said.challenge, now=now):
        raise InvalidInput("answer", NOT_ADDED)
    if len(passkeys_of(session, account.id)) >= MOST_PASSKEYS:
        raise InvalidInput("answer", f"You have {MOST_PASSKEYS} passkeys already. Please remove one first.")
    passkey = Passkey(
        account_id=account.id,
        credential_id=found.credential_id,
        public_key=found.public_key,
        sign_count=found.sign_count,
        transports=list(found.transports),
        name=checked_name(name),
        created_on=now.date(),
    )
    try:
        with session.begin_nested():
            session.add(passkey)
    except IntegrityError:
        raise InvalidInput("answer", NOT_ADDED) from None
    sign_in_changes.note(session, account, WaysChange.PASSKEY_ADDED, here=here, now=now)
    audit.record(session, actor, "account.passkey_added", now=now)
    session.flush()
    return passkey


def enter(session: Session, answer: str, *, site: OwnSite, vault: Vault, session_id: str, now: datetime) -> Account:
    """Whose passkey has answered the sign-in page. Raises InvalidInput for `answer`, in the same words whatever is wrong.

    Nobody for an account that is hidden or gone.
    """
    account = _answered(session, answer, ENTER, site, vault, session_id, now)
    session.flush()
    return account


def confirm(
    session: Session, actor: Identity, answer: str, *, site: OwnSite, vault: Vault, session_id: str, now: datetime
) -> None:
    """Make sure of who sits there, with a passkey of her own. Raises InvalidInput for `answer`."""
    account = _answered(session, answer, CONFIRM, site, vault, session_id, now, of=actor.account_id)
    if account.id != actor.account_id:
        raise InvalidInput("answer", NOT_OPENED)
    session.flush()


def rename(session: Session, actor: Identity, passkey_id: UUID, name: str, *, now: datetime) -> None:
    """Call it otherwise. Raises InvalidInput for `name`, NotFound for one that is not the actor's."""
    passkey = own_passkey(session, actor, passkey_id)
    passkey.name = checked_name(name)
    audit.record(session, actor, "account.passkey_renamed", now=now)
    session.flush()


def remove(session: Session, actor: Identity, passkey_id: UUID, *, here: str | None, now: datetime) -> None:
    """It opens nothing any more; every session but that of the id `here` ends. Raises NotFound."""
    account = own_account(session, actor)
    session.delete(own_passkey(session, actor, passkey_id))
    sign_in_changes.note(session, account, WaysChange.PASSKEY_REMOVED, here=here, now=now)
    audit.record(session, actor, "account.passkey_removed", now=now)
    session.flush()


def passkeys_of(session: Session, account_id: UUID) -> Sequence[Passkey]:
    """The passkeys of the account, the oldest first."""
    hers = select(Passkey).where(Passkey.account_id == account_id)
    return session.scalars(hers.order_by(Passkey.created_on, Passkey.name, Passkey.id)).all()


def own_passkey(session: Session, actor: Identity, passkey_id: UUID) -> Passkey:
    """One of the actor's. Raises NotFound for any other, in the same words."""
    mine = select(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == actor.account_id)
    found = session.scalar(mine.with_for_update())
    if found is None:
        raise NotFound(NO_PASSKEY)
    return found


def _asked_for(answer: str, purpose: str, vault: Vault, session_id: str, now: datetime) -> Presented | None:
    """What the answer says, if it answers a question that we asked this browser for this."""
    said = spoken.presented(answer)
    is_ours = said is not None and challenges.is_ours(vault, purpose, session_id, said.challenge, now=now)
    return said if is_ours else None


def _answered(
    session: Session,
    answer: str,
    purpose: str,
    site: OwnSite,
    vault: Vault,
    session_id: str,
    now: datetime,
    *,
    of: UUID | None = None,
) -> Account:
    """Whose passkey it is, its count kept and the question spent. A device need not name `of`, who is signed in, again."""
    said = _asked_for(answer, purpose, vault, session_id, now)
    found = _owner(session, said) if said else None
    if said is None or found is None or not (_names_its_owner(said, found[1]) or found[1].id == of):
        raise InvalidInput("answer", NOT_OPENED)
    passkey, account = found
    key, count = passkey.public_key, passkey.sign_count
    new_count = spoken.count_of(site, answer, said.challenge, public_key=key, sign_count=count)
    if new_count is None or not challenges.spend(session, said.challenge, now=now):
        raise InvalidInput("answer", NOT_OPENED)
    passkey.sign_count, passkey.last_used_on = new_count, now.date()
    return account


def _owner(session: Session, said: Presented) -> tuple[Passkey, Account] | None:
    """The passkey of this id and whose it is, the account locked first (as everywhere); None for one that is out of sight."""
    this = Passkey.credential_id == said.credential_id
    owner = select(Account).join(Passkey, Passkey.account_id == Account.id)
    there = owner.where(this, *in_sight())
    account = session.scalar(there.with_for_update(of=Account, key_share=True))
    passkey = session.scalar(select(Passkey).where(this).with_for_update()) if account else None
    return (passkey, account) if passkey and account else None


def _names_its_owner(said: Presented, account: Account) -> bool:
    return hmac.compare_digest(said.user_handle, account.passkey_handle)
