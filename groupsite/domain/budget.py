"""How many mails about dates somebody gets in a day of her own clock (domain.md, feature 16)."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from groupsite.domain.words import Notice
from groupsite.domain.zones import to_local, to_utc

USUAL_BUDGET = 2
CANNOT_WAIT = timedelta(hours=24)
"""News of a date that is so near arrives whatever came before it: nobody stands at a locked door."""


def is_spent(budget: int | None, sent: Iterable[datetime], timezone: str, now: datetime) -> bool:
    """Whether today's mails are all sent; `sent` are moments (UTC) of mails about dates. None is no limit."""
    if budget is None:
        return False
    today = to_local(now, timezone).date()
    return sum(to_local(moment, timezone).date() == today for moment in sent) >= budget


def next_day(timezone: str, now: datetime) -> datetime:
    """When the next day begins on her clock (UTC)."""
    tomorrow = to_local(now, timezone).date() + timedelta(days=1)
    return to_utc(datetime.combine(tomorrow, time()), timezone)


def cannot_wait(notice: Notice | None, begins: Iterable[datetime], now: datetime) -> bool:
    """Whether news of a date is told whatever the budget: nobody planned it long ago, or the date is near.

    `begins` are the moments (UTC) at which it begins, or was to begin.
    """
    return notice is not Notice.PLANNED or any(moment - now < CANNOT_WAIT for moment in begins)
