"""What changes near its moment is owed by its cause: the planner has been there already."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.permissions import Identity
from groupsite.domain.words import Answer
from groupsite.mail.vault import Vault
from groupsite.models import Account, Delivery, DeliveryKind, DeliveryState, Membership
from groupsite.queries.identities import identity_of
from groupsite.services import accounts, answers, date_changes, memberships
from groupsite.services.accounts import ReminderWishes
from groupsite.services.planning import plan
from groupsite.tasks.jobs import PLANNED_AHEAD
from tests.weekly import FIRST, House, new_house

START = FIRST.replace(tzinfo=UTC)
"""In London, in winter."""
MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(session: Session, vault: Vault) -> House:
    made = new_house(session, vault)
    _robin(made).lead_minutes = [60]
    session.flush()
    return made


def _robin(house: House) -> Membership:
    return house.session.scalars(select(Membership)).one()


def _herself(house: House) -> Identity:
    """As she signs in, with her own membership."""
    return identity_of(house.session, house.session.scalars(select(Account)).one())


def tick(house: House, at: datetime) -> int:
    return plan(house.session, now=at, ahead=PLANNED_AHEAD).planned


def reminders(house: House) -> list[tuple[datetime, DeliveryState]]:
    rows = select(Delivery).where(Delivery.kind == DeliveryKind.REMINDER).order_by(Delivery.due_at)
    return [(row.due_at, row.state) for row in house.session.scalars(rows.execution_options(populate_existing=True))]


def test_date_moved_half_an_hour_before_its_start_is_reminded_of_anew(house: House) -> None:
    now = START - 30 * MINUTE
    assert tick(house, START - 62 * MINUTE) == 1
    date_changes.move_date(house.session, house.actor, house.series, FIRST, FIRST + 20 * MINUTE, now=now)
    assert reminders(house) == [(START - 40 * MINUTE, DeliveryState.PLANNED)]
    assert tick(house, now + MINUTE) == 0


def test_date_moved_to_later_is_left_to_its_hour(house: House) -> None:
    now = START - 30 * MINUTE
    assert tick(house, START - 62 * MINUTE) == 1
    date_changes.move_date(house.session, house.actor, house.series, FIRST, FIRST + timedelta(hours=4), now=now)
    assert reminders(house) == []
    assert tick(house, START + timedelta(hours=3) - PLANNED_AHEAD + MINUTE) == 1
    assert reminders(house) == [(START + timedelta(hours=3), DeliveryState.PLANNED)]


def test_what_is_called_off_is_taken_back_and_restored_is_owed_again_while_it_is_of_use(house: House) -> None:
    now = START - 62 * MINUTE
    assert tick(house, now) == 1
    date_changes.cancel_date(house.session, house.actor, house.series, FIRST, now=now)
    assert reminders(house) == []
    tick(house, START - 45 * MINUTE)
    date_changes.restore_date(house.session, house.actor, house.series, FIRST, now=START - 45 * MINUTE)
    assert reminders(house) == [(START - 60 * MINUTE, DeliveryState.PLANNED)]


def test_what_is_restored_too_late_is_owed_no_more(house: House) -> None:
    date_changes.cancel_date(house.session, house.actor, house.series, FIRST, now=START - timedelta(hours=2))
    tick(house, START - 20 * MINUTE)
    date_changes.restore_date(house.session, house.actor, house.series, FIRST, now=START - 20 * MINUTE)
    assert reminders(house) == []


def test_quiet_hours_set_at_night_move_what_is_still_of_use(house: House) -> None:
    """A day ahead of half past eight in the evening lies in hours that are quiet now: it is due before they began."""
    _robin(house).lead_minutes = [1440 - 90]
    evening = START + timedelta(days=6)
    now = evening + 60 * MINUTE
    tick(house, now)
    assert reminders(house) == []
    quiet = ReminderWishes(discreet=True, quiet_from=time(19, 30), quiet_until=time(7), timezone="Europe/London")
    accounts.set_reminder_wishes(house.session, house.actor, quiet, now=now)
    assert reminders(house) == [(evening + 29 * MINUTE, DeliveryState.PLANNED)]
    accounts.set_reminder_wishes(house.session, house.actor, ReminderWishes(discreet=True), now=now)
    assert reminders(house) == [(evening + 90 * MINUTE, DeliveryState.PLANNED)]


def test_lead_that_is_chosen_after_the_planner_was_there_is_owed(house: House) -> None:
    _robin(house).lead_minutes = []
    now = START - 61 * MINUTE
    assert tick(house, now) == 0
    memberships.choose_reminders(house.session, _herself(house), house.group, leads=[60], wants_invites=False, now=now)
    assert reminders(house) == [(START - 60 * MINUTE, DeliveryState.PLANNED)]


def test_who_comes_after_all_is_reminded(house: House) -> None:
    now = START - 62 * MINUTE
    row, member = house.date(FIRST), _robin(house)
    assert tick(house, now) == 1
    answers.give(house.session, member, row, Answer.NOT_THIS_TIME, said_at=now, now=now)
    assert reminders(house) == []
    answers.give(house.session, member, row, Answer.GOING, said_at=now + 10 * MINUTE, now=now + 10 * MINUTE)
    assert reminders(house) == [(START - 60 * MINUTE, DeliveryState.PLANNED)]


@pytest.mark.parametrize("why", ["rest", "budget"])
def test_reminder_that_her_limits_have_left_out_stays_so(house: House, why: str) -> None:
    now = START - 55 * MINUTE
    row, member = house.date(FIRST), _robin(house)
    answers.give(house.session, member, row, Answer.NOT_THIS_TIME, said_at=now, now=now)
    _tried_and_called_off(house, ambiguous=False).last_error_class = why
    house.session.flush()
    answers.give(house.session, member, row, Answer.GOING, said_at=now + MINUTE, now=now + MINUTE)
    assert reminders(house) == [(START - 60 * MINUTE, DeliveryState.CANCELLED)]


@pytest.mark.parametrize(("may_have_left", "state"), [(False, DeliveryState.PLANNED), (True, DeliveryState.CANCELLED)])
def test_reminder_that_was_tried_and_called_off_is_owed_again_unless_it_may_have_left(
    house: House, may_have_left: bool, state: DeliveryState
) -> None:
    now = START - 55 * MINUTE
    row, member = house.date(FIRST), _robin(house)
    tick(house, START - 62 * MINUTE)
    answers.give(house.session, member, row, Answer.NOT_THIS_TIME, said_at=now, now=now)
    house.session.expire_all()
    tried = _tried_and_called_off(house, ambiguous=may_have_left)
    answers.give(house.session, member, row, Answer.GOING, said_at=now + MINUTE, now=now + MINUTE)
    assert reminders(house) == [(START - 60 * MINUTE, state)]
    assert tried.fence == (1 if state is DeliveryState.CANCELLED else 2)


def _tried_and_called_off(house: House, *, ambiguous: bool) -> Delivery:
    """As after a refusal for now, and an answer while it waited for the next try."""
    member, date = _robin(house), house.date(FIRST)
    row = Delivery(
        dedupe_key=_key(house, member),
        kind=DeliveryKind.REMINDER,
        account_id=member.account_id,
        membership_id=member.id,
        series_id=date.series_id,
        original_local=date.original_local,
        start_utc=date.start_utc,
        lead_minutes=60,
        state=DeliveryState.CANCELLED,
        due_at=START - 60 * MINUTE,
        next_try_at=START - 50 * MINUTE,
        expires_at=START - 30 * MINUTE,
        attempt=1,
        fence=1,
        ambiguous=ambiguous,
    )
    house.session.add(row)
    house.session.flush()
    return row


def _key(house: House, member: Membership) -> str:
    date = house.date(FIRST)
    stamp = f"{START:%Y%m%dT%H%M}"
    return f"reminder:{date.series_id}:{stamp}:{stamp}:{member.id}:60:email"


def test_planner_that_was_away_sends_what_is_of_use_and_counts_the_rest(house: House) -> None:
    """Three hours: the date in two of them has begun without its reminder, that of today's evening is an hour ahead."""
    tick(house, START - timedelta(hours=3))
    account = house.session.scalars(select(Account)).one()
    _robin(house).lead_minutes = [15, 60, 150]
    account.timezone = "Europe/London"
    found = plan(house.session, now=START - 40 * MINUTE, ahead=PLANNED_AHEAD)
    assert (found.planned, found.expired) == (2, 1)
    assert reminders(house) == [
        (START - 150 * MINUTE, DeliveryState.EXPIRED),
        (START - 60 * MINUTE, DeliveryState.PLANNED),
    ]
    late = plan(house.session, now=START + timedelta(hours=3), ahead=PLANNED_AHEAD)
    assert (late.planned, late.expired) == (1, 1)


def test_ticks_that_follow_each_other_owe_each_reminder_once(house: House) -> None:
    moments = [START - 70 * MINUTE + number * timedelta(seconds=30) for number in range(40)]
    assert [tick(house, moment) for moment in moments].count(1) == 1
    assert len(reminders(house)) == 1
