"""What one member should have been sent, found by walking from minute to minute: no night, no span and no index."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.words import Answer, MembershipState, OccurrenceStatus
from groupsite.models import Account, Membership, OccurrenceRow, Rsvp
from groupsite.tasks.jobs import PLANNED_AHEAD

A_MINUTE = timedelta(minutes=1)
REACH = timedelta(days=9)
"""Further than from a due moment to its date: with one safe day a night of a week lies between, and the lead comes on top."""


class Reminder(NamedTuple):
    series_id: UUID
    original_local: datetime
    start: datetime
    lead: int

    @classmethod
    def of(cls, row: Any) -> "Reminder":
        """Of a delivery."""
        return cls(row.series_id, row.original_local, row.start_utc, row.lead_minutes)

    @property
    def nominal(self) -> datetime:
        return self.start - self.lead * A_MINUTE


class Hours(NamedTuple):
    """When nothing may come: on the clock of the zone, and on the other days."""

    begin: time | None
    end: time | None
    zone: str
    safe_days: int


@dataclass(frozen=True)
class Facts:
    """How things are at this moment, as the tables say."""

    account: Account
    member: Membership
    dates: list[OccurrenceRow]
    declined: set[tuple[UUID, datetime]]

    @classmethod
    def read(cls, session: Session, account_id: UUID, now: datetime) -> "Facts":
        near = select(OccurrenceRow).where(OccurrenceRow.start_utc.between(now - REACH, now + REACH))
        no = select(Rsvp.series_id, Rsvp.original_local).where(Rsvp.answer == Answer.NOT_THIS_TIME)
        return cls(
            session.get_one(Account, account_id),
            session.scalars(select(Membership)).one(),
            list(session.scalars(near)),
            {(row.series_id, row.original_local) for row in session.execute(no)},
        )

    def holds(self, one: Reminder) -> bool:
        """Whether she is to be told of this date with this lead, if it was owed to her before."""
        return (
            self.member.state is MembershipState.ACTIVE and one.lead in self.member.lead_minutes and one in self._told()
        )

    def wanted(self) -> set[Reminder]:
        return {one for one in self._told() if self.holds(one) and one.nominal >= self.member.reminders_since}

    def _told(self) -> set[Reminder]:
        return {
            Reminder(date.series_id, date.original_local, date.start_utc, lead)
            for date in self.dates
            if date.status is not OccurrenceStatus.CANCELLED
            and (date.series_id, date.original_local) not in self.declined
            for lead in self.member.lead_minutes
        }

    @property
    def hours(self) -> Hours:
        one = self.account
        return Hours(one.quiet_from, one.quiet_until, one.timezone or "UTC", one.safe_days)

    def is_quiet(self, moment: datetime) -> bool:
        return _is_quiet(self.hours, moment)

    def rests(self, moment: datetime, one: Reminder) -> bool:
        last = self.account.rest_until
        zone = self.account.timezone or next(date.timezone for date in self.dates if date.series_id == one.series_id)
        return last is not None and moment.astimezone(ZoneInfo(zone)).date() <= last

    def due(self, one: Reminder) -> datetime:
        return _next_free(self.hours, one.nominal, -A_MINUTE)

    def expires(self, one: Reminder) -> datetime:
        return min(self.due(one) + max(one.lead * A_MINUTE / 2, 10 * A_MINUTE), one.start)

    def end_of_night(self, moment: datetime) -> datetime:
        return _next_free(self.hours, moment, A_MINUTE)


def _is_quiet(hours: Hours, moment: datetime) -> bool:
    begin, end, zone, safe_days = hours
    local = moment.astimezone(ZoneInfo(zone))
    if not safe_days >> local.weekday() & 1:
        return True
    if begin is None or end is None:
        return False
    clock = local.time()
    return begin <= clock < end if begin < end else not end <= clock < begin


@cache
def _next_free(hours: Hours, moment: datetime, step: timedelta) -> datetime:
    while _is_quiet(hours, moment):
        moment += step
    return moment


@dataclass
class Walk:
    """`over` will never be sent: too late when it was looked at, or she rested."""

    sent: dict[Reminder, datetime] = field(default_factory=dict)
    over: set[Reminder] = field(default_factory=set)
    owed: set[Reminder] = field(default_factory=set)
    waits: dict[Reminder, datetime] = field(default_factory=dict)
    mark: datetime | None = None

    def change(self, facts: Facts, now: datetime, *, anew: bool = False) -> None:
        """Something was changed: what no longer holds is gone, what is of use now is owed. `anew`: by other hours."""
        self.owed = {one for one in self.owed if facts.holds(one) and not anew}
        self.waits = {one: until for one, until in self.waits.items() if one in self.owed}
        self.owed |= {one for one in facts.wanted() if facts.expires(one) > now}

    def tick(self, facts: Facts, now: datetime) -> None:
        """The planner and the sender, at this minute."""
        mark = self.mark or now - timedelta(days=1)
        self.owed |= {one for one in facts.wanted() if facts.expires(one) > now or facts.due(one) >= mark}
        self.mark = max(mark, now + PLANNED_AHEAD)
        for one in self.owed - self.over - set(self.sent):
            self._look_at(one, facts, now)

    def _look_at(self, one: Reminder, facts: Facts, now: datetime) -> None:
        if facts.due(one) > now:
            return
        if facts.expires(one) <= now:
            self.over.add(one)
        elif self.waits.get(one, now) > now:
            return
        elif facts.rests(now, one):
            self.over.add(one)
        elif not facts.is_quiet(now):
            self.sent[one] = now
        elif facts.end_of_night(now) >= facts.expires(one):
            self.over.add(one)
        else:
            self.waits[one] = facts.end_of_night(now)
