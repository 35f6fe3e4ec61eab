"""A calendar is fetched while its group is changed: nobody waits for ever, and what is kept is what is stored."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from threading import Thread
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.orm import Session

from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.permissions import Identity
from groupsite.formats import group_file
from groupsite.mail.vault import Vault
from groupsite.models import Account, AuditEntry, Group, MeetingSeries
from groupsite.queries.calendars import states_of_group
from groupsite.queries.groups import group_named
from groupsite.services import calendars, group_files, groups
from groupsite.services import series as meetings
from groupsite.services.calendars import Site
from tests.plugins.application import MORNING
from tests.weekly import LISTING, NOON, WEEKLY, new_account, secretary

SITE = Site("dates.invalid", "https://evenings.example", "Dates")
PATIENCE = 10.0


@dataclass
class Stored:
    """A group with one meeting, committed, so that two connections see it."""

    engine: Engine
    actor: Identity
    group_id: UUID


@pytest.fixture
def stored(empty_engine: Engine, vault: Vault) -> Iterator[Stored]:
    with Session(empty_engine) as session:
        account = new_account(session, "robin-at-once")
        actor, account_id = secretary(account), account.id
        group = groups.create_group(session, actor, LISTING, display_name="Robin", vault=vault, now=MORNING)
        meetings.create_series(session, actor, group, SeriesDraft(WEEKLY), now=MORNING)
        group_id = group.id
        session.commit()
    yield Stored(empty_engine, actor, group_id)
    with Session(empty_engine) as session:
        for one in (delete(Group).where(Group.id == group_id), delete(AuditEntry)):
            session.execute(one)
        session.execute(delete(Account).where(Account.id == account_id))
        session.commit()


def rename(session: Session, actor: Identity) -> None:
    group = group_named(session, "window-seat")
    groups.describe_group(session, actor, group, replace(LISTING, name="Window Bench"), now=NOON)


def load(session: Session, actor: Identity) -> None:
    """Another summary and another title: both the group and its meeting are written."""
    document = json.loads(group_files.dump(session, "window-seat") or b"")
    document["groups"][0]["summary"] = "Tea."
    document["groups"][0]["series"][0]["title"] = "Late"
    group_files.load(session, actor, group_file.parse(json.dumps(document).encode()), now=NOON)


@pytest.mark.parametrize("change", [rename, load])
def test_fetch_and_change_wait_for_each_other_in_one_order(
    stored: Stored, change: Callable[[Session, Identity], None]
) -> None:
    """The fetch holds the series, and writes to the group in the end; so no change may hold the group and want the series."""
    ended: list[str] = []

    def second() -> None:
        with Session(stored.engine) as session:
            change(session, stored.actor)
            session.commit()
            ended.append("change")

    with Session(stored.engine) as session:
        group = session.get_one(Group, stored.group_id)
        calendars.rendered(session, lambda: states_of_group(session, group.id), SITE, now=NOON)
        other = Thread(target=second)
        other.start()
        wait_until_somebody_waits(stored.engine)
        calendars.group_feed(session, group, SITE, now=NOON)
        session.commit()
        ended.insert(0, "fetch")
    other.join(PATIENCE)
    assert ended == ["fetch", "change"]


def wait_until_somebody_waits(engine: Engine) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.datname = current_database() WHERE NOT granted"
    )
    end = time.monotonic() + PATIENCE
    with engine.connect() as connection:
        while not connection.scalar(waiting):
            assert time.monotonic() < end
            time.sleep(0.01)


def test_lines_are_of_what_is_stored_also_where_it_had_been_read_before(stored: Stored) -> None:
    with Session(stored.engine) as session:
        group = session.get_one(Group, stored.group_id)
        known = session.scalars(select(MeetingSeries).where(MeetingSeries.group_id == group.id)).one()
        assert known.title == "Tuesday evening"
        with Session(stored.engine) as other:
            other.execute(update(MeetingSeries).where(MeetingSeries.id == known.id).values(title="Another"))
            other.execute(update(Group).where(Group.id == group.id).values(name="Bench"))
            other.commit()
        calendars.group_feed(session, group, SITE, now=NOON)
        assert b"SUMMARY:Bench: Another" in (known.calendar_block or b"")
