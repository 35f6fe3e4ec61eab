"""How long a signed-in browser stays so, and for how long it counts as sure who sits there (ASVS 7.3, 7.5)."""

from datetime import datetime, timedelta

from groupsite.domain.permissions import Identity
from groupsite.domain.words import Role

LASTS = timedelta(hours=12)
"""However busy it is."""
IDLE = timedelta(minutes=30)
IDLE_WITH_DUTIES = timedelta(minutes=15)
"""Of those who run a group or the site: their pages show what belongs to others."""
IDLE_ON_SHARED_DEVICE = timedelta(minutes=10)
SURE_FOR = timedelta(minutes=10)
NOTED_EVERY = timedelta(minutes=1)
"""A visit is noted at most this often, so that reading pages hardly writes."""
SHEET_BEFORE = timedelta(minutes=30)
SHEET_AFTER = timedelta(minutes=15)
SHEET_LONGEST = timedelta(hours=4)
"""However long the meeting is."""


def idle_limit(identity: Identity, *, is_shared: bool) -> timedelta:
    """After how long without a request the visit of `identity` is over; `is_shared`: others use the device too."""
    if is_shared:
        return IDLE_ON_SHARED_DEVICE
    return IDLE_WITH_DUTIES if has_duties(identity) else IDLE


def sheet_until(start: datetime, end: datetime, now: datetime, *, is_shared: bool) -> datetime | None:
    """Until when an open run sheet answers although nobody presses anything, or None if it does not.

    Only around the meeting itself, and never on a device that others use too. Every other page goes by `idle_limit`.
    """
    if is_shared or not start - SHEET_BEFORE <= now < end + SHEET_AFTER:
        return None
    return min(end + SHEET_AFTER, now + SHEET_LONGEST)


def is_sure(confirmed_at: datetime | None, now: datetime) -> bool:
    """Whether a password (or what stands for one) was given in this browser within the last ten minutes."""
    return confirmed_at is not None and now - confirmed_at < SURE_FOR


def has_duties(identity: Identity) -> bool:
    """Whether she runs the site, or something in a group."""
    return identity.is_admin or any(belonging.roles - {Role.MEMBER} for belonging in identity.belongings.values())
