"""One date as it stands and as a change would make it, side by side."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from groupsite.domain.errors import NotFound
from groupsite.domain.recurrence import occurrences
from groupsite.domain.rules import LAST_YEAR
from groupsite.domain.schedule import Occurrence, Override, Schedule
from groupsite.domain.wording import date_words
from groupsite.domain.words import WITH_A_PLACE, OccurrenceStatus
from groupsite.domain.zones import to_utc

MOMENT = timedelta(microseconds=1)
FIRST_YEAR = 1970
NO_DATE = "This meeting has no such date."


@dataclass(frozen=True, slots=True)
class DateSide:
    title: str
    day: str
    time: str
    iso_start: str
    place: str
    note: str
    is_cancelled: bool


def date_of(schedule: Schedule, original_local: datetime) -> Occurrence:
    """The date with this original wall-clock start. Raises NotFound."""
    if not FIRST_YEAR <= original_local.year <= LAST_YEAR:
        raise NotFound(NO_DATE)
    original_utc = to_utc(original_local, schedule.timezone)
    for one in occurrences(schedule, original_utc, original_utc + MOMENT):
        if one.original_local == original_local:
            return one
    raise NotFound(NO_DATE)


def is_changed(schedule: Schedule, original_local: datetime) -> bool:
    """Whether this date has a change of its own, which can be undone."""
    return any(override.recurrence_id_local == original_local for override in schedule.overrides)


def changed(schedule: Schedule, override: Override) -> Schedule:
    """The schedule as it would be with this change; what it replaces is gone."""
    others = (one for one in schedule.overrides if not one.gives_way_to(override))
    return replace(schedule, overrides=(*others, override))


def side(date: Occurrence) -> DateSide:
    return DateSide(
        title=date.title,
        day=f"{date.start_local:%A} {date_words(date.start_local)}",
        time=f"{date.start_local:%H:%M}–{date.end_local:%H:%M}",
        iso_start=date.start_local.isoformat(timespec="minutes"),
        place=_place(date),
        note=date.public_note,
        is_cancelled=date.status is OccurrenceStatus.CANCELLED,
    )


def _place(date: Occurrence) -> str:
    if date.venue is None or date.modality not in WITH_A_PLACE:
        return ""
    return ", ".join(filter(None, (date.venue.name, date.venue.address)))
