"""What a delivery says, written at the moment of sending from what is true then."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from groupsite.domain.recurrence import is_ever_held, occurrences
from groupsite.domain.schedule import Occurrence
from groupsite.domain.zones import to_utc
from groupsite.formats import imip
from groupsite.formats.calendar_series import CalendarSeries
from groupsite.formats.imip import Method, Parties
from groupsite.mail.compose import Words, compose, compose_several
from groupsite.mail.message import Message
from groupsite.models import DeliveryKind
from groupsite.queries.subjects import Subject
from groupsite.services import bounces, invites, stopping
from groupsite.services.desk import Desk
from groupsite.services.letter_words import part_of, says_of

CALLED_OFF = "invite_called_off"
"""The letter of a series that has no date any more."""
LIST_ID = "notes"
"""The same for every mail that can be stopped: it names no group (RFC 2919)."""


def write(
    session: Session,
    subjects: Sequence[Subject],
    recipient: str,
    desk: Desk,
    *,
    now: datetime,
    name: UUID | None = None,
) -> Message:
    """One message for these deliveries, all to one person; what they speak of must be there (services/sorting.py has checked).

    `name` is the delivery under whose name it leaves: the first, if no other is given. Of several none carries a calendar.
    """
    first = subjects[0]
    name = name or first.delivery.id
    calendar, method = _calendar(session, first, recipient, desk, now) if len(subjects) == 1 else (b"", "")
    calls_off = first.delivery.kind is DeliveryKind.INVITE and method == Method.CANCEL
    words = words_of(subjects, desk, now=now, letter=CALLED_OFF if calls_off else "")
    stops = stopping.one_click(subjects, desk)
    return Message(
        message_id=f"{name.hex}@{desk.site.host}",
        date=first.delivery.due_at,
        sender_name=desk.site.name,
        sender=invites.organizer(first, desk) if calendar else desk.sender,
        return_path=bounces.return_path(name, desk),
        recipient=recipient,
        subject=words.subject,
        text=words.text,
        html=words.html,
        list_id=f"{LIST_ID}.{desk.site.host}" if stops else "",
        unsubscribe=stops,
        calendar=calendar,
        method=method,
    )


def words_of(subjects: Sequence[Subject], desk: Desk, *, now: datetime, letter: str = "") -> Words:
    """What the mail says, as it would be sent at `now`; one delivery in the words of its kind unless another letter is named."""
    parts = [part_of(one, desk, now, letter) for one in subjects]
    stops = stopping.links(subjects, desk)
    return compose(parts[0], stops) if len(parts) == 1 else compose_several(parts, stops)


def _calendar(session: Session, subject: Subject, recipient: str, desk: Desk, now: datetime) -> tuple[bytes, str]:
    """The iTIP object of an invite and its METHOD; nothing for other mail."""
    if subject.delivery.kind not in {DeliveryKind.INVITE, DeliveryKind.INVITE_CANCEL, DeliveryKind.INVITE_WITHDRAW}:
        return b"", ""
    series = invites.told(session, subject, says_of(subject), desk, now=now)
    parties = Parties(invites.organizer(subject, desk), desk.site.name, recipient)
    match subject.delivery.kind:
        case DeliveryKind.INVITE_WITHDRAW:
            return imip.withdraw(series, parties, now=now), Method.CANCEL
        case _ if not is_ever_held(series.schedule):
            return imip.call_off(series, parties, now=now), Method.CANCEL
        case DeliveryKind.INVITE:
            return imip.request(series, parties, now=now), Method.REQUEST
        case _:
            date = _occurrence(series, subject.delivery.original_local)
            return imip.cancel_date(series, date, parties, now=now), Method.CANCEL


def _occurrence(series: CalendarSeries, original_local: datetime | None) -> Occurrence:
    assert original_local
    moment = to_utc(original_local, series.schedule.timezone)
    found = occurrences(series.schedule, moment, moment.replace(microsecond=1))
    return next(one for one in found if one.original_local == original_local)
