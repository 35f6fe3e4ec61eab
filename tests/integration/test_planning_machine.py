"""Planner, sender and a member who changes her mind: what is sent is what a walk from minute to minute says."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.errors import DomainError
from groupsite.domain.permissions import VISITOR, Identity
from groupsite.domain.safe_days import EVERY_DAY, as_bits
from groupsite.domain.words import Answer
from groupsite.mail.vault import Vault
from groupsite.models import Account, Delivery, DeliveryKind, DeliveryState, Group, MeetingSeries, OccurrenceRow
from groupsite.queries.identities import identity_of
from groupsite.services import accounts, answers, date_changes, joining, memberships, planning
from groupsite.services import series as meetings
from groupsite.services.accounts import ReminderWishes
from groupsite.services.calendars import Site
from groupsite.services.desk import Desk
from groupsite.tasks.jobs import PLANNED_AHEAD
from tests.members import new_group
from tests.minute_walk import A_MINUTE, Facts, Reminder, Walk
from tests.plugins.application import Clock
from tests.post_office import PostOffice
from tests.weekly import WEEKLY, new_account

BEGUN = datetime(2026, 10, 24, 15, 0, tzinfo=UTC)
"""London sets its clocks back in the night that follows, New York a week later."""
ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
QUIET = (None, (time(21), time(8)), (time(23, 30), time(6, 30)), (time(13), time(18, 30)), (time(4), time(3)))
SAFE_DAYS = (EVERY_DAY, EVERY_DAY, as_bits([0, 1, 2, 3, 4]), as_bits([0, 2, 5]), as_bits([6]))
LEADS: tuple[list[int], ...] = ([], [60], [1440], [60, 1440])
SHIFTS = (-45, -20, 15, 40, 200)


def settle(connection: Connection, vault: Vault) -> None:
    """A member of a group that meets every evening and every morning."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        group, person = new_group(session, "river"), new_account(session, "robin")
        person.email_sealed, person.daily_budget = vault.seal("robin@example.org"), None
        member = memberships.enrol(session, group.id, person.id, "Robin", vault=vault, now=BEGUN)
        member.lead_minutes = [60, 1440]
        for title, first in (("Evening", datetime(2026, 10, 20, 19)), ("Morning", datetime(2026, 10, 20, 7, 30))):
            daily = replace(WEEKLY, title=title, dtstart_local=first, rrule="FREQ=DAILY;UNTIL=20261130T000000Z")
            meetings.create_series(session, VISITOR, group, SeriesDraft(daily), now=BEGUN)
        session.commit()


class Evenings(RuleBasedStateMachine):
    """Everything happens inside a savepoint of the test's transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        super().__init__()
        self.all = connection.begin_nested()
        self.vault, self.walk = vault, Walk()
        desk = Desk(Site("dates.invalid", "https://evenings.example", "Dates"), "notes@evenings.example", vault)
        self.post = PostOffice(connection, desk, Clock(BEGUN))
        with self.post.begin() as session:
            self.account_id = session.scalars(select(Account.id)).one()

    def teardown(self) -> None:
        self.all.rollback()

    @property
    def now(self) -> datetime:
        return self.post.clock()

    @rule(minutes=st.integers(1, 45))
    def time_passes(self, minutes: int) -> None:
        self._tick(self.now + minutes * A_MINUTE)

    @rule(minutes=st.integers(-7, 45))
    def time_passes_to_the_next(self, minutes: int) -> None:
        """To about when the next reminder is due."""
        facts = self._facts()
        ahead = sorted(facts.due(one) for one in facts.wanted() if facts.due(one) > self.now)
        self._tick(max(self.now, ahead[0] + minutes * A_MINUTE) if ahead else self.now + timedelta(hours=3))

    @rule(hours=st.integers(1, 9))
    def planner_is_away(self, hours: int) -> None:
        self._tick(self.now + timedelta(hours=hours))

    @rule(
        quiet=st.sampled_from(QUIET),
        zone=st.sampled_from(ZONES),
        rests=st.sampled_from((False, False, False, True)),
        days=st.sampled_from(SAFE_DAYS),
    )
    def other_hours(self, quiet: tuple[time, time] | None, zone: str, rests: bool, days: int) -> None:
        begin, end = quiet or (None, None)
        last: date | None = self.now.date() if rests else None
        wishes = ReminderWishes(
            discreet=True, quiet_from=begin, quiet_until=end, timezone=zone, rest_until=last, safe_days=days
        )
        self._change(
            lambda session: accounts.set_reminder_wishes(session, self._herself(session), wishes, now=self.now),
            anew=True,
        )

    @rule(leads=st.sampled_from(LEADS))
    def other_leads(self, leads: list[int]) -> None:
        self._change(
            lambda session: memberships.choose_reminders(
                session, self._herself(session), self._group(session), leads=leads, wants_invites=False, now=self.now
            )
        )

    @rule(which=st.integers(0, 3), answer=st.sampled_from((Answer.GOING, Answer.NOT_THIS_TIME, None)))
    def says_something(self, which: int, answer: Answer | None) -> None:
        def give(session: Session) -> None:
            row, who = self._date(session, which), self._herself(session)
            answers.answer_own(
                session, who, self._group(session), (row.series_id, row.original_local), answer, now=self.now
            )

        self._change(give)

    @rule(which=st.integers(0, 3))
    def date_is_called_off(self, which: int) -> None:
        self._change(
            lambda session: date_changes.cancel_date(session, VISITOR, *self._of(session, which), now=self.now)
        )

    @rule(which=st.integers(0, 3), shift=st.sampled_from(SHIFTS))
    def date_is_moved(self, which: int, shift: int) -> None:
        def move(session: Session) -> None:
            series, original = self._of(session, which)
            date_changes.move_date(session, VISITOR, series, original, original + shift * A_MINUTE, now=self.now)

        self._change(move)

    @rule(which=st.integers(0, 3))
    def date_is_restored(self, which: int) -> None:
        self._change(
            lambda session: date_changes.restore_date(session, VISITOR, *self._of(session, which), now=self.now)
        )

    @rule()
    def leaves(self) -> None:
        self._change(
            lambda session: memberships.leave(session, self._herself(session), self._group(session), now=self.now)
        )

    @rule(leads=st.sampled_from(LEADS))
    def comes_back(self, leads: list[int]) -> None:
        def join(session: Session) -> None:
            group = self._group(session)
            joining.join(session, self._herself(session), group, "Robin", vault=self.vault, now=self.now)

        self._change(join)
        self.other_leads(leads)

    @invariant()
    def sent_is_what_the_walk_says(self) -> None:
        with self.post.begin() as session:
            rows = session.scalars(select(Delivery).where(Delivery.kind == DeliveryKind.REMINDER)).all()
        assert _of_state(rows, DeliveryState.SENT) == set(self.walk.sent)
        assert _of_state(rows, DeliveryState.EXPIRED, DeliveryState.CANCELLED) == self.walk.over
        assert {row.sent_at for row in rows if row.sent_at} == set(self.walk.sent.values())
        assert all(moment < one.start for one, moment in self.walk.sent.items())
        names = [mail["Message-ID"] for mail in self.post.mailbox.to("robin")]
        assert len(names) == len(set(names)) >= len({row.carrier_id for row in rows if row.sent_at})

    def _tick(self, now: datetime) -> None:
        self.post.clock.now = now
        with self.post.begin() as session:
            planning.plan(session, now=now, ahead=PLANNED_AHEAD)
        self.post.deliver(at=now)
        self.walk.tick(self._facts(), now)

    def _change(self, change: Callable[[Session], object], *, anew: bool = False) -> None:
        """What is refused has changed nothing, for the walk either."""
        try:
            with self.post.begin() as session:
                change(session)
        except DomainError:
            return
        self.walk.change(self._facts(), self.now, anew=anew)

    def _facts(self) -> Facts:
        with self.post.begin() as session:
            return Facts.read(session, self.account_id, self.now)

    def _herself(self, session: Session) -> Identity:
        return identity_of(session, session.get_one(Account, self.account_id))

    def _group(self, session: Session) -> Group:
        return session.scalars(select(Group)).one()

    def _date(self, session: Session, which: int) -> OccurrenceRow:
        """The one that begins next, or one of those after it; moved and cancelled ones too."""
        ahead = select(OccurrenceRow).where(OccurrenceRow.start_utc > self.now).order_by(OccurrenceRow.start_utc)
        return session.scalars(ahead.offset(which).limit(1)).one()

    def _of(self, session: Session, which: int) -> tuple[MeetingSeries, datetime]:
        row = self._date(session, which)
        return session.get_one(MeetingSeries, row.series_id), row.original_local


def _of_state(rows: Iterable[Delivery], *states: DeliveryState) -> set[Reminder]:
    return {Reminder.of(row) for row in rows if row.state in states}


def test_what_is_sent_is_what_should_have_been(connection: Connection, vault: Vault) -> None:
    settle(connection, vault)

    class Here(Evenings):
        def __init__(self) -> None:
            super().__init__(connection, vault)

    run_state_machine_as_test(Here, settings=settings(max_examples=20, stateful_step_count=40, deadline=None))
