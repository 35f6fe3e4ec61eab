"""What a person has said about when mail may reach her (domain.md, invariant 7), asked at the moment of sending."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from groupsite.domain.reminders import QuietHours, night_of
from groupsite.domain.zones import to_local

LONGEST_REST = timedelta(days=92)
ASKED_AGAIN_AFTER = timedelta(days=90)
"""Whether the address is still safe (what was safe in spring may not be in summer)."""


class Matter(StrEnum):
    """What a mail is about, as far as limits go."""

    DATES = "dates"
    """A reminder, or a change that leaves time to read it."""
    URGENT = "urgent"
    """A sudden change of a date that she said she goes to."""
    CALENDAR = "calendar"
    """An invite for her calendar program, its update or its end."""
    ACCOUNT = "account"
    """About the account itself: it comes during a rest too, but not at hours or on days that she has closed."""
    ASKED_NOW = "asked_now"
    """What she is waiting for in front of the screen."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`rest_until` is the last day of rest on her own clock; `timezone` may be the meeting's if she has none."""

    timezone: str
    quiet: QuietHours | None = None
    rest_until: date | None = None
    allows_urgent: bool = False

    def rests(self, now: datetime) -> bool:
        return self.rest_until is not None and to_local(now, self.timezone).date() <= self.rest_until


def leaves_out(limits: Limits, matter: Matter, now: datetime) -> bool:
    """Whether this mail is not to be sent at all: she rests, and it is nothing that she allowed even then."""
    if matter is Matter.URGENT and limits.allows_urgent:
        return False
    return matter in {Matter.DATES, Matter.URGENT} and limits.rests(now)


def waits_until(limits: Limits, matter: Matter, now: datetime) -> datetime | None:
    """When it may go (UTC), if not now: the end of her quiet hours or of days that are not safe, which always lies ahead.

    What she allows at any hour still waits for a safe day.
    """
    if matter is Matter.ASKED_NOW or limits.quiet is None:
        return None
    is_free = matter is Matter.URGENT and limits.allows_urgent
    night = night_of(now, limits.quiet.days_alone() if is_free else limits.quiet)
    return night.end if night else None


def is_asked_again(confirmed_on: date | None, today: date) -> bool:
    """Whether it is time to ask if mail to this address is still safe."""
    return confirmed_on is not None and today - confirmed_on >= ASKED_AGAIN_AFTER
