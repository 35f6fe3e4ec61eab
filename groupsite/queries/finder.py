"""The finder: what meets next, each series once, in the order in which it comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, Time, and_, cast, exists, extract, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from groupsite.domain.words import Family, Kind, ListingState, Modality
from groupsite.models import Group, OccurrenceRow

AHEAD = timedelta(days=35)
"""A monthly meeting on a fifth Monday may be farther away; its own page has it."""
LONGEST = timedelta(days=1)
HIDDEN_AFTER = timedelta(days=365)
SEARCHED = (ListingState.ACTIVE, ListingState.UNCONFIRMED)
MOST_WORDS = 8

Found = tuple[OccurrenceRow, Group]
Dates = type[OccurrenceRow]


class DayPart(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


HOURS = {
    DayPart.MORNING: (time(5), time(12)),
    DayPart.AFTERNOON: (time(12), time(17)),
    DayPart.EVENING: (time(17), time(22)),
    DayPart.NIGHT: (time(22), time(5)),
}
WAYS_IN = {
    Modality.IN_PERSON: (Modality.IN_PERSON, Modality.HYBRID),
    Modality.ONLINE: (Modality.ONLINE, Modality.HYBRID),
    Modality.PHONE: (Modality.PHONE,),
    Modality.WRITTEN: (Modality.WRITTEN,),
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody looks for; None and empty mean "any". `day` is 0 = Monday .. 6 = Sunday.

    Day and part of the day are those of `timezone`, or of each meeting's own zone when it is None.
    """

    words: str = ""
    day: int | None = None
    part: DayPart | None = None
    kind: Kind | None = None
    modality: Modality | None = None
    family: Family | None = None
    language: str = ""
    timezone: str | None = None


def find(session: Session, wishes: Wishes, *, now: datetime, limit: int, after: datetime | None = None) -> list[Found]:
    """The next date of each series that fits, by start; `after` continues behind a start. One query."""
    earlier = aliased(OccurrenceRow)
    is_not_the_next = exists().where(
        earlier.series_id == OccurrenceRow.series_id,
        earlier.start_utc < OccurrenceRow.start_utc,
        *_coming(earlier, now),
        *_date_fits(earlier, wishes),
    )
    query = _dates(now).where(*_date_fits(OccurrenceRow, wishes), *_group_fits(wishes), ~is_not_the_next)
    if after is not None:
        query = query.where(OccurrenceRow.start_utc > after)
    return _found(session, query.limit(limit))


def soon(session: Session, *, now: datetime, within: timedelta, limit: int) -> list[Found]:
    """What begins within this span, soonest first. One query on the index of starts."""
    query = _dates(now).where(OccurrenceRow.start_utc >= now, OccurrenceRow.start_utc < now + within)
    return _found(session, query.limit(limit))


def alternatives(session: Session, row: OccurrenceRow, group: Group, *, now: datetime, limit: int = 2) -> list[Found]:
    """Dates of other groups within 48 hours of one that is off: same language, not cancelled, nearest first. One query."""
    near = timedelta(hours=48)
    distance = func.abs(extract("epoch", OccurrenceRow.start_utc - row.start_utc))
    query = _dates(now).where(
        OccurrenceRow.group_id != row.group_id,
        OccurrenceRow.start_utc >= now,
        OccurrenceRow.start_utc.between(row.start_utc - near, row.start_utc + near),
        OccurrenceRow.status != "cancelled",
        OccurrenceRow.modality.in_([Modality.ONLINE, Modality.HYBRID, Modality.PHONE]),
        Group.locale == group.locale,
    )
    return _found(session, query.order_by(None).order_by(distance, OccurrenceRow.series_id).limit(limit))


def languages(session: Session) -> Sequence[str]:
    """The languages of the groups that can be found."""
    return session.scalars(
        select(Group.locale).where(Group.listing_state.in_(SEARCHED)).distinct().order_by(Group.locale)
    ).all()


def _dates(now: datetime) -> "Select[OccurrenceRow, Group]":
    return (
        select(OccurrenceRow, Group)
        .join(Group, Group.id == OccurrenceRow.group_id)
        .where(*_coming(OccurrenceRow, now), *_listed(now.date()))
        .order_by(OccurrenceRow.start_utc, OccurrenceRow.series_id)
    )


def _found(session: Session, query: "Select[OccurrenceRow, Group]") -> list[Found]:
    return [(row, group) for row, group in session.execute(query)]


def _coming(dates: Dates, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Not over yet. The bounds on the start let the index of starts answer."""
    return (dates.start_utc > now - LONGEST, dates.start_utc < now + AHEAD, dates.end_utc > now)


def _listed(today: date) -> tuple[ColumnElement[bool], ...]:
    """Shown by the finder: not in draft, closed or in doubt, and confirmed within a year (domain.md, 4.2)."""
    is_fresh = or_(Group.confirmed_on.is_(None), Group.confirmed_on > today - HIDDEN_AFTER)
    return (Group.listing_state.in_(SEARCHED), is_fresh)


def _date_fits(dates: Dates, wishes: Wishes) -> list[ColumnElement[bool]]:
    zone = literal(wishes.timezone) if wishes.timezone else dates.timezone
    local = func.timezone(zone, dates.start_utc)
    fits: list[ColumnElement[bool]] = []
    if wishes.day is not None:
        fits.append(extract("isodow", local) == wishes.day + 1)
    if wishes.part is not None:
        fits.append(_within(cast(local, Time), *HOURS[wishes.part]))
    if wishes.kind is not None:
        fits.append(dates.kind == wishes.kind)
    if wishes.modality is not None:
        fits.append(dates.modality.in_(WAYS_IN[wishes.modality]))
    return fits


def _within(clock: ColumnElement[time], begin: time, end: time) -> ColumnElement[bool]:
    """Whether the clock lies in [begin, end), which may cross midnight."""
    return or_(clock >= begin, clock < end) if begin > end else and_(clock >= begin, clock < end)


def _group_fits(wishes: Wishes) -> list[ColumnElement[bool]]:
    fits: list[ColumnElement[bool]] = []
    if wishes.family is not None:
        fits.append(Group.family == wishes.family)
    if wishes.language:
        fits.append(Group.locale == wishes.language)
    searched = func.concat_ws(
        " ", Group.name, Group.city, Group.summary, OccurrenceRow.title, func.array_to_string(Group.audience, " ")
    )
    return fits + [searched.icontains(word, autoescape=True) for word in wishes.words.split()[:MOST_WORDS]]
