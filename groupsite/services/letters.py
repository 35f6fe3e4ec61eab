"""What a delivery says, written at the moment of sending from what is true then."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from groupsite.domain.discretion import Disclosure, disclosure
from groupsite.domain.recurrence import is_ever_held, occurrence_key, occurrences
from groupsite.domain.schedule import Occurrence
from groupsite.domain.wording import clock_words, near_word
from groupsite.domain.words import FeedLevel, OccurrenceStatus
from groupsite.domain.zones import to_local, to_utc
from groupsite.formats import imip
from groupsite.formats.calendar_series import CalendarSeries
from groupsite.formats.imip import Method, Parties
from groupsite.mail.compose import Words, compose
from groupsite.mail.message import Message
from groupsite.models import DeliveryKind
from groupsite.queries.subjects import Subject
from groupsite.services import answers, bounces, invites, stopping
from groupsite.services.desk import Desk

CALLED_OFF = "invite_called_off"
"""The letter of a series that has no date any more."""
OWN = ("answer", "confirm")
"""What is said to one person alone: its addresses."""


def write(
    session: Session, subject: Subject, recipient: str, desk: Desk, *, now: datetime, name: UUID | None = None
) -> Message:
    """The message of this delivery; what it speaks of must be there (services/sorting.py has checked).

    `name` is the delivery under whose name it leaves, if that is another one.
    """
    name = name or subject.delivery.id
    calendar, method = _calendar(session, subject, recipient, desk, now)
    calls_off = subject.delivery.kind is DeliveryKind.INVITE and method == Method.CANCEL
    words = words_of(subject, desk, now=now, letter=CALLED_OFF if calls_off else "")
    return Message(
        message_id=f"{name.hex}@{desk.site.host}",
        date=subject.delivery.due_at,
        sender_name=desk.site.name,
        sender=invites.organizer(subject, desk) if calendar else desk.sender,
        return_path=bounces.return_path(name, desk),
        recipient=recipient,
        subject=words.subject,
        text=words.text,
        html=words.html,
        unsubscribe=_stop_addresses(subject, desk),
        calendar=calendar,
        method=method,
    )


def words_of(subject: Subject, desk: Desk, *, now: datetime, letter: str = "") -> Words:
    """What the mail says, as it would be sent at `now`; in the words of its kind unless another letter is named."""
    kind = subject.delivery.kind
    said = _WORDS[kind](subject, desk, now)
    own = {name: str(said.pop(name)) for name in OWN if name in said}
    return compose(letter or kind.value, said, own | {"stop": _stop_address(subject, desk)})


def _stop_address(subject: Subject, desk: Desk) -> str:
    return next(iter(_stop_addresses(subject, desk)), "")


def _stop_addresses(subject: Subject, desk: Desk) -> tuple[str, ...]:
    """Where this mail can be stopped: with one click (RFC 8058), and by a mail (RFC 2369)."""
    if subject.membership is None:
        return ()
    token = desk.vault.token("unsubscribe", subject.membership.id)
    local, _, domain = desk.sender.partition("@")
    return (f"{desk.site.base_url}/u/{token}", f"mailto:{local}+{stopping.ROLE}@{domain}?subject={token}")


def _confirm_words(subject: Subject, desk: Desk, _now: datetime) -> dict[str, object]:
    assert subject.token
    return {"confirm": f"{desk.site.base_url}/account/email/{desk.vault.token('confirm-email', subject.token.id)}"}


def _series_words(subject: Subject, desk: Desk, _now: datetime) -> dict[str, object]:
    assert subject.series
    assert subject.group
    says = _says(subject)
    link = f"{desk.site.base_url}/groups/{subject.group.slug}"
    title = says.title(_full_title(subject.group.name, subject.series.title))
    return {"title": title, "link": says.details(link, "")}


def date_words_for(subject: Subject, desk: Desk, now: datetime) -> dict[str, object]:
    """One date. Discreet: the member's own words and the hour on her own clock, nothing else."""
    row, account, says = subject.occurrence, subject.account, _says(subject)
    assert row
    assert subject.group
    theirs = account.timezone or row.timezone
    shown_zone = says.details(row.timezone, theirs)
    length = row.end_utc - row.start_utc
    is_same = all(to_local(at, theirs) == to_local(at, shown_zone) for at in (row.start_utc, row.end_utc))
    own, was = (
        clock_words(begin, begin + length, shown_zone, now, says_near=is_same)
        for begin in (row.start_utc, row.original_utc)
    )
    yours = clock_words(row.start_utc, row.end_utc, theirs, now)
    start = to_local(row.start_utc, theirs)
    place = row.venue
    return {
        "discreet": not says.is_full,
        "title": says.title(_full_title(subject.group.name, row.title)),
        "near": near_word(start.date(), to_local(now, theirs).date()),
        "day": own.day,
        "hours": own.hours,
        "zone": own.zone,
        "your_day": "" if is_same else yours.day,
        "your_hours": "" if is_same else yours.hours,
        "your_zone": "" if is_same else yours.zone,
        "was_day": was.day,
        "was_hours": was.hours,
        "is_cancelled": row.status is OccurrenceStatus.CANCELLED,
        "is_as_usual": row.status is OccurrenceStatus.SCHEDULED,
        "is_same_time": row.start_utc == row.original_utc,
        "place": says.details(", ".join(filter(None, (place.name, place.address))) if place else "", ""),
        "note": says.details(row.public_note, ""),
        "link": says.details(_date_link(subject, desk), ""),
        "answer": f"{desk.site.base_url}/a/{answers.link_of(subject, desk.vault)}",
    }


def _date_link(subject: Subject, desk: Desk) -> str:
    assert subject.occurrence
    assert subject.group
    key = occurrence_key(subject.occurrence.original_local)
    return f"{desk.site.base_url}/groups/{subject.group.slug}/meetings/{subject.occurrence.series_slug}/{key}"


def _full_title(group: str, title: str) -> str:
    return title if group in title else f"{group}: {title}"


_WORDS: dict[DeliveryKind, Callable[[Subject, Desk, datetime], dict[str, object]]] = {
    DeliveryKind.REMINDER: date_words_for,
    DeliveryKind.CHANGE: date_words_for,
    DeliveryKind.INVITE: _series_words,
    DeliveryKind.INVITE_CANCEL: date_words_for,
    DeliveryKind.INVITE_WITHDRAW: _series_words,
    DeliveryKind.CONFIRM_EMAIL: _confirm_words,
}


def _calendar(session: Session, subject: Subject, recipient: str, desk: Desk, now: datetime) -> tuple[bytes, str]:
    """The iTIP object of an invite and its METHOD; nothing for other mail."""
    if subject.delivery.kind not in {DeliveryKind.INVITE, DeliveryKind.INVITE_CANCEL, DeliveryKind.INVITE_WITHDRAW}:
        return b"", ""
    series = invites.told(session, subject, _says(subject), desk, now=now)
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


def _says(subject: Subject) -> Disclosure:
    """What mail to this member may say."""
    level = FeedLevel.OWN_WORDS if subject.account.discreet else FeedLevel.FULL
    return disclosure(level, subject.account.discreet_title)


def _occurrence(series: CalendarSeries, original_local: datetime | None) -> Occurrence:
    assert original_local
    moment = to_utc(original_local, series.schedule.timezone)
    found = occurrences(series.schedule, moment, moment.replace(microsecond=1))
    return next(one for one in found if one.original_local == original_local)
