"""Signed-in browsers as rows: started, seen, sure of who is there, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, update
from sqlalchemy.orm import Session

from groupsite.domain.permissions import Identity
from groupsite.domain.tokens import token_hash
from groupsite.domain.visits import IDLE, LASTS, NOTED_EVERY, idle_limit, is_sure
from groupsite.models import HalfSignIn, WebSession
from groupsite.queries.identities import identity_of, visit_of, visits_of


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in browser as a request finds it."""

    identity: Identity
    handle: UUID
    is_shared: bool
    is_sure: bool
    """A password was given here within the last ten minutes."""
    idle_limit: timedelta
    is_sheet_alone: bool = False
    """Nobody pressed anything for a while: only the run sheet that is open goes on."""
    made_change: bool = False
    """The ways to sign in were changed here."""


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """A line in the owner's list of signed-in browsers."""

    handle: UUID
    device: str
    is_shared: bool
    created_at: datetime
    last_seen_at: datetime


class Over:
    """The session was there and has ended by itself; `is_sheet_left`: but for a run sheet that is open in it."""

    def __init__(self, *, is_sheet_left: bool = False) -> None:
        self.is_sheet_left = is_sheet_left


def start(
    session: Session,
    account_id: UUID,
    session_id: str,
    *,
    now: datetime,
    device: str = "",
    is_shared: bool = False,
    is_sure: bool = True,
) -> None:
    """Open a session under this (random, 256-bit) id; it ends by itself after 12 hours, or when nobody uses it.

    `is_sure` is False when what signed her in is not enough for what cannot be taken back.
    """
    session.add(
        WebSession(
            id_hash=token_hash(session_id),
            account_id=account_id,
            device=device,
            is_shared=is_shared,
            created_at=now,
            confirmed_at=now if is_sure else None,
            last_seen_at=now,
            expires_at=now + LASTS,
        )
    )
    session.flush()


def resume(
    session: Session, session_id: str, *, now: datetime, is_sheet: bool = False, is_use: bool = True
) -> Visit | Over | None:
    """The visit that goes on, noted as seen; Over for one that has ended by itself; None for an id that opens nothing.

    `is_sheet`: a run sheet asks, which may go on when the rest is over. `is_use` is False for what a page asks by itself.
    """
    found = visit_of(session, token_hash(session_id))
    if found is None:
        return None
    row, account = found
    identity = identity_of(session, account)
    limit = idle_limit(identity, is_shared=row.is_shared)
    is_idle = row.last_seen_at + limit <= now
    is_sheet_left = row.sheet_until is not None and now < row.sheet_until
    if row.expires_at <= now:
        return Over()
    if is_idle and not (is_sheet and is_sheet_left):
        return Over(is_sheet_left=is_sheet_left)
    if is_use and not is_idle and row.last_seen_at + NOTED_EVERY <= now:
        _change(session, session_id, last_seen_at=now)
    return Visit(
        identity,
        row.handle,
        row.is_shared,
        is_sure(row.confirmed_at, now),
        limit,
        is_sheet_alone=is_idle,
        made_change=row.made_change,
    )


def keep_sheet(session: Session, session_id: str, *, until: datetime) -> None:
    """Let an open run sheet go on until then although nobody presses anything."""
    _change(session, session_id, sheet_until=until)


def confirm(session: Session, old_id: str, new_id: str, *, now: datetime) -> None:
    """Note that somebody showed who they are; the session goes on under another id (ASVS 7.2.4)."""
    _change(session, old_id, id_hash=token_hash(new_id), confirmed_at=now, last_seen_at=now)


def note_change(session: Session, session_id: str) -> None:
    """The ways to sign in were changed in this session."""
    _change(session, session_id, made_change=True)


def open_visits(session: Session, actor: Identity, *, now: datetime) -> Sequence[OpenVisit]:
    """The actor's signed-in browsers, the one used last first; none for a visitor."""
    if actor.account_id is None:
        return ()
    return tuple(
        OpenVisit(row.handle, row.device, row.is_shared, row.created_at, row.last_seen_at)
        for row in visits_of(session, actor.account_id, now=now)
        if max(row.last_seen_at + idle_limit(actor, is_shared=row.is_shared), row.sheet_until or row.created_at) > now
    )


def end(session: Session, session_id: str) -> None:
    session.execute(delete(WebSession).where(WebSession.id_hash == token_hash(session_id)))


def end_one(session: Session, account_id: UUID, handle: UUID) -> None:
    """End a session of this account by its handle; nothing happens for one that is gone or another's."""
    session.execute(delete(WebSession).where(WebSession.account_id == account_id, WebSession.handle == handle))


def end_all(session: Session, account_id: UUID, *, but: str | None = None) -> None:
    """End every session of the account, save the one of the id `but`; and whatever sign-in is half done."""
    theirs = delete(WebSession).where(WebSession.account_id == account_id)
    session.execute(theirs if but is None else theirs.where(WebSession.id_hash != token_hash(but)))
    session.execute(delete(HalfSignIn).where(HalfSignIn.account_id == account_id))


def forget_ended(session: Session, *, now: datetime) -> None:
    """Remove the rows of sessions that are over."""
    is_idle = and_(WebSession.last_seen_at <= now - IDLE, func.coalesce(WebSession.sheet_until, now) <= now)
    session.execute(delete(WebSession).where(or_(WebSession.expires_at <= now, is_idle)))


def _change(session: Session, session_id: str, **values: object) -> None:
    one = update(WebSession).where(WebSession.id_hash == token_hash(session_id)).values(**values)
    session.execute(one, execution_options={"synchronize_session": False})
