"""Deleting leaves nothing: a word of hers in every column that can hold one, and then a dump of all there is."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from io import StringIO
from threading import Barrier

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from groupsite.domain.disappearing import Extent
from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.permissions import VISITOR
from groupsite.mail.vault import Vault
from groupsite.models import Account, AuditEntry, Delivery, Group, MeetingSeries, Membership, WrittenShare
from groupsite.queries.identities import identity_of
from groupsite.services import erasure, memberships, upkeep
from groupsite.services import series as meetings
from groupsite.services.accounts import delete_account
from groupsite.services.disappearing import disappear
from groupsite.tasks import jobs
from tests.browser import PASSWORD
from tests.hers import CANARY, dump, fill_with_canaries, left_in, plant, tables_of_hers
from tests.members import account, membership, new_group, new_member
from tests.plugins.application import MORNING
from tests.weekly import WEEKLY, new_account

GROUP = "quiet-river"
MOST_COLUMNS = 20
"""More columns than this can hold words of hers."""


def a_series(session: Session) -> None:
    group = new_group(session, GROUP)
    meetings.create_series(session, VISITOR, group, SeriesDraft(WEEKLY), now=MORNING)
    session.commit()


def somebody(session: Session, vault: Vault, login: str, *, shares: int) -> Account:
    """In the group, with a row in every table that can hold something of hers."""
    group = session.scalars(select(Group).where(Group.slug == GROUP)).one()
    person = new_account(session, login)
    member = memberships.enrol(session, group.id, person.id, login, vault=vault, now=MORNING)
    series = session.scalars(select(MeetingSeries)).one()
    plant(session, person, member, series, shares=shares)
    session.commit()
    return person


@contextmanager
def own_transaction(session: Session) -> Iterator[Session]:
    yield session
    session.commit()


def beginning(session: Session) -> Callable[[], AbstractContextManager[Session]]:
    return lambda: own_transaction(session)


def gone(session: Session, person: Account) -> None:
    disappear(session, VISITOR, person, Extent.DELETE, now=MORNING)
    session.commit()


def counts(session: Session) -> tuple[int, ...]:
    tables = (Account, Membership, WrittenShare, Delivery)
    return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def test_nothing_is_left_of_a_deleted_account(
    app: Flask, session: Session, vault: Vault, log: StringIO, redis_url: str
) -> None:
    a_series(session)
    browser = new_member(app, "canary-login", {GROUP: "canary-name"})
    browser.submit(f"/groups/{GROUP}/shares/new", {"body": "canary-share", "content_note": "canary-note", "days": "7"})
    browser.submit("/account/calendar", {"level": "own_words", "name": "canary-feed", "title": "canary-title"})
    browser.submit("/account/email", {"email": "canary@example.org"})
    person, member = account(session, "canary-login"), membership(session, "canary-login", GROUP)
    ids = (str(person.id), str(member.id))
    plant(session, person, member, session.scalars(select(MeetingSeries)).one())
    actor = identity_of(session, person)
    assert {line.split(" ")[0] for line in dump(session).splitlines()} >= tables_of_hers()
    assert fill_with_canaries(session) > MOST_COLUMNS
    session.commit()
    delete_account(session, actor, password=PASSWORD, now=MORNING)
    session.commit()
    for _ in range(2):
        with app.app_context():
            jobs.run(app, "erase")
    assert left_in(dump(session), CANARY, *ids) == []
    with Redis.from_url(redis_url) as store:
        assert [key for key in store.keys("*") if CANARY in f"{key!r}{store.dump(key)!r}"] == []
    assert [line for line in log.getvalue().splitlines() if any(word in line for word in (CANARY, *ids))] == []


def test_dump_would_show_what_is_left(session: Session, vault: Vault) -> None:
    a_series(session)
    somebody(session, vault, "charlene", shares=1)
    fill_with_canaries(session)
    lines = left_in(dump(session), CANARY)
    assert {line.split(" ")[0] for line in lines} >= {
        "account",
        "membership",
        "written_share",
        "delivery",
        "calendar_feed",
    }


def test_only_hers_goes(session: Session, vault: Vault) -> None:
    a_series(session)
    somebody(session, vault, "marisol", shares=3)
    before = counts(session)
    gone(session, somebody(session, vault, "charlene", shares=3))
    assert erasure.erase(beginning(session)) == 1
    assert counts(session) == before


def test_rows_go_in_batches_and_the_next_run_goes_on(session: Session, vault: Vault) -> None:
    a_series(session)
    gone(session, somebody(session, vault, "charlene", shares=25))
    begun: list[int] = []

    @contextmanager
    def three_batches() -> Iterator[Session]:
        if len(begun) == 3:
            raise ConnectionError("the worker is killed")
        begun.append(session.scalar(select(func.count()).select_from(WrittenShare)) or 0)
        yield session
        session.commit()

    with pytest.raises(ConnectionError):
        erasure.erase(three_batches, at_once=5)
    assert (begun, counts(session)[2]) == ([25, 20, 15], 10)
    assert erasure.erase(beginning(session), at_once=5) == 1
    assert counts(session) == (0, 0, 0, 0)


def test_erasing_again_does_nothing(session: Session, vault: Vault) -> None:
    a_series(session)
    gone(session, somebody(session, vault, "charlene", shares=1))
    assert [erasure.erase(beginning(session)) for _ in range(2)] == [1, 0]


def test_tidying_leaves_the_bulk_to_the_batches(session: Session, vault: Vault) -> None:
    a_series(session)
    gone(session, somebody(session, vault, "charlene", shares=2))
    upkeep.forget(session, now=MORNING)
    assert counts(session)[1:3] == (1, 2)


def test_what_was_done_stays_on_record_without_her(session: Session, vault: Vault) -> None:
    a_series(session)
    person = somebody(session, vault, "charlene", shares=1)
    gone(session, person)
    erasure.erase(beginning(session))
    entries = session.execute(select(AuditEntry.verb, AuditEntry.actor_id).order_by(AuditEntry.id)).all()
    assert {("share.posted", None), ("account.deleted", None)} <= {tuple(one) for one in entries}


@pytest.fixture
def engine(new_database: Callable[[], str], vault: Vault) -> Iterator[Engine]:
    made = create_engine(new_database())
    with Session(made) as session:
        a_series(session)
        for number in range(4):
            gone(session, somebody(session, vault, f"person-{number}", shares=40))
    yield made
    made.dispose()


def test_workers_at_once_erase_everything_once(engine: Engine) -> None:
    together = Barrier(3)

    def run(_worker: int) -> int:
        together.wait(60)
        with Session(engine) as session:
            return erasure.erase(beginning(session), at_once=7)

    with ThreadPoolExecutor(3) as pool:
        erased = sum(pool.map(run, range(3)))
    with Session(engine) as session:
        erased += erasure.erase(beginning(session), at_once=7)
        assert (erased, counts(session)) == (4, (0, 0, 0, 0))
