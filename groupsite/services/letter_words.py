"""The values that a letter's templates are filled with: nothing that the reader has not allowed to stand in a mail."""

from collections.abc import Callable, Mapping
from datetime import datetime

from groupsite.domain.discretion import Disclosure, disclosure
from groupsite.domain.recurrence import occurrence_key
from groupsite.domain.wording import clock_words, near_word
from groupsite.domain.words import FeedLevel, OccurrenceStatus
from groupsite.domain.zones import to_local
from groupsite.mail.compose import Part
from groupsite.models import DeliveryKind, Group, OccurrenceRow
from groupsite.queries.elsewhere import OtherDate
from groupsite.queries.subjects import Subject
from groupsite.services import answers
from groupsite.services.desk import Desk

Said = dict[str, object]
"""Hashable values: mails that say the same are rendered once."""


def part_of(subject: Subject, desk: Desk, now: datetime, letter: str = "") -> Part:
    """What this delivery says, in the words of its kind unless another letter is named."""
    kind = subject.delivery.kind
    said, own = _WORDS[kind](subject, desk, now)
    return Part(letter or kind.value, said, own)


def says_of(subject: Subject) -> Disclosure:
    """What mail to this member may say."""
    level = FeedLevel.OWN_WORDS if subject.account.discreet else FeedLevel.FULL
    return disclosure(level, subject.account.discreet_title)


def _confirm_words(subject: Subject, desk: Desk, _now: datetime) -> tuple[Said, Mapping[str, str]]:
    assert subject.token
    link = f"{desk.site.base_url}/account/email/{desk.vault.token('confirm-email', subject.token.id)}"
    return {}, {"confirm": link}


def _link_words(subject: Subject, desk: Desk, _now: datetime) -> tuple[Said, Mapping[str, str]]:
    assert subject.token
    return {}, {"link": f"{desk.site.base_url}/sign-in/link/{desk.vault.token('sign-in', subject.token.id)}"}


def _notice_words(_subject: Subject, desk: Desk, _now: datetime) -> tuple[Said, Mapping[str, str]]:
    """Neither what has changed nor when: whoever reads it over her shoulder learns that there is an account, and no more."""
    return {"page": f"{desk.site.base_url}/sign-in"}, {}


def _series_words(subject: Subject, desk: Desk, _now: datetime) -> tuple[Said, Mapping[str, str]]:
    assert subject.series
    assert subject.group
    says = says_of(subject)
    link = f"{desk.site.base_url}/groups/{subject.group.slug}"
    title = says.title(_full_title(subject.group.name, subject.series.title))
    return {"title": title, "link": says.details(link, "")}, {}


def date_words_for(subject: Subject, desk: Desk, now: datetime) -> tuple[Said, Mapping[str, str]]:
    """One date. Discreet: the member's own words and the hour on her own clock, nothing else."""
    row, account, says = subject.occurrence, subject.account, says_of(subject)
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
    said: Said = {
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
        "is_elsewhere": says.details(row.status is OccurrenceStatus.RELOCATED, instead=False),
        "place": says.details(", ".join(filter(None, (place.name, place.address))) if place else "", ""),
        "note": says.details(row.public_note, ""),
        "link": says.details(_date_link(row, subject.group, desk), ""),
    }
    return said | _others(subject, says, desk, now), {
        "answer": f"{desk.site.base_url}/a/{answers.link_of(subject, desk.vault)}"
    }


def _others(subject: Subject, says: Disclosure, desk: Desk, now: datetime) -> Said:
    """Where else to go around that time, on the reader's clock; discreet, only that there is something."""
    said = tuple(_other(one, subject.account.timezone or one.timezone, desk, now) for one in subject.others)
    return {"others": says.details(said, ()), "has_others": bool(said)}


def _other(one: OtherDate, timezone: str, desk: Desk, now: datetime) -> tuple[str, str]:
    clock = clock_words(one.start_utc, one.end_utc, timezone, now)
    words = f"{clock.day}, {clock.hours} {clock.zone}: {_full_title(one.group, one.title)}"
    return words, desk.site.base_url + one.path


def _date_link(row: OccurrenceRow, group: Group, desk: Desk) -> str:
    return f"{desk.site.base_url}/groups/{group.slug}/meetings/{row.series_slug}/{occurrence_key(row.original_local)}"


def _full_title(group: str, title: str) -> str:
    return title if group in title else f"{group}: {title}"


_WORDS: dict[DeliveryKind, Callable[[Subject, Desk, datetime], tuple[Said, Mapping[str, str]]]] = {
    DeliveryKind.REMINDER: date_words_for,
    DeliveryKind.CHANGE: date_words_for,
    DeliveryKind.INVITE: _series_words,
    DeliveryKind.INVITE_CANCEL: date_words_for,
    DeliveryKind.INVITE_WITHDRAW: _series_words,
    DeliveryKind.CONFIRM_EMAIL: _confirm_words,
    DeliveryKind.SIGN_IN_LINK: _link_words,
    DeliveryKind.SIGN_IN_NOTICE: _notice_words,
}
