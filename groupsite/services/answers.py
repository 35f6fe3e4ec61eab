"""Going, not this time, or nothing: what a member means to do about one date. Nobody else reads it, and it is erased."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from groupsite.domain.errors import Conflict, Expired, NotFound
from groupsite.domain.permissions import Identity
from groupsite.domain.words import Answer, MembershipState
from groupsite.mail.vault import Vault
from groupsite.models import Account, Delivery, Group, Invite, Membership, OccurrenceRow, Rsvp
from groupsite.queries.dates import one_date
from groupsite.queries.subjects import Subject, subject_of
from groupsite.services import feeds, waiting
from groupsite.services.memberships import own_membership

KEPT = timedelta(hours=24)
"""After the end of the date (domain.md, invariant 1)."""
LINK = "answer"
USED = "You have answered with this link already, or its date is over. To say something else, answer in your calendar or sign in."


def answer_own(
    session: Session,
    actor: Identity,
    group: Group,
    date: tuple[UUID, datetime],
    answer: Answer | None,
    *,
    now: datetime,
) -> None:
    """Set or, with None, take back one's own answer about this date (series, original wall-clock start).

    Raises NotFound, and Conflict when the date is over.
    """
    member = own_membership(session, actor, group.id)
    row = one_date(session, *date)
    if row.group_id != group.id:
        raise NotFound("There is no such date.")
    if row.end_utc <= now:
        raise Conflict("This date is over. Nothing was changed.")
    give(session, member, row, answer, said_at=now, now=now)


def give(
    session: Session, member: Membership, row: OccurrenceRow, answer: Answer | None, *, said_at: datetime, now: datetime
) -> bool:
    """Keep the answer unless a newer one is there; says whether it was kept. `said_at` is when she said so (UTC).

    None takes it back, and leaves this date open where the series was accepted as a whole.
    """
    key = {"membership_id": member.id, "series_id": row.series_id, "original_local": row.original_local}
    kept = session.get(Rsvp, tuple(key.values()), with_for_update=True)
    came = kept is None or kept.answer is not Answer.NOT_THIS_TIME
    if kept is not None and kept.answered_at > said_at:
        return False
    if answer is None and _is_accepted(session, member, row.series_id):
        answer = Answer.UNDECIDED
    if kept is None and answer is not None:
        values = {"answer": answer, "answered_at": said_at, "end_utc": row.end_utc}
        statement = insert(Rsvp).values(key | values)
        session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
    elif kept is not None and answer is not None:
        kept.answer, kept.answered_at, kept.end_utc = answer, said_at, row.end_utc
    elif kept is not None:
        session.delete(kept)
    session.flush()
    waiting.write_anew(session, row.series_id, original_local=row.original_local, membership_id=member.id)
    comes = answer is not Answer.NOT_THIS_TIME
    if comes is not came:
        waiting.follow_answer(session, member, row, comes=comes, now=now)
    feeds.renew(session, member.account_id, now=now, showing_answers=True)
    return True


def _is_accepted(session: Session, member: Membership, series_id: UUID) -> bool:
    """Whether she accepted the whole series in her calendar."""
    invite = session.get(Invite, (member.id, series_id))
    return member.wants_invites and invite is not None and invite.answer is Answer.GOING


def link_of(subject: Subject, vault: Vault) -> str:
    """The part of an address by which this mail's date can be answered, once and without a sign-in."""
    return vault.signed(LINK, subject.delivery.id)


def behind_link(session: Session, token: str, vault: Vault, *, now: datetime) -> Subject:
    """What a link from a mail asks about. Raises NotFound, and Expired once it was used or is of no more use."""
    delivery_id = vault.opened(LINK, token)
    subject = subject_of(session, delivery_id) if delivery_id else None
    if subject is None:
        raise NotFound("There is nothing at this address.")
    member, date = subject.membership, subject.occurrence
    is_in = member is not None and member.state is MembershipState.ACTIVE
    if not is_in or date is None or date.end_utc <= now or subject.delivery.answered_at is not None:
        raise Expired(USED)
    return subject


def answer_by_link(session: Session, token: str, answer: Answer, vault: Vault, *, now: datetime) -> Subject:
    """Keep the answer to the mail with this link; the link is used up. Raises as `behind_link`."""
    delivery_id = vault.opened(LINK, token)
    if delivery_id:
        session.execute(select(Delivery.id).where(Delivery.id == delivery_id).with_for_update())
    subject = behind_link(session, token, vault, now=now)
    if subject.membership is None or subject.occurrence is None:
        raise Expired(USED)
    subject.delivery.answered_at = now
    give(session, subject.membership, subject.occurrence, answer, said_at=now, now=now)
    return subject


def forget(session: Session, *, now: datetime) -> None:
    """Erase answers about dates that ended more than a day ago; calendars that showed them are to be fetched again."""
    _forget(session, Rsvp.end_utc < now - KEPT, now=now)


def forget_about(session: Session, series_id: UUID, original_local: datetime, *, now: datetime) -> None:
    """The date takes place at another time: what was said was about the old one (RFC 5546, 2.1.4 and 3.2.2.1)."""
    _forget(session, (Rsvp.series_id == series_id) & (Rsvp.original_local == original_local), now=now)


def _forget(session: Session, which: ColumnElement[bool], *, now: datetime) -> None:
    members = set(session.scalars(delete(Rsvp).where(which).returning(Rsvp.membership_id)))
    owners = select(Account.id).join(Membership, Membership.account_id == Account.id).where(Membership.id.in_(members))
    for account_id in session.scalars(owners.distinct()).all() if members else ():
        feeds.renew(session, account_id, now=now, showing_answers=True)
