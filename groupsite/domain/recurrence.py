"""From a schedule to its dates. The only place where occurrences are derived (RFC 5545, 3.3.10 and 3.8.5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypeVar

from groupsite.domain.errors import InvalidInput, NotFound
from groupsite.domain.rules import END_OF_TIME, FIRST_YEAR, LAST_YEAR, parse_rule
from groupsite.domain.schedule import Occurrence, Override, Schedule
from groupsite.domain.words import Kind, OccurrenceStatus, OverrideAction
from groupsite.domain.zones import to_local, to_utc, zone

Value = TypeVar("Value")

LONGEST_MINUTES = 24 * 60
EDGE = timedelta(days=2)
"""Wall clocks and UTC differ by less than this; local windows are widened by it and cut again in UTC."""
LOOK_AHEAD = timedelta(days=366)
KEY_FORMAT = "%Y-%m-%dT%H%M"

STATUS = {
    OverrideAction.CANCEL: OccurrenceStatus.CANCELLED,
    OverrideAction.MOVE: OccurrenceStatus.MOVED,
    OverrideAction.RELOCATE: OccurrenceStatus.RELOCATED,
    OverrideAction.CHANGE_MODALITY: OccurrenceStatus.CHANGED,
    OverrideAction.RETITLE: OccurrenceStatus.CHANGED,
}
RANK = tuple(OccurrenceStatus)
"""A date under several changes has the gravest status: the order of the enum."""


def occurrences(schedule: Schedule, first: datetime, last: datetime) -> list[Occurrence]:
    """Every date whose original or effective start lies in [first, last), cancelled ones included, in order of start.

    `first` and `last` are aware UTC.
    """
    found = (_occurrence(schedule, original) for original in _originals(schedule, first, last))
    inside = (one for one in found if first <= one.original_utc < last or first <= one.start_utc < last)
    return sorted(inside, key=lambda one: (one.start_utc, one.original_utc))


def next_occurrences(schedule: Schedule, after: datetime, count: int) -> list[Occurrence]:
    """The first `count` dates that start at or after `after` (aware UTC); fewer when the series ends."""
    horizon = to_utc(END_OF_TIME, schedule.timezone)
    span = LOOK_AHEAD
    while True:
        last = min(after + span, horizon)
        coming = [one for one in occurrences(schedule, after, last) if one.start_utc >= after]
        if len(coming) >= count or last == horizon:
            return coming[:count]
        span *= 2


def is_ever_held(schedule: Schedule) -> bool:
    """Whether any date, over or to come, is not called off: a series may end before it began."""
    begin = min(schedule.dtstart_local, *schedule.rdates_local, END_OF_TIME)
    dates = (_occurrence(schedule, original) for original in _among(schedule, begin, END_OF_TIME))
    return any(one.status is not OccurrenceStatus.CANCELLED for one in dates)


def is_date_of(schedule: Schedule, original_local: datetime) -> bool:
    """Whether the series has (or had, before a change) a date with this original wall-clock start."""
    return original_local in _among(schedule, original_local, original_local)


def occurrence_at(schedule: Schedule, original_local: datetime) -> Occurrence:
    """The date with this original wall-clock start, with its changes. Raises NotFound."""
    if not is_date_of(schedule, original_local):
        raise NotFound("This meeting has no such date.")
    return _occurrence(schedule, original_local)


def validate(schedule: Schedule) -> None:
    """Raises InvalidInput for the first field that no meeting can have."""
    zone(schedule.timezone)
    if not 1 <= schedule.duration_minutes <= LONGEST_MINUTES:
        raise InvalidInput("duration_minutes", "A meeting lasts from 1 minute to 24 hours.")
    _check_dates(schedule)
    if schedule.rrule is not None and not parse_rule(schedule.rrule, schedule.timezone).meets(schedule.dtstart_local):
        raise InvalidInput("rrule", "No date matches this rule within ten years of the start.")
    for override in schedule.overrides:
        _check_override(override)
    if any(pause.last_date < pause.first_date for pause in schedule.pauses):
        raise InvalidInput("pauses", "The last day of a pause lies before its first.")


def _check_override(override: Override) -> None:
    if (override.recurrence_id_local is None) == (override.first_date is None or override.last_date is None):
        raise InvalidInput("overrides", "A change touches one date, or every date from a first day to a last one.")
    if override.duration_minutes is not None and not 1 <= override.duration_minutes <= LONGEST_MINUTES:
        raise InvalidInput("duration_minutes", "A meeting lasts from 1 minute to 24 hours.")
    new_start = override.new_start_local
    if override.action is OverrideAction.MOVE and new_start is None:
        raise InvalidInput("new_start_local", "A moved date needs its new start.")
    if new_start is not None:
        _check_local("new_start_local", new_start)
        if override.recurrence_id_local is None:
            raise InvalidInput("new_start_local", "Only a single date can be moved, not a span of dates.")


def _check_dates(schedule: Schedule) -> None:
    named = {
        "dtstart_local": [schedule.dtstart_local],
        "rdates_local": schedule.rdates_local,
        "exdates_local": schedule.exdates_local,
    }
    for field, dates in named.items():
        for one in dates:
            _check_local(field, one)


def _check_local(field: str, moment: datetime) -> None:
    if moment.tzinfo is not None:
        raise InvalidInput(field, "Dates are local: without a zone or an offset.")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise InvalidInput(field, f"Dates lie between {FIRST_YEAR} and {LAST_YEAR}.")
    if moment.second or moment.microsecond:
        raise InvalidInput(field, "Meetings begin on a whole minute.")


def occurrence_key(original_local: datetime) -> str:
    """The date's name in an address: `2026-12-01T1900`, the original wall-clock start."""
    return original_local.strftime(KEY_FORMAT)


def parse_key(text: str) -> datetime:
    """The original wall-clock start that a key names. Raises NotFound."""
    try:
        original = datetime.strptime(text, KEY_FORMAT)
    except ValueError:
        raise NotFound("There is no such date.") from None
    if occurrence_key(original) != text:
        raise NotFound("There is no such date.")
    return original


def _originals(schedule: Schedule, first: datetime, last: datetime) -> set[datetime]:
    """Original starts that can matter for a UTC window: those near it, and those that a change moved into it."""
    begin = to_local(first, schedule.timezone) - EDGE
    end = to_local(last, schedule.timezone) + EDGE
    originals = set(_among(schedule, begin, end))
    for override in schedule.overrides:
        moved, original = override.new_start_local, override.recurrence_id_local
        if moved and original and begin <= moved <= end and original not in originals:
            originals.update(_among(schedule, original, original))
    return originals


def _among(schedule: Schedule, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Original starts from `begin` to `end` inclusive, without those that were skipped or fall into a pause."""
    return (original for original in _candidates(schedule, begin, end) if not _is_skipped(schedule, original))


def _candidates(schedule: Schedule, begin: datetime, end: datetime) -> Iterator[datetime]:
    yield from (extra for extra in schedule.rdates_local if begin <= extra <= end)
    yield from _by_rule(schedule, begin, end)


def _occurrence(schedule: Schedule, original: datetime) -> Occurrence:
    changes = [override for override in schedule.overrides if override.touches(original)]
    start_local = _last_said(changes, "new_start_local", original)
    minutes = _last_said(changes, "duration_minutes", schedule.duration_minutes)
    start_utc = to_utc(start_local, schedule.timezone)
    end_utc = start_utc + timedelta(minutes=minutes)
    return Occurrence(
        original_local=original,
        original_utc=to_utc(original, schedule.timezone),
        start_local=to_local(start_utc, schedule.timezone),
        end_local=to_local(end_utc, schedule.timezone),
        start_utc=start_utc,
        end_utc=end_utc,
        timezone=schedule.timezone,
        status=max((STATUS[change.action] for change in changes), key=RANK.index, default=OccurrenceStatus.SCHEDULED),
        title=_last_said(changes, "title", schedule.title),
        kind=_last_said(changes, "kind", _kind(schedule, original)),
        modality=_last_said(changes, "modality", schedule.modality),
        venue=_last_said(changes, "venue", schedule.venue),
        public_note=" ".join(change.public_note for change in changes if change.public_note),
        notice=changes[-1].notice if changes else None,
    )


def _kind(schedule: Schedule, original: datetime) -> Kind:
    """Kinds that rotate follow the original date: by week of the month first, then by weekday."""
    by_weekday = schedule.kind_by_weekday.get(original.weekday(), schedule.kind)
    return schedule.kind_by_week_of_month.get((original.day - 1) // 7 + 1, by_weekday)


def _last_said(changes: list[Override], field: str, otherwise: Value) -> Value:
    """What the latest change that speaks of this field says, else the series' own value."""
    said: list[Value] = [getattr(change, field) for change in changes if getattr(change, field) is not None]
    return said[-1] if said else otherwise


@dataclass(frozen=True, slots=True)
class OriginalStarts:
    """What RFC 5545 calls the recurrence set, in its parts; all local. `first` is DTSTART, None for a series without a date.

    `extra` are dates beside the rule (RDATE), `skipped` dates of the rule that do not happen (EXDATE), pauses included.
    """

    first: datetime | None
    extra: tuple[datetime, ...]
    skipped: tuple[datetime, ...]
    is_by_rule: bool = True
    """False when the rule ended before its first date: `first` is then an extra date, and no rule goes with it."""


def original_starts(schedule: Schedule) -> OriginalStarts:
    """The parts of the recurrence set. DTSTART is the first date that the rule gives, skipped or not (3.8.5.3)."""
    by_rule = _first_of_rule(schedule)
    extras = sorted(extra for extra in set(schedule.rdates_local) if not _is_skipped(schedule, extra))
    if by_rule is None:
        return OriginalStarts(extras[0] if extras else None, tuple(extras[1:]), (), is_by_rule=False)
    skipped = {one for one in schedule.exdates_local if _is_by_rule(schedule, one)}
    for pause in schedule.pauses:
        begin, end = datetime.combine(pause.first_date, time.min), datetime.combine(pause.last_date, time.max)
        skipped.update(_by_rule(schedule, begin, end))
    beside = tuple(extra for extra in extras if not _is_by_rule(schedule, extra))
    return OriginalStarts(by_rule, beside, tuple(sorted(skipped)))


def touched_dates(schedule: Schedule) -> list[Occurrence]:
    """Every date under a change, in order of its original start."""
    originals: set[datetime] = set()
    for change in schedule.overrides:
        if change.recurrence_id_local is not None:
            originals.update(_among(schedule, change.recurrence_id_local, change.recurrence_id_local))
        elif change.first_date and change.last_date:
            begin, end = datetime.combine(change.first_date, time.min), datetime.combine(change.last_date, time.max)
            originals.update(_among(schedule, begin, end))
    return [_occurrence(schedule, original) for original in sorted(originals)]


def _is_skipped(schedule: Schedule, original: datetime) -> bool:
    return original in schedule.exdates_local or any(pause.covers(original) for pause in schedule.pauses)


def _first_of_rule(schedule: Schedule) -> datetime | None:
    start = schedule.dtstart_local
    return next(iter(_by_rule(schedule, start, END_OF_TIME)), None)


def _is_by_rule(schedule: Schedule, original: datetime) -> bool:
    return original in _by_rule(schedule, original, original)


def _by_rule(schedule: Schedule, begin: datetime, end: datetime) -> Iterator[datetime]:
    """What the rule alone gives, or DTSTART alone when there is no rule."""
    if schedule.rrule is not None:
        yield from parse_rule(schedule.rrule, schedule.timezone).between(schedule.dtstart_local, begin, end)
    elif begin <= schedule.dtstart_local <= end:
        yield schedule.dtstart_local
