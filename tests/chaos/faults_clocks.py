"""F8, F9: machines that disagree about the time, and zones that change theirs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session, selectinload

from dev.faketime import faketime
from groupsite.models import Account, MeetingSeries, Membership
from groupsite.services import occurrences
from tests.chaos.audit import Audit, audit, read_book
from tests.chaos.fast_clock import running_at
from tests.chaos.house import House
from tests.chaos.people import Person, crowd
from tests.chaos.size import Size
from tests.chaos.stage import Stage, set_up

LIMIT = 150.0
STARTING = 15.0
"""Our seconds until five workers are up: nothing is due before."""
APART = ("+2h", "-2h", "+1s")
SLEWED = (1.08, 0.92)
"""Clocks that are being set right run so much too fast or too slow (chrony: a twelfth at most), and the monotonic one with them."""
CHANGING = {
    "Europe/Paris": 2027,
    "America/New_York": 2027,
    "Australia/Lord_Howe": 2027,
    "Africa/Casablanca": 2026,
    "America/Santiago": 2027,
    "Pacific/Apia": 2011,
}
"""Zone and year. Apia left out a whole day in its, and Casablanca changed its clock for the last time."""
HOURS = (0.25, 10.0)
"""After the moment of the change on the clock before it: one in the gap or the repeated hour, one later on the day."""
WEEK = timedelta(days=7)


def clocks_apart(house: House, size: Size) -> Audit:
    """F8: workers hours ahead and behind, and such whose clocks are being slewed. By the clock of the database nothing is early."""
    with set_up(house, "f8", size.chance("f8"), speed=1.0, has_own_clock=True) as stage:
        since, until = stage.later(STARTING), stage.later(STARTING + 15)
        stage.settle(crowd(stage.chance, size.reminders // 4, since=since, until=until, groups=60, lead=60))
        for shift in APART:
            stage.worker(1, LD_PRELOAD=str(faketime()), FAKETIME=shift, DONT_FAKE_MONOTONIC="1")
        for rate in SLEWED:
            stage.worker(1, **running_at(rate))
        with stage.ringing(0.1):
            stage.drain(seconds=LIMIT)
        return audit(stage, extras_at_most=0)


@dataclass(frozen=True, slots=True)
class Weekly:
    """Three dates, a week apart on the wall clock, the middle one on the day of a change. `person` is reminded of each."""

    person: Person
    zone: str
    first: datetime

    def starts(self) -> list[datetime]:
        """UTC, by zoneinfo alone: an hour that does not exist takes the offset before the gap, the first one counts of two."""
        local = [self.first + week * WEEK for week in range(3)]
        return [one.replace(tzinfo=ZoneInfo(self.zone), fold=0).astimezone(UTC) for one in local]

    def dues(self) -> list[datetime]:
        return [one - timedelta(minutes=self.person.lead) for one in self.starts()]


def zones_change(house: House, size: Size) -> Audit:
    """F9: weekly dates over every change of a year in six zones, through the real planner and the real sender, in order of time."""
    total = Audit(0, {})
    years = [2027] if size.is_small else sorted(set(CHANGING.values()))
    for year in years:
        with set_up(house, f"f9_{year}", size.chance("f9"), speed=0.0) as stage:
            all_weekly = list(_weekly(stage, year))
            _write(stage, all_weekly)
            moments = sorted({due for one in all_weekly for due in one.dues()})
            stage.run_job("plan,deliver", *[at for due in moments for at in (due - timedelta(seconds=30), due)])
            _examine(total, stage, all_weekly)
    return total


def _weekly(stage: Stage, year: int) -> Iterator[Weekly]:
    for number, (zone, its_year) in enumerate(CHANGING.items()):
        if its_year != year:
            continue
        for change in _changes(zone, year):
            for hours in HOURS:
                first = change + timedelta(hours=hours) - WEEK
                one = crowd(
                    stage.chance, 1, since=first.replace(tzinfo=UTC), until=first.replace(tzinfo=UTC), groups=1
                )[0]
                yield Weekly(
                    replace(one, address=f"calm-{number}-{first:%m%dT%H%M}@chaos.invalid", lead=60), zone, first
                )


def _changes(zone: str, year: int) -> list[datetime]:
    """Wall-clock moments, by the clock before it, at which the clock of this zone is changed in a year."""
    moment, found = datetime(year, 1, 1, tzinfo=UTC), []
    while moment.year == year:
        after = moment + timedelta(minutes=30)
        offset = moment.astimezone(ZoneInfo(zone)).utcoffset()
        if offset != after.astimezone(ZoneInfo(zone)).utcoffset():
            found.append((after + (offset or timedelta())).replace(tzinfo=None))
        moment = after
    return found


def _write(stage: Stage, all_weekly: list[Weekly]) -> None:
    """As the crowd of any scenario, then with a rule, and dates that the product derives from it."""
    stage.settle([one.person for one in all_weekly])
    engine = create_engine(stage.database_url)
    loaded = select(MeetingSeries).options(selectinload(MeetingSeries.overrides), selectinload(MeetingSeries.pauses))
    with Session(engine) as session:
        for one in all_weekly:
            series = session.scalars(loaded.where(MeetingSeries.id == one.person.group)).one()
            series.timezone, series.dtstart_local, series.rrule = one.zone, one.first, "FREQ=WEEKLY;COUNT=3"
            session.flush()
            occurrences.refresh(session, series, now=one.starts()[0] - WEEK)
        earliest = min(due for one in all_weekly for due in one.dues()) - WEEK
        session.execute(update(Membership).values(reminders_since=earliest))
        session.execute(update(Account).values(timezone=None))
        session.commit()
    engine.dispose()


def _examine(total: Audit, stage: Stage, all_weekly: list[Weekly]) -> None:
    rows = _rows(stage)
    copies = [copy.recipient for copy in read_book(stage)]
    for one in all_weekly:
        kept = sorted(rows.get(one.person.account, []))
        total.owed += 3
        for _, state, _ in kept:
            total.states[state] = total.states.get(state, 0) + 1
        wanted = [(due, "sent", due) for due in one.dues()]
        total.expect(kept == wanted, f"{one.person.address} in {one.zone}: {kept}, not {wanted}")
        count = copies.count(one.person.address)
        total.lost += max(0, 3 - count)
        total.extras += max(0, count - 3)
        total.expect(count == 3, f"{one.person.address} in {one.zone} got {count} mails")


def _rows(stage: Stage) -> dict[UUID, list[tuple[datetime, str, datetime | None]]]:
    """When each was due, how it ended, when it was sent."""
    found: dict[UUID, list[tuple[datetime, str, datetime | None]]] = {}
    query = "SELECT account_id, due_at, state, sent_at FROM delivery"
    with stage.connection() as connection:
        for account, due_at, state, sent_at in connection.execute(query).fetchall():
            found.setdefault(account, []).append((due_at, state, sent_at))
    return found
