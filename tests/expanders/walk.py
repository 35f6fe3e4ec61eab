"""The day-by-day walk as an expander of schedules: it reads no calendar and uses nothing that the product expands with."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from groupsite.domain.schedule import Override, Schedule
from groupsite.domain.words import OverrideAction
from groupsite.formats.ical import CANCELLED_MARK
from tests import calendar_walk
from tests.calendar_walk import moment_of
from tests.expanders.reading import Date, Window, inside

FARTHEST_MOVE = timedelta(days=60)
"""How far a date outside the window may be moved into it."""


def walk(schedules: Sequence[Schedule], window: Window) -> list[list[Date]]:
    return [inside([_date(one, start) for start in originals(one, window)], window) for one in schedules]


def originals(schedule: Schedule, window: Window) -> list[datetime]:
    """Wall-clock starts before any change to them, from the first to those soon after the window."""
    off = _days_off(schedule)
    found = {*_by_rule(schedule, window), *schedule.rdates_local} - set(schedule.exdates_local)
    return sorted(one for one in found if one.date() not in off)


def _by_rule(schedule: Schedule, window: Window) -> list[datetime]:
    first, rule = schedule.dtstart_local, schedule.rrule
    if rule is None:
        return [first]
    count, until = calendar_walk.end_of(rule, schedule.timezone)
    last_day = (window[1] + FARTHEST_MOVE).date()
    return calendar_walk.starts(calendar_walk.read(rule, first.date()), first, last_day, count, until)


def _days_off(schedule: Schedule) -> set[date]:
    return {
        pause.first_date + timedelta(days=number)
        for pause in schedule.pauses
        for number in range((pause.last_date - pause.first_date).days + 1)
    }


def _date(schedule: Schedule, original: datetime) -> Date:
    """The date after each change to it, one after the other; cancelled is cancelled."""
    start, minutes, title, is_off = original, schedule.duration_minutes, schedule.title, False
    for change in schedule.overrides:
        if _is_of(change, original):
            start = change.new_start_local or start
            minutes = change.duration_minutes or minutes
            title = change.title or title
            is_off = is_off or change.action is OverrideAction.CANCEL
    begins = moment_of(start, schedule.timezone)
    return Date(begins, begins + timedelta(minutes=minutes), is_off, CANCELLED_MARK * is_off + title)


def _is_of(change: Override, original: datetime) -> bool:
    if change.first_date and change.last_date:
        return (original.date() - change.first_date).days >= 0 >= (original.date() - change.last_date).days
    return change.recurrence_id_local == original
