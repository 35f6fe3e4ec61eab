"""When news can wait to be told together, once a day (domain.md, 4.2: urgent changes skip it)."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from groupsite.domain.reminders import QuietHours
from groupsite.domain.words import Notice
from groupsite.domain.zones import to_local, to_utc

USUAL_HOUR = time(8)
TIME_TO_READ = timedelta(days=3)


def digest_moment(quiet: QuietHours | None, timezone: str, now: datetime) -> datetime:
    """The next time (UTC) when this person gets the news of a day: as her quiet hours end, else at eight in the morning."""
    hour = quiet.end if quiet else USUAL_HOUR
    local = to_local(now, timezone)
    today = to_utc(datetime.combine(local.date(), hour), timezone)
    return today if today > now else to_utc(datetime.combine(local.date() + timedelta(days=1), hour), timezone)


def can_wait(notice: Notice | None, begins: Iterable[datetime], moment: datetime) -> bool:
    """Whether a change may be told as late as that: it was planned, and the date (it begins, or was to, then) is days off."""
    return notice is Notice.PLANNED and all(begin - moment >= TIME_TO_READ for begin in begins)
