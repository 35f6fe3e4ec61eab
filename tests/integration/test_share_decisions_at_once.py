"""Several people at the same moment, each on a connection of their own: one decision counts, and no report is lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from groupsite.domain.errors import NotFound
from groupsite.domain.share_states import Guideline, HeldFor, ReportReason, ShareState
from groupsite.domain.words import Role
from groupsite.mail.vault import Vault
from groupsite.models import Account, ShareReport, WrittenShare
from groupsite.queries.identities import identity_of
from groupsite.queries.share_queue import waiting_share
from groupsite.services import memberships, share_reading
from tests.members import new_group
from tests.plugins.application import MORNING
from tests.weekly import new_account
from tests.worlds import new_share

READERS = ("noor", "lily", "ana")


@pytest.fixture
def engine(new_database: Callable[[], str], vault: Vault) -> Iterator[Engine]:
    """A group of four with one share, that of Charlie; the others look at shares."""
    made = create_engine(new_database())
    with Session(made) as session:
        group = new_group(session, "quiet-river")
        for login in ("charlie", *READERS):
            person, roles = new_account(session, login), () if login == "charlie" else (Role.SHARE_READER,)
            member = memberships.enrol(session, group.id, person.id, login, vault=vault, now=MORNING, roles=roles)
            if login == "charlie":
                new_share(session, member)
        session.commit()
    yield made
    made.dispose()


def at_once(engine: Engine, act: Callable[[Session, str], str]) -> list[str]:
    together = Barrier(len(READERS))

    def run(login: str) -> str:
        with Session(engine) as session:
            together.wait(60)
            said = act(session, login)
            session.commit()
            return said

    with ThreadPoolExecutor(len(READERS)) as pool:
        return sorted(pool.map(run, READERS))


def who(session: Session, login: str) -> Account:
    return session.scalars(select(Account).where(Account.login == login)).one()


def test_one_of_several_decisions_counts(engine: Engine, vault: Vault) -> None:
    with Session(engine) as session:
        share = session.scalars(select(WrittenShare)).one()
        share.state, share.held_for, share.waits_since = ShareState.HELD, HeldFor.FIRST_LOOK, MORNING
        group_id, share_id = share.group_id, share.id
        session.commit()

    def decide(session: Session, login: str) -> str:
        return _decided(session, login, group_id, share_id, vault)

    assert at_once(engine, decide) == ["decided", "too late", "too late"]


def _decided(session: Session, login: str, group_id: UUID, share_id: UUID, vault: Vault) -> str:
    reader = identity_of(session, who(session, login))
    try:
        share = waiting_share(session, group_id, share_id, reader=reader, now=MORNING)
    except NotFound:
        return "too late"
    if login == "ana":
        share_reading.keep(session, reader, share, now=MORNING)
    else:
        share_reading.give_back(session, reader, share, Guideline.ADVICE, vault=vault, now=MORNING)
    return "decided"


def test_three_who_report_at_once_are_three(engine: Engine) -> None:
    def report(session: Session, login: str) -> str:
        share = session.scalars(select(WrittenShare)).one()
        share_reading.report(
            session, identity_of(session, who(session, login)), share, ReportReason.ADVICE, now=MORNING
        )
        return "told"

    assert at_once(engine, report) == ["told"] * 3
    with Session(engine) as session:
        share = session.scalars(select(WrittenShare)).one()
        reports = session.scalar(select(func.count()).select_from(ShareReport))
        assert (reports, share.state, share.held_for) == (3, ShareState.HELD, HeldFor.REPORTS)
