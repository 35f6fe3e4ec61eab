"""Whoever stops mail and whoever sends it take rows in one order: two connections at once, and nobody waits in a circle."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, create_engine, event, select, text
from sqlalchemy.orm import Session

from groupsite.domain.tokens import token_hash
from groupsite.mail.vault import Vault
from groupsite.models import Account, Delivery, DeliveryKind, DeliveryState, Membership
from groupsite.queries.identities import identity_of
from groupsite.services import accounts, ledger, memberships, stopping, waiting
from tests.members import new_group
from tests.plugins.application import MORNING
from tests.weekly import new_account

PATIENCE = 30
WAITS_AT_MOST = "SET lock_timeout = '3s'; SET deadlock_timeout = '100ms'"
"""Long enough for what is not locked for good, and a circle is found at once."""


@pytest.fixture
def engine(new_database: Callable[[], str], vault: Vault) -> Iterator[Engine]:
    made = create_engine(new_database(), pool_size=4)
    event.listen(made, "connect", lambda raw, _record: raw.execute(WAITS_AT_MOST) and raw.commit())
    with Session(made) as session:
        person = new_account(session, "charlene")
        group = new_group(session, "quiet-river")
        memberships.enrol(session, group.id, person.id, "Charlie", vault=vault, now=MORNING)
        session.commit()
    yield made
    made.dispose()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as found:
        yield found


def member_of(session: Session) -> Membership:
    return session.scalars(select(Membership).where(Membership.display_name == "Charlie")).one()


def owed(engine: Engine, ids: list[UUID]) -> None:
    """A reminder under each of these ids, put down in this order: that in which a statement without an order would find them."""
    with Session(engine) as session:
        member = member_of(session)
        for number, one in enumerate(ids):
            moment = MORNING + timedelta(minutes=number)
            session.add(
                Delivery(
                    id=one, dedupe_key=str(one), kind=DeliveryKind.CHANGE, account_id=member.account_id,
                    membership_id=member.id, due_at=moment, next_try_at=moment, expires_at=MORNING + timedelta(days=1),
                )
            )  # fmt: skip
            session.flush()
        session.commit()


def is_waiting(engine: Engine) -> bool:
    """Whether a session of this database waits for a lock of another."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with engine.connect() as connection:
        return bool(connection.scalar(text(query)))


def wait_until(condition: Callable[[], bool], done: "Future[None]") -> None:
    """Until it is so, or the other one has come to its end."""
    while not condition() and not done.done():
        Event().wait(0.01)


def test_who_stops_mail_locks_it_in_the_order_of_a_worker(engine: Engine, pool: ThreadPoolExecutor) -> None:
    low, high = sorted((uuid4(), uuid4()))
    owed(engine, [high, low])

    def stop() -> None:
        with Session(engine) as session:
            waiting.take_back_all(session, member_of(session))
            session.commit()

    with Session(engine) as worker:
        ledger.lock(worker, Delivery.id == low)
        stopping_now = pool.submit(stop)
        wait_until(lambda: is_waiting(engine), stopping_now)
        ledger.lock(worker, Delivery.id == high)
        worker.commit()
    stopping_now.result(PATIENCE)
    with Session(engine) as session:
        assert set(session.scalars(select(Delivery.state))) == {DeliveryState.CANCELLED}


@pytest.mark.parametrize("change", ["stops mail", "is safe", "named"])
def test_mail_can_be_owed_to_an_account_that_is_being_changed(
    engine: Engine, pool: ThreadPoolExecutor, vault: Vault, change: str
) -> None:
    """A new row refers to the account and the membership: whoever changes them must not keep it waiting."""
    with Session(engine, expire_on_commit=False) as session:
        member = member_of(session)
        member.unsubscribe_hash = token_hash(vault.token(memberships.UNSUBSCRIBE, member.id))
        session.commit()
    with Session(engine) as changing:
        if change == "stops mail":
            assert stopping.stop_mail(changing, vault.token(memberships.UNSUBSCRIBE, member.id), now=MORNING)
        elif change == "is safe":
            account = changing.get_one(Account, member.account_id)
            accounts.own_account(changing, identity_of(changing, account))
        else:
            accounts.account_named(changing, "charlene")
        pool.submit(owed, engine, [uuid4()]).result(PATIENCE)
        changing.commit()
    with Session(engine) as session:
        assert len(session.scalars(select(Delivery.id)).all()) == 1
