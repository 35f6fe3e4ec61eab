"""What has been over for 30 days goes, some rows at a time; what still waits stays however old it is."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groupsite.models import Delivery, DeliveryKind, DeliveryState
from groupsite.services import upkeep
from tests.members import statements
from tests.plugins.application import MORNING
from tests.post_office import PostOffice, member

A_MONTH = timedelta(days=30)


@pytest.fixture
def rows(post: PostOffice, session: Session) -> None:
    """Ten that are over in each state, and as many of yesterday."""
    account_id = member(session, "charlene").account_id
    for state in DeliveryState:
        for number in range(10):
            for age in (timedelta(days=1), A_MONTH + timedelta(seconds=1)):
                moments = {"due_at": MORNING - age, "next_try_at": MORNING - age, "expires_at": MORNING}
                key = f"{state}:{age}:{number}"
                session.add(
                    Delivery(dedupe_key=key, kind=DeliveryKind.REMINDER, account_id=account_id, state=state, **moments)
                )
    session.commit()


def left(session: Session) -> dict[DeliveryState, int]:
    session.expire_all()
    count = func.count().label("rows")
    return {row.state: row.rows for row in session.execute(select(Delivery.state, count).group_by(Delivery.state))}


@pytest.mark.parametrize(("at_once", "transactions"), [(1000, 1), (60, 2), (7, 9)])
def test_old_rows_go_in_batches_and_waiting_ones_stay(
    post: PostOffice, session: Session, rows: None, at_once: int, transactions: int
) -> None:
    with statements(post.connection) as made:
        assert upkeep.prune_deliveries(post.begin, now=MORNING, at_once=at_once) == 60
    assert sum("DELETE FROM delivery" in one for one in made) == transactions
    waiting = {DeliveryState.PLANNED, DeliveryState.DEFERRED, DeliveryState.SENDING}
    assert left(session) == {state: 20 if state in waiting else 10 for state in DeliveryState}


def test_pruning_twice_changes_nothing(post: PostOffice, session: Session, rows: None) -> None:
    upkeep.prune_deliveries(post.begin, now=MORNING)
    assert upkeep.prune_deliveries(post.begin, now=MORNING) == 0


def test_what_was_told_of_a_date_that_lies_ahead_stays(post: PostOffice, session: Session) -> None:
    account_id, long_ago = member(session, "charlene").account_id, MORNING - 2 * A_MONTH
    for start in (MORNING + A_MONTH, MORNING - timedelta(seconds=1)):
        session.add(
            Delivery(
                dedupe_key=str(start), kind=DeliveryKind.CHANGE, account_id=account_id, state=DeliveryState.SENT,
                due_at=long_ago, next_try_at=long_ago, expires_at=start, start_utc=start,
            )
        )  # fmt: skip
    session.commit()
    assert upkeep.prune_deliveries(post.begin, now=MORNING) == 1
