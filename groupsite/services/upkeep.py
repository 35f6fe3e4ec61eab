"""What has to be done from time to time: noting that jobs ran, and forgetting what need not be kept."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from groupsite.models import OPEN, Delivery, Heartbeat, SingleUseToken
from groupsite.services import (
    answers,
    challenges,
    half_sign_in,
    invite_codes,
    joining,
    memberships,
    run_sheets,
    sessions,
    shares,
    sign_in_changes,
    suppression,
)
from groupsite.services.batches import delete_some
from groupsite.services.transactions import Begin

DELIVERIES_KEPT = timedelta(days=30)
PRUNED_AT_ONCE = 5000
BATCHES_IN_A_RUN = 200


def note_run(session: Session, name: str, *, now: datetime) -> None:
    """Note that a periodic job has run to its end."""
    statement = insert(Heartbeat).values(name=name, at=now)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"at": now}))


def forget(session: Session, *, now: datetime) -> None:
    """Delete what is over: shares, answers about past dates, sessions, spent links and codes, run sheets, requests, memberships,
    bad days.
    """
    shares.forget_expired(session, now=now)
    answers.forget(session, now=now)
    sessions.forget_ended(session, now=now)
    half_sign_in.forget(session, now=now)
    challenges.forget(session, now=now)
    sign_in_changes.forget(session, now=now)
    session.execute(
        delete(SingleUseToken).where(or_(SingleUseToken.expires_at <= now, SingleUseToken.used_at.is_not(None)))
    )
    suppression.forget(session, now=now)
    invite_codes.forget(session, now=now)
    run_sheets.forget(session, now=now)
    joining.forget_requests(session, today=now.date())
    memberships.forget_left(session)


def prune_deliveries(begin: Begin, *, now: datetime, at_once: int = PRUNED_AT_ONCE) -> int:
    """Delete what has been over for 30 days, some rows at a time, so that no lock lasts. Returns how many; the next run goes on."""
    pruned = 0
    for _ in range(BATCHES_IN_A_RUN):
        with begin() as session:
            gone = _prune_some(session, now, at_once)
        pruned += gone
        if gone < at_once:
            break
    return pruned


def _prune_some(session: Session, now: datetime, at_once: int) -> int:
    """What tells of a date stays until it is over."""
    is_over = Delivery.state.not_in(OPEN), Delivery.due_at < now - DELIVERIES_KEPT
    is_past = or_(Delivery.start_utc.is_(None), Delivery.start_utc < now)
    return delete_some(session, Delivery, *is_over, is_past, at_once=at_once, order=Delivery.due_at)
