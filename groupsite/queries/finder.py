"""The finder: what meets next, each series once, in the order in which it comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Time,
    and_,
    cast,
    exists,
    extract,
    false,
    func,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from groupsite.domain.day_parts import HOURS, MIDNIGHT, DayPart, spans
from groupsite.domain.words import Family, Kind, ListingState, Modality, OccurrenceStatus
from groupsite.models import Group, MeetingSeries, OccurrenceRow

AHEAD = timedelta(days=35)
"""A monthly meeting on a fifth Monday may be farther away; its own page has it."""
AHEAD_BY_WORDS = timedelta(days=100)
"""Who looks for a name finds the group during its summer pause too."""
LONGEST = timedelta(days=1)
NEAR = timedelta(hours=48)
DATES_IN_NEAR = 10
"""Two series that meet daily have no more than that on both sides."""
HIDDEN_AFTER = timedelta(days=365)
SEARCHED = (ListingState.ACTIVE, ListingState.UNCONFIRMED)
MOST_WORDS = 8

Found = tuple[OccurrenceRow, Group]
Dates = type[OccurrenceRow]
Place = tuple[datetime, UUID]
"""Start and series of the last date shown: the next page begins behind it."""

WAYS_IN = {
    Modality.IN_PERSON: (Modality.IN_PERSON, Modality.HYBRID),
    Modality.ONLINE: (Modality.ONLINE, Modality.HYBRID),
    Modality.PHONE: (Modality.PHONE,),
    Modality.WRITTEN: (Modality.WRITTEN,),
    Modality.HYBRID: (Modality.HYBRID,),
}
FROM_ANYWHERE = (Modality.ONLINE, Modality.HYBRID, Modality.PHONE)


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


def find(session: Session, wishes: Wishes, *, now: datetime, limit: int, after: Place | None = None) -> list[Found]:
    """The next date of each series that fits, by start; `after` continues behind a date. One query."""
    last = now + (AHEAD_BY_WORDS if wishes.words else AHEAD)
    earlier = aliased(OccurrenceRow)
    is_not_the_next = exists().where(
        earlier.series_id == OccurrenceRow.series_id,
        earlier.start_utc < OccurrenceRow.start_utc,
        *_coming(earlier, now, last),
        *_date_fits(earlier, wishes, now, last),
    )
    query = _dates(now, last).where(
        *_date_fits(OccurrenceRow, wishes, now, last), *_group_fits(wishes), ~is_not_the_next
    )
    if after is not None:
        query = query.where(tuple_(OccurrenceRow.start_utc, OccurrenceRow.series_id) > after)
    return _found(session, query.limit(limit))


def soon(session: Session, *, now: datetime, within: timedelta, limit: int) -> list[Found]:
    """What begins within this span and takes place, soonest first. One query on the index of starts."""
    query = _dates(now, now + within).where(OccurrenceRow.start_utc >= now, _takes_place())
    return _found(session, query.limit(limit))


def alternatives(
    session: Session, row: OccurrenceRow, group: Group, *, now: datetime, limit: int = 2, before: timedelta = NEAR
) -> list[Found]:
    """Dates of other groups within 48 hours of when one that is not as usual would have been; `before` it: that long at most.

    From anywhere, or in the same place; one for each group. The same language first, what is only written last, then the
    nearest. One query.
    """
    preferred = (Group.locale != group.locale, OccurrenceRow.modality == Modality.WRITTEN)
    distance = func.abs(extract("epoch", OccurrenceRow.start_utc - row.original_utc))
    query = _dates(now, row.original_utc + NEAR).where(
        OccurrenceRow.group_id != row.group_id,
        OccurrenceRow.start_utc >= max(now, row.original_utc - before),
        or_(
            OccurrenceRow.modality.in_((*FROM_ANYWHERE, Modality.WRITTEN)),
            and_(Group.city == group.city, Group.city != ""),
        ),
        OccurrenceRow.kind != Kind.BUSINESS,
        _takes_place(),
    )
    nearest = query.order_by(None).order_by(*preferred, distance, OccurrenceRow.series_id).limit(limit * DATES_IN_NEAR)
    return _one_of_each(_found(session, nearest))[:limit]


def _one_of_each(found: list[Found]) -> list[Found]:
    """The first date of each group."""
    first: dict[UUID, Found] = {}
    for row, group in found:
        first.setdefault(group.id, (row, group))
    return list(first.values())


def languages(session: Session) -> Sequence[str]:
    """The languages of the groups that can be found."""
    return session.scalars(
        select(Group.locale).where(Group.listing_state.in_(SEARCHED)).distinct().order_by(Group.locale)
    ).all()


def listed(today: date) -> tuple[ColumnElement[bool], ...]:
    """Groups that may be found: not in draft, closed or in doubt, and confirmed within a year (domain.md, 4.2)."""
    is_fresh = or_(Group.confirmed_on.is_(None), Group.confirmed_on > today - HIDDEN_AFTER)
    return (Group.listing_state.in_(SEARCHED), is_fresh)


def _dates(now: datetime, last: datetime) -> "Select[OccurrenceRow, Group]":
    return (
        select(OccurrenceRow, Group)
        .join(Group, Group.id == OccurrenceRow.group_id)
        .where(*_coming(OccurrenceRow, now, last), *listed(now.date()))
        .order_by(OccurrenceRow.start_utc, OccurrenceRow.series_id)
    )


def _found(session: Session, query: "Select[OccurrenceRow, Group]") -> list[Found]:
    return [(row, group) for row, group in session.execute(query)]


def _coming(dates: Dates, now: datetime, last: datetime) -> tuple[ColumnElement[bool], ...]:
    """Not over yet. The bounds on the start let the index of starts answer."""
    return (dates.start_utc > now - LONGEST, dates.start_utc < last, dates.end_utc > now)


def _takes_place() -> ColumnElement[bool]:
    return OccurrenceRow.status != OccurrenceStatus.CANCELLED


def _date_fits(dates: Dates, wishes: Wishes, now: datetime, last: datetime) -> list[ColumnElement[bool]]:
    fits = _in_readers_time(dates, wishes, now, last) if wishes.timezone else _in_own_time(dates, wishes)
    if wishes.kind is not None:
        fits.append(dates.kind == wishes.kind)
    if wishes.modality is not None:
        fits.append(dates.modality.in_(WAYS_IN[wishes.modality]))
    return fits


def _in_readers_time(dates: Dates, wishes: Wishes, now: datetime, last: datetime) -> list[ColumnElement[bool]]:
    """Worked out here, not in the database: its zone data is another than ours."""
    if wishes.timezone is None or (wishes.day is None and wishes.part is None):
        return []
    wanted = spans(wishes.timezone, now - LONGEST, last, day=wishes.day, part=wishes.part)
    return [or_(false(), *(and_(dates.start_utc >= begin, dates.start_utc < end) for begin, end in wanted))]


def _in_own_time(dates: Dates, wishes: Wishes) -> list[ColumnElement[bool]]:
    fits: list[ColumnElement[bool]] = []
    if wishes.day is not None:
        fits.append(extract("isodow", dates.start_local) == wishes.day + 1)
    if wishes.part is not None:
        clock = cast(dates.start_local, Time)
        pieces = HOURS[wishes.part]
        fits.append(or_(*(and_(clock >= begin, clock < end if end != MIDNIGHT else true()) for begin, end in pieces)))
    return fits


def _group_fits(wishes: Wishes) -> list[ColumnElement[bool]]:
    fits: list[ColumnElement[bool]] = []
    if wishes.family is not None:
        fits.append(Group.family == wishes.family)
    if wishes.language:
        fits.append(Group.locale == wishes.language)
    if wishes.words:
        fits.append(OccurrenceRow.series_id.in_(_with_words(wishes.words)))
    return fits


def _with_words(words: str) -> Select[UUID]:
    """Series that have each of the words in their title or in what the group says of itself: read once, not per date."""
    audience = func.array_to_string(Group.audience, " ")
    searched = func.concat_ws(" ", Group.name, Group.city, Group.summary, MeetingSeries.title, audience)
    contains = (searched.icontains(word, autoescape=True) for word in words.split()[:MOST_WORDS])
    return select(MeetingSeries.id).join(Group, Group.id == MeetingSeries.group_id).where(*contains)
