"""What would be sent in a span of time: the planner's rule and the letter's words, changing nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from groupsite.domain.reminders import QuietHours, Timing, quiet_hours, timing
from groupsite.models import Account, Delivery, DeliveryKind, Group, MeetingSeries, Membership, OccurrenceRow
from groupsite.queries.owed import owed_between
from groupsite.queries.subjects import Subject
from groupsite.services.desk import Desk
from groupsite.services.letters import words_of

FARTHEST_LEAD = timedelta(days=17)
"""A week before the start, and as much earlier as safe days may move it."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One mail: `series` is `<group slug>/<series slug>`; moments are aware UTC."""

    account_id: str
    series: str
    start_utc: datetime
    send_at: datetime
    lead_minutes: int
    subject: str


def foresee(session: Session, begin: datetime, end: datetime, desk: Desk) -> list[Foreseen]:
    """What would be sent from `begin` up to `end`, by the moment of sending."""
    owed = [
        one
        for one in owed_between(session, now=begin, until=end + FARTHEST_LEAD)
        if begin <= _timing_of(one).due_at < end
    ]
    found = [_foreseen(session, one, desk) for one in owed]
    return sorted(found, key=lambda one: (one.send_at, one.account_id, one.series))


def _timing_of(owed: Any) -> Timing:
    return timing(owed.start_utc, owed.lead, _quiet_of(owed))


def _quiet_of(owed: Any) -> QuietHours | None:
    return quiet_hours(owed.quiet_from, owed.quiet_until, owed.timezone, owed.safe_days)


def _foreseen(session: Session, owed: Any, desk: Desk) -> Foreseen:
    subject = _subject(session, owed)
    due = _timing_of(owed).due_at
    assert subject.group
    assert subject.series
    return Foreseen(
        account_id=str(owed.account_id),
        series=f"{subject.group.slug}/{subject.series.slug}",
        start_utc=owed.start_utc,
        send_at=due,
        lead_minutes=owed.lead,
        subject=words_of([subject], desk, now=due).subject,
    )


def _subject(session: Session, owed: Any) -> Subject:
    """As queries/deliveries.subject_of gives it, around a row that is never stored."""
    membership = session.get_one(Membership, owed.membership_id)
    return Subject(
        delivery=Delivery(id=uuid4(), kind=DeliveryKind.REMINDER),
        account=session.get_one(Account, owed.account_id),
        membership=membership,
        group=session.get_one(Group, membership.group_id),
        series=session.get_one(MeetingSeries, owed.series_id),
        occurrence=session.get_one(OccurrenceRow, (owed.series_id, owed.original_local)),
        token=None,
    )
