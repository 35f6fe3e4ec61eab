"""Codes from an app after the password: set up, confirmed, asked for, turned off. None is taken twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from groupsite.domain import totp
from groupsite.domain.errors import Conflict, InvalidInput
from groupsite.domain.permissions import Identity
from groupsite.domain.sign_in_ways import WaysChange
from groupsite.mail.vault import Vault
from groupsite.models import SecondStep
from groupsite.services import audit, sign_in_changes
from groupsite.services.accounts import own_account

IS_ON = "Codes are asked for already. Turn them off first, if you want to use another app."
WRONG_CODE = "This is not the code that the app shows now. Please wait for the next one, and type that."


def is_on(session: Session, account_id: UUID) -> bool:
    """Whether a code is asked for after the password."""
    on = select(SecondStep.account_id).where(SecondStep.account_id == account_id, SecondStep.confirmed_on.is_not(None))
    return session.scalar(on) is not None


def begin(session: Session, actor: Identity, *, vault: Vault, now: datetime) -> None:
    """Make a secret for her app; nothing is asked for until a code of it was typed. Raises Conflict when codes are on."""
    account = own_account(session, actor)
    if is_on(session, account.id):
        raise Conflict(IS_ON)
    session.execute(delete(SecondStep).where(SecondStep.account_id == account.id))
    sealed = vault.seal(totp.as_text(totp.new_secret()))
    session.add(SecondStep(account_id=account.id, secret_sealed=sealed))
    audit.record(session, actor, "account.codes_begun", now=now)
    session.flush()


def secret_to_show(session: Session, account_id: UUID, vault: Vault) -> bytes | None:
    """The secret while it is being set up; None before, and never again once it counts."""
    waits = select(SecondStep).where(SecondStep.account_id == account_id, SecondStep.confirmed_on.is_(None))
    step = session.scalar(waits)
    return _secret(step, vault) if step else None


def confirm(session: Session, actor: Identity, typed: str, *, vault: Vault, here: str | None, now: datetime) -> None:
    """From now on a code is asked for, because the app shows the right ones; every session but that of `here` ends.

    Raises InvalidInput for `code`, Conflict when there is nothing to confirm.
    """
    account = own_account(session, actor)
    step = _locked(session, account.id)
    if step is None or step.confirmed_on is not None:
        raise Conflict(IS_ON if step else "Please begin again: there is no app to confirm.")
    if not _took(step, typed, vault, now):
        raise InvalidInput("code", WRONG_CODE)
    step.confirmed_on = now.date()
    sign_in_changes.note(session, account, WaysChange.CODES_ON, here=here, now=now)
    audit.record(session, actor, "account.codes_on", now=now)
    session.flush()


def turn_off(session: Session, actor: Identity, *, here: str | None, now: datetime) -> None:
    """No code is asked for any more; the secret is gone. What was only begun is dropped without a word."""
    account = own_account(session, actor)
    was_on = is_on(session, account.id)
    session.execute(delete(SecondStep).where(SecondStep.account_id == account.id))
    if was_on:
        sign_in_changes.note(session, account, WaysChange.CODES_OFF, here=here, now=now)
    audit.record(session, actor, "account.codes_off", now=now)
    session.flush()


def takes(session: Session, account_id: UUID, typed: str, *, vault: Vault, now: datetime) -> bool:
    """Whether the app shows this code now, and it was not taken before; it is taken from now on."""
    step = _locked(session, account_id)
    is_right = step is not None and step.confirmed_on is not None and _took(step, typed, vault, now)
    session.flush()
    return is_right


def _took(step: SecondStep, typed: str, vault: Vault, now: datetime) -> bool:
    secret = _secret(step, vault)
    found = totp.step_of(secret, typed, now, after=step.last_step) if secret else None
    if found is not None:
        step.last_step = found
    return found is not None


def _locked(session: Session, account_id: UUID) -> SecondStep | None:
    """So that of two that type the same code at the same moment one comes in."""
    return session.get(SecondStep, account_id, with_for_update=True, populate_existing=True)


def _secret(step: SecondStep, vault: Vault) -> bytes | None:
    """None when it was sealed under a secret that is no longer known: then recovery codes are the way in."""
    text = vault.open(step.secret_sealed)
    return totp.as_bytes(text) if text else None
