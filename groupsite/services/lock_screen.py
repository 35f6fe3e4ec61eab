"""What a locked screen would show of the next reminder: written by the same lines that write the mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from groupsite.domain.words import OccurrenceStatus
from groupsite.models import Account, Delivery, DeliveryKind, Group, OccurrenceRow
from groupsite.queries.memberships import membership_of
from groupsite.queries.subjects import Subject
from groupsite.queries.week import my_week
from groupsite.services.desk import Desk
from groupsite.services.letters import words_of

USUAL_LEAD = 60
AS_LONG_AS_SCREENS_SHOW = 120


@dataclass(frozen=True, slots=True)
class LockScreen:
    sender: str
    subject: str
    first_words: str


def lock_screen(session: Session, account: Account, desk: Desk, *, now: datetime) -> LockScreen | None:
    """For the next date of the account's groups, as its wishes are now; None when no date is near."""
    coming = (one for one in my_week(session, account.id, now=now) if _is_ahead(one[0], now))
    found = next(coming, None)
    return _shown(session, account, *found, desk) if found else None


def _is_ahead(row: OccurrenceRow, now: datetime) -> bool:
    return row.start_utc > now and row.status is not OccurrenceStatus.CANCELLED


def _shown(session: Session, account: Account, row: OccurrenceRow, group: Group, desk: Desk) -> LockScreen:
    member, _ = membership_of(session, account.id, group.id)
    sent_at = row.start_utc - timedelta(minutes=max(member.lead_minutes, default=USUAL_LEAD))
    delivery = Delivery(id=uuid4(), kind=DeliveryKind.REMINDER, due_at=sent_at)
    subject = Subject(
        delivery=delivery, account=account, membership=member, group=group, series=None, occurrence=row, token=None
    )
    words = words_of([subject], desk, now=sent_at)
    return LockScreen(desk.site.name, words.subject, words.preheader[:AS_LONG_AS_SCREENS_SHOW])
