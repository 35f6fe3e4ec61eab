"""When news can wait to be told together, once a day (domain.md, 4.2: urgent changes skip it)."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from groupsite.domain.reminders import QuietHours
from groupsite.domain.safe_days import EVERY_DAY, is_safe
from groupsite.domain.words import Notice
from groupsite.domain.zones import to_local, to_utc

USUAL_HOUR = time(8)
A_WEEK_AND_MORE = 9
"""Days: one of them is safe, and its hour lies ahead."""
TIME_TO_READ = timedelta(days=3)


def digest_moment(quiet: QuietHours | None, timezone: str, now: datetime) -> datetime:
    """The next time (UTC) when this person gets the news of a day: as her quiet hours end, else at eight in the morning.

    On a day that is safe for her.
    """
    hour = quiet.end if quiet and quiet.has_hours else USUAL_HOUR
    safe_days = quiet.safe_days if quiet else EVERY_DAY
    today = to_local(now, timezone).date()
    days = (today + timedelta(days=number) for number in range(A_WEEK_AND_MORE))
    moments = (to_utc(datetime.combine(day, hour), timezone) for day in days if is_safe(day, safe_days))
    return next(moment for moment in moments if moment > now)


def can_wait(notice: Notice | None, begins: Iterable[datetime], moment: datetime) -> bool:
    """Whether a change may be told as late as that: it was planned, and the date (it begins, or was to, then) is days off."""
    return notice is Notice.PLANNED and all(begin - moment >= TIME_TO_READ for begin in begins)
