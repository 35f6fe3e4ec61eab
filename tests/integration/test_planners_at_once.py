"""Any number of planners at the same time, on one database: the same rows; and one statement whatever the number of groups."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Connection, Engine, create_engine, select, text
from sqlalchemy.orm import Session

from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.permissions import VISITOR
from groupsite.mail.vault import Vault
from groupsite.models import Account, Delivery, Membership
from groupsite.services import memberships
from groupsite.services import series as meetings
from groupsite.services.planning import plan
from tests.members import new_group, statements
from tests.plugins.application import MORNING
from tests.weekly import FIRST, WEEKLY, new_account

PLANNERS = 5
DUE = datetime.combine(FIRST.date(), FIRST.time(), MORNING.tzinfo) - timedelta(hours=1)
PEOPLE = 12


def fill(session: Session, vault: Vault, groups: int) -> None:
    """So many groups that meet at the same hour, and people who want to be told an hour before."""
    people = [new_account(session, f"person-{number}") for number in range(PEOPLE)]
    for number in range(groups):
        group = new_group(session, f"group-{number}")
        for person in people:
            member = memberships.enrol(session, group.id, person.id, person.login, vault=vault, now=MORNING)
            member.lead_minutes = [60]
        meetings.create_series(session, VISITOR, group, SeriesDraft(WEEKLY), now=MORNING)
    session.commit()


@pytest.fixture
def engine(new_database: Callable[[], str], vault: Vault) -> Iterator[Engine]:
    made = create_engine(new_database(), pool_size=PLANNERS)
    with Session(made) as session:
        fill(session, vault, groups=4)
    yield made
    made.dispose()


def test_planners_at_once_owe_each_reminder_once(engine: Engine) -> None:
    together = Barrier(PLANNERS)

    def run(number: int) -> int:
        owed = 0
        with Session(engine) as session:
            for minute in range(10):
                together.wait(60)
                now = DUE + timedelta(minutes=minute - 8, seconds=number)
                owed += plan(session, now=now, ahead=timedelta(minutes=5)).planned
                session.commit()
        return owed

    with ThreadPoolExecutor(PLANNERS) as pool:
        owed = list(pool.map(run, range(PLANNERS)))
    with Session(engine) as session:
        rows = session.execute(select(Delivery.membership_id, Delivery.due_at)).all()
        people = session.scalars(select(Membership.id)).all()
    assert sorted(rows) == sorted((one, DUE) for one in people)
    assert sum(owed) == len(people) == 4 * PEOPLE


@pytest.mark.parametrize("groups", [1, 30])
def test_number_of_statements_does_not_follow_the_number_of_groups(
    session: Session, connection: Connection, vault: Vault, groups: int
) -> None:
    fill(session, vault, groups)
    with statements(connection) as made:
        found = plan(session, now=DUE, ahead=timedelta(minutes=5))
    assert found.planned == groups * PEOPLE
    assert [one for one in made if "SAVEPOINT" not in one] == made[-5:]
    assert len(made[-5:]) == 5


def test_every_profile_is_found_however_it_is_chosen(session: Session, vault: Vault) -> None:
    """Quiet hours with and without a zone of one's own, halves of them, and zones that sort before and after each other."""
    fill(session, vault, groups=1)
    choices = [
        ("America/New_York", "12:30", "14:00"), ("Europe/London", "17:30", "18:30"), ("Pacific/Auckland", "06:30", "09:00"),
        (None, "17:45", "18:30"), (None, "17:45", None), ("Africa/Abidjan", "17:59", "18:01"), (None, None, None),
    ]  # fmt: skip
    people = session.scalars(select(Account).order_by(Account.login)).all()
    for person, choice in zip(people, choices, strict=False):
        where = {"zone": choice[0], "begin": choice[1], "until": choice[2], "id": person.id}
        changed = (
            "UPDATE account SET timezone = :zone, quiet_from = CAST(:begin AS time), quiet_until = CAST(:until AS time)"
        )
        session.execute(text(f"{changed} WHERE id = :id"), where)
    plan(session, now=DUE - timedelta(minutes=45), ahead=timedelta(hours=2))
    rows = select(Account.login, Delivery.due_at).join(Delivery, Delivery.account_id == Account.id)
    due = {row.login: row.due_at for row in session.execute(rows)}
    earlier = [31, 31, 31, 16, 0, 2, 0]
    assert [due[person.login] for person in people] == [
        DUE - timedelta(minutes=minutes) for minutes in [*earlier, *[0] * (PEOPLE - len(earlier))]
    ]
