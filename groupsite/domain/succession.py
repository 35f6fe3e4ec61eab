"""A series that goes on otherwise from a day on: what of its announced changes the new dates take along."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from groupsite.domain.errors import InvalidInput
from groupsite.domain.recurrence import is_date_of, occurrences
from groupsite.domain.rules import END_OF_TIME, ended_on, parse_rule
from groupsite.domain.schedule import Occurrence, Override, Schedule
from groupsite.domain.wording import date_words
from groupsite.domain.words import OverrideAction
from groupsite.domain.zones import to_utc

LOOKED_AHEAD = timedelta(days=800)
"""So far ahead two series are compared date by date."""


def with_changes_ahead(new: Schedule, old: Schedule, from_day: date) -> tuple[Schedule, list[str]]:
    """The new schedule with what was announced of the old one for this local day and later, and what does not fit, in words.

    A change goes along by its day: a Tuesday that is called off is called off at the new hour too. Pauses, extra dates and
    kinds that rotate go along as they are. A date that was moved keeps its place in neither: it has to be looked at.
    """
    carried = replace(
        new,
        pauses=(*new.pauses, *(one for one in old.pauses if one.last_date >= from_day)),
        rdates_local=tuple(sorted({*new.rdates_local, *(one for one in old.rdates_local if one.date() >= from_day)})),
        kind_by_week_of_month=new.kind_by_week_of_month or old.kind_by_week_of_month,
        kind_by_weekday=new.kind_by_weekday or old.kind_by_weekday,
    )
    skipped, no_skips = _on_new_dates(carried, (one for one in old.exdates_local if one.date() >= from_day))
    changes, left_out = _changes(carried, old, from_day)
    words = [f"{date_words(day)} was left out before; the new dates do not fall on it." for day in no_skips]
    return replace(carried, exdates_local=(*new.exdates_local, *skipped), overrides=changes), [*words, *left_out]


def _on_new_dates(new: Schedule, originals: Iterable[datetime]) -> tuple[list[datetime], list[date]]:
    """The new starts on the days of these, and the days that have none."""
    found, without = [], []
    for original in originals:
        start = datetime.combine(original.date(), new.dtstart_local.time())
        if is_date_of(new, start):
            found.append(start)
        else:
            without.append(original.date())
    return found, without


def _changes(new: Schedule, old: Schedule, from_day: date) -> tuple[tuple[Override, ...], list[str]]:
    kept: list[Override] = []
    left_out: list[str] = []
    for change in old.overrides:
        if change.last_date is not None and change.first_date is not None:
            if change.last_date >= from_day:
                kept.append(replace(change, first_date=max(change.first_date, from_day)))
            continue
        original = change.recurrence_id_local
        if original is None or original.date() < from_day or not is_date_of(old, original):
            continue
        there, _ = _on_new_dates(new, [original])
        if there and change.action is not OverrideAction.MOVE:
            kept.append(replace(change, recurrence_id_local=there[0]))
        else:
            left_out.append(f"The change of {date_words(original)} does not go along. Please look at that day.")
    return tuple(kept), left_out


def lost_dates(old: Schedule, shortened: Schedule, boundary: datetime, now: datetime) -> Iterator[Occurrence]:
    """Dates that would begin before the boundary (UTC) and are no more: moved there from a later original."""
    before = occurrences(old, now, max(boundary, now))
    kept = {one.original_local for one in occurrences(shortened, now, max(boundary, now))}
    return (one for one in before if one.original_local not in kept)


def doubled_dates(shortened: Schedule, new: Schedule, now: datetime) -> Iterator[Occurrence]:
    """Dates of the old series that begin at the very moment of a new one."""
    moments = {one.start_utc for one in occurrences(new, now, now + LOOKED_AHEAD)}
    return (one for one in occurrences(shortened, now, now + LOOKED_AHEAD) if one.start_utc in moments)


def shortened(schedule: Schedule, last_local: datetime) -> Schedule:
    """Without the original dates after this wall-clock moment. A rule that gives none after it stays as it is.

    Raises InvalidInput for a meeting that takes place once, and later.
    """
    rrule = schedule.rrule
    if rrule is None and schedule.dtstart_local > last_local:
        raise InvalidInput("end_date", "It takes place once. Cancel that date, or move it.")
    if rrule is not None:
        later = parse_rule(rrule, schedule.timezone).between(
            schedule.dtstart_local, last_local + timedelta(seconds=1), END_OF_TIME
        )
        if next(later, None) is not None:
            rrule = ended_on(rrule, schedule.timezone, to_utc(last_local, schedule.timezone))
    return replace(schedule, rrule=rrule, rdates_local=tuple(one for one in schedule.rdates_local if one <= last_local))
