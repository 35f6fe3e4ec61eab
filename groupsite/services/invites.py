"""What a member's calendar program is invited to: a series under ids of hers alone, from an address that it can answer."""

from dataclasses import replace
from datetime import datetime
from secrets import token_bytes
from uuid import UUID, uuid5

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from groupsite.domain.discretion import Disclosure
from groupsite.domain.tokens import token_hash
from groupsite.domain.words import Answer
from groupsite.formats.calendar_series import CalendarSeries, discreet, numbered
from groupsite.models import DeliveryKind, Invite
from groupsite.queries.deliveries import whole_series
from groupsite.queries.subjects import Subject
from groupsite.services.calendars import calendar_series
from groupsite.services.desk import Desk

UID_LENGTH = 32
ROLE_LENGTH = 16


def told(session: Session, subject: Subject, says: Disclosure, desk: Desk, *, now: datetime) -> CalendarSeries:
    """The series as this member is invited to it; what her program may answer to is noted."""
    assert subject.series
    stored = whole_series(session, subject.series.id)
    uid = f"{_secret(subject, desk, 'invite-uid')[:UID_LENGTH]}@{desk.site.host}"
    raised = _note(session, subject, _role(subject, desk), uid, now)
    known = numbered(replace(calendar_series(stored, desk.site), uid=uid), stored.sequence + raised)
    return known if says.words is None else discreet(known, uid=uid, title=says.words)


def organizer(subject: Subject, desk: Desk) -> str:
    """A role address for this member and series: answers to it can be matched, and name nobody."""
    local, _, domain = desk.sender.partition("@")
    return f"{local}+{_role(subject, desk)}@{domain}"


def invite_of(session: Session, role: str) -> Invite | None:
    """What was sent from the address with this part behind the plus sign, locked for the answer at hand."""
    return session.scalars(
        select(Invite).where(Invite.address_hash == token_hash(role)).with_for_update()
    ).one_or_none()


def ask_again(session: Session, membership_id: UUID) -> None:
    """The member wants invites (again): what her calendar declined counts no more, and it takes the new ones for newer."""
    values = {"answer": None, "raised": Invite.raised + 1}
    session.execute(update(Invite).where(Invite.membership_id == membership_id).values(values))


def carry_declines(session: Session, series_id: UUID, successor_id: UUID, *, now: datetime) -> None:
    """Who declined a series in her calendar is not invited to what takes its place either, until she asks for invites again.

    Who accepted it is asked anew: the hour is another.
    """
    declined = select(Invite).where(Invite.series_id == series_id, Invite.answer == Answer.NOT_THIS_TIME)
    for one in session.scalars(declined).all():
        unsent = {"address_hash": token_bytes(), "uid": "", "invited_at": now}
        said = {"answer": one.answer, "answered_at": one.answered_at}
        session.add(Invite(membership_id=one.membership_id, series_id=successor_id, **unsent, **said))
    session.flush()


def _note(session: Session, subject: Subject, role: str, uid: str, now: datetime) -> int:
    """Keep what the member's program will know; returns how far its SEQUENCE is ahead."""
    assert subject.membership
    assert subject.series
    row = {
        "membership_id": subject.membership.id,
        "series_id": subject.series.id,
        "address_hash": token_hash(role),
        "uid": uid,
        "invited_at": now,
        "raised": 0,
    }
    ahead = Invite.raised + (1 if subject.delivery.kind is DeliveryKind.INVITE_WITHDRAW else 0)
    noted = insert(Invite).values(row)
    noted = noted.on_conflict_do_update(
        index_elements=["membership_id", "series_id"],
        set_={"raised": ahead, "uid": uid, "address_hash": row["address_hash"]},
    )
    return session.scalars(noted.returning(Invite.raised)).one()


def _role(subject: Subject, desk: Desk) -> str:
    return _secret(subject, desk, "organizer")[:ROLE_LENGTH].lower()


def _secret(subject: Subject, desk: Desk, purpose: str) -> str:
    assert subject.membership
    assert subject.series
    token = desk.vault.token(purpose, uuid5(subject.membership.id, str(subject.series.id)))
    return "".join(one for one in token if one.isalnum())
