"""Whether a mail may reach its person now: later, or not at all, if she has said so (domain/limits.py)."""

from dataclasses import dataclass
from datetime import datetime

from groupsite.domain.limits import Limits, Matter, leaves_out, waits_until
from groupsite.domain.reminders import quiet_hours
from groupsite.domain.words import Answer, Notice
from groupsite.models import ABOUT_THE_ACCOUNT, NOTES, DeliveryKind, DeliveryState
from groupsite.queries.subjects import Subject

RESTS = "rest"
OVER_BUDGET = "budget"
BY_HER_LIMITS = (RESTS, OVER_BUDGET)
"""In place of an error class: why a mail was left out for good that was wanted otherwise."""


@dataclass(frozen=True, slots=True)
class Hold:
    """The state that the row takes instead of being sent, when it is looked at again (UTC), and why in a word."""

    state: DeliveryState
    until: datetime | None = None
    why: str | None = None


def hold_of(subject: Subject, now: datetime) -> Hold | None:
    """None when the mail may go now."""
    limits, matter = limits_of(subject), _matter(subject)
    if leaves_out(limits, matter, now):
        return Hold(DeliveryState.CANCELLED, why=RESTS)
    until = waits_until(limits, matter, now)
    if until is None:
        return None
    is_useless = until >= subject.delivery.expires_at
    return Hold(DeliveryState.EXPIRED if is_useless else DeliveryState.DEFERRED, until)


def limits_of(subject: Subject) -> Limits:
    """What the person has said, on her own clock: her zone is her own choice, or the meeting's."""
    account, place = subject.account, subject.occurrence or subject.series
    timezone = account.timezone or (place.timezone if place else "UTC")
    return Limits(
        timezone=timezone,
        quiet=quiet_hours(account.quiet_from, account.quiet_until, timezone, account.safe_days),
        rest_until=account.rest_until,
        allows_urgent=account.allows_urgent,
    )


def _matter(subject: Subject) -> Matter:
    kind = subject.delivery.kind
    if kind is DeliveryKind.CONFIRM_EMAIL:
        return Matter.ASKED_NOW
    if kind in ABOUT_THE_ACCOUNT:
        return Matter.ACCOUNT
    if kind not in NOTES:
        return Matter.CALENDAR
    goes = subject.rsvp is not None and subject.rsvp.answer is Answer.GOING
    is_sudden = subject.occurrence is not None and subject.occurrence.notice is Notice.URGENT
    return Matter.URGENT if kind is DeliveryKind.CHANGE and goes and is_sudden else Matter.DATES
