"""When a reminder is due and when it stops being of use. Moments are aware UTC, leads are minutes before the start."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from groupsite.domain.safe_days import EVERY_DAY, is_safe
from groupsite.domain.zones import A_DAY, to_local, to_utc

SHORTEST_GRACE = timedelta(minutes=10)
A_MINUTE = timedelta(minutes=1)
MIDNIGHT = time()
REACH = timedelta(days=3)
"""So far after its due moment a night may begin and end, clock changes included."""


LONGEST_CLOSED = timedelta(days=16)
"""Six days and quiet hours, twice: a clock change may swallow the moment between them."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Nothing arrives from `begin` to `end` on the clock of `timezone`, nor on days that are not safe.

    The hours may cross midnight; where both are the same there are none. `safe_days` as in domain/safe_days.py.
    """

    begin: time
    end: time
    timezone: str
    safe_days: int = EVERY_DAY

    @property
    def has_hours(self) -> bool:
        return self.begin != self.end

    def days_alone(self) -> "QuietHours":
        """At any hour, on safe days."""
        return replace(self, begin=MIDNIGHT, end=MIDNIGHT)


@dataclass(frozen=True, slots=True)
class Night:
    """A time without mail, from `begin` up to but not including `end`, in UTC. Those of one person never overlap.

    Quiet hours, or days that are not safe together with the quiet hours around them.
    """

    begin: datetime
    end: datetime

    def holds(self, moment: datetime) -> bool:
        return self.begin <= moment < self.end


@dataclass(frozen=True, slots=True)
class Timing:
    """Send at `due_at`, or later but before `expires_at`; after that the reminder is of no use."""

    due_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """Nominal moments from `since` up to but not including `until`: due at `due_at`, or each at its own moment if None."""

    since: datetime
    until: datetime
    due_at: datetime | None = None


def quiet_hours(begin: time | None, end: time | None, timezone: str, safe_days: int = EVERY_DAY) -> QuietHours | None:
    """None for somebody to whom mail may come at any hour of any day. Hours count only where both are chosen."""
    if begin is None or end is None:
        begin = end = MIDNIGHT
    quiet = QuietHours(begin, end, timezone, safe_days)
    return quiet if quiet.has_hours or safe_days != EVERY_DAY else None


def night_of(moment: datetime, quiet: QuietHours) -> Night | None:
    """The night that holds this moment; None when mail may arrive."""
    return _holding(moment, nights(quiet, moment, moment + A_MINUTE))


def nights(quiet: QuietHours, since: datetime, until: datetime) -> list[Night]:
    """All nights with a moment in the half-open window, in their order.

    Where a clock change lets one reach into the next it ends there; one that a clock change swallows does not exist.
    """
    if quiet.safe_days != EVERY_DAY:
        return _with_closed_days(quiet, since, until)
    first = to_local(since, quiet.timezone).date() - 2 * A_DAY
    last = to_local(until, quiet.timezone).date() + A_DAY
    whole = [night for day in _days(first, last) if (night := _from_day(quiet, day)).begin < night.end]
    apart = [Night(one.begin, min(one.end, following.begin)) for one, following in pairwise(whole)] + whole[-1:]
    return [night for night in apart if night.begin < night.end and night.end > since and night.begin < until]


def _with_closed_days(quiet: QuietHours, since: datetime, until: datetime) -> list[Night]:
    first, last = (to_local(moment, quiet.timezone).date() for moment in (since, until))
    return [night for night in _closed_between(quiet, first, last) if night.end > since and night.begin < until]


@lru_cache(maxsize=2**14)
def _closed_between(quiet: QuietHours, first: date, last: date) -> tuple[Night, ...]:
    """Days that are not safe, and quiet hours, as one where they meet: whole ones that touch these local days, and others.

    The planner asks for the same days until the next.
    """
    joined: list[Night] = []
    days = _days(first - LONGEST_CLOSED, last + LONGEST_CLOSED)
    for one in sorted((closed for day in days for closed in _closed_from(quiet, day)), key=_begins):
        if joined and one.begin <= joined[-1].end:
            joined[-1] = Night(joined[-1].begin, max(joined[-1].end, one.end))
        else:
            joined.append(one)
    return tuple(joined)


def _begins(night: Night) -> datetime:
    return night.begin


def grace_of(lead_minutes: int) -> timedelta:
    """How late a reminder with this lead may be: half of it, ten minutes at least."""
    return max(timedelta(minutes=lead_minutes) / 2, SHORTEST_GRACE)


def timing(start_utc: datetime, lead_minutes: int, quiet: QuietHours | None) -> Timing:
    """The reminder's span. Quiet hours move it earlier, to the minute before they begin, never later.

    It may be late by its grace, and never past the start.
    """
    due = start_utc - timedelta(minutes=lead_minutes)
    if quiet is not None and (night := night_of(due, quiet)) is not None:
        due = _due_before(night, nights(quiet, night.begin - A_DAY, night.begin))
    return Timing(due, min(due + grace_of(lead_minutes), start_utc))


def nominal_spans(quiet: QuietHours | None, since: datetime, until: datetime) -> list[Span]:
    """Which nominal moments (start minus lead) give a reminder that is due in the half-open window.

    Those of the window itself outside every night, and the whole of each night before which the window holds the due moment.
    Over windows that follow each other each nominal moment is in exactly one span, and is due as `timing` says.
    """
    if quiet is None:
        return [Span(since, until)]
    known = nights(quiet, since - REACH, until + REACH)
    moved = [Span(night.begin, night.end, _due_before(night, known)) for night in known]
    return [*_free(known, since, until), *(span for span in moved if span.due_at and since <= span.due_at < until)]


def _due_before(night: Night, known: Sequence[Night]) -> datetime:
    """A minute before the night begins; before the one that it follows without a break, where a clock change let them meet."""
    moment = night.begin - A_MINUTE
    earlier = _holding(moment, known)
    return earlier.begin - A_MINUTE if earlier else moment


def _holding(moment: datetime, known: Sequence[Night]) -> Night | None:
    return next((night for night in known if night.holds(moment)), None)


def _free(known: Sequence[Night], since: datetime, until: datetime) -> Iterator[Span]:
    """What is left of the window without the nights."""
    at = since
    for night in known:
        if at < min(night.begin, until):
            yield Span(at, min(night.begin, until))
        at = max(at, night.end)
    if at < until:
        yield Span(at, until)


@lru_cache(maxsize=2**16)
def _from_day(quiet: QuietHours, day: date) -> Night:
    """The night that begins on this local day, as clock changes leave it: it may be empty. The planner asks it all day."""
    last = day if quiet.begin <= quiet.end else day + A_DAY
    return Night(
        to_utc(datetime.combine(day, quiet.begin), quiet.timezone),
        to_utc(datetime.combine(last, quiet.end), quiet.timezone),
    )


def _closed_from(quiet: QuietHours, day: date) -> tuple[Night, ...]:
    """What begins on this local day: its quiet hours, and the day itself if it is not safe."""
    midnights = [to_utc(datetime.combine(one, MIDNIGHT), quiet.timezone) for one in (day, day + A_DAY)]
    whole = () if is_safe(day, quiet.safe_days) else (Night(*midnights),)
    return tuple(one for one in (_from_day(quiet, day), *whole) if one.begin < one.end)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
