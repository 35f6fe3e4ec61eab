"""Dates of a series with its exceptions, against dateutil's bare rule over the same span."""

from datetime import UTC, datetime, timedelta
from itertools import chain

from dateutil.rrule import rrulestr

from bench.site import SAMPLE
from bench.table import Line, best_rate
from groupsite.domain.recurrence import occurrences
from groupsite.domain.schedule import Schedule
from groupsite.formats import group_file

FIRST = datetime(2026, 9, 1, tzinfo=UTC)
SPAN = timedelta(days=400)
REPEATS = 5


def lines() -> list[Line]:
    groups = group_file.parse(SAMPLE.read_bytes()).groups
    schedules = [series.schedule for series in chain.from_iterable(group.series for group in groups)]
    ruled = [schedule for schedule in schedules if schedule.rrule]
    ours = best_rate(lambda: sum(len(_ours(one)) for one in ruled for _ in range(REPEATS)))
    theirs = best_rate(lambda: sum(len(_theirs(one)) for one in ruled for _ in range(REPEATS)))
    return [Line("dates with exceptions and zones", ours, "dateutil's bare rule", theirs, limit=0.12)]


def _ours(schedule: Schedule) -> list[object]:
    return list(occurrences(schedule, FIRST, FIRST + SPAN))


def _theirs(schedule: Schedule) -> list[datetime]:
    first = FIRST.replace(tzinfo=None)
    rule = rrulestr((schedule.rrule or "").removesuffix("Z"), dtstart=schedule.dtstart_local)
    return rule.between(first, first + SPAN, inc=True)
