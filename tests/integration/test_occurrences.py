"""The read model of dates: rebuilt as it was, and right when two people change a series at once."""

from datetime import date, timedelta
from threading import Event, Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from groupsite.cli import occurrences as occurrences_cli
from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.permissions import Identity
from groupsite.domain.words import OccurrenceStatus
from groupsite.mail.vault import Vault
from groupsite.models import Account, Base, Group, MeetingSeries, OccurrenceRow, SeriesOverride
from groupsite.queries.groups import group_named, series_of
from groupsite.services import date_changes, groups, occurrences, pauses
from groupsite.services import series as meetings
from tests.plugins.application import MORNING
from tests.weekly import CHANGES, FIRST, LISTING, NOON, SECOND, THIRD, WEEKLY, House, new_account, new_house, secretary


@pytest.fixture
def house(session: Session, vault: Vault) -> House:
    return new_house(session, vault)


def test_rebuilt_dates_are_those_that_were_there(house: House) -> None:
    for change in CHANGES.values():
        change(house)
    pauses.add_pause(house.session, house.actor, house.series, date(2027, 8, 1), date(2027, 8, 31), now=NOON)
    before = house.rows()
    counts = [occurrences.rebuild(house.session, now=NOON) for _ in range(2)]
    assert (counts, house.rows()) == ([len(before)] * 2, before)


def test_rebuild_mends_rows_that_are_wrong_and_adds_what_is_missing(house: House) -> None:
    before = house.rows()
    house.date(SECOND).title = "Wrong"
    house.session.delete(house.date(THIRD))
    stray = {**before[0], "original_local": FIRST + timedelta(hours=1), "title": "Stray"}
    house.session.execute(Base.metadata.tables["occurrence"].insert(), [stray])
    assert house.rows() != before
    occurrences.rebuild(house.session, now=NOON)
    assert house.rows() == before


def test_sample_is_rebuilt_as_it_was_loaded(sample: None, session: Session) -> None:
    table = Base.metadata.tables["occurrence"]
    ordered = select(table).order_by(table.c.series_id, table.c.original_local)
    before = session.execute(ordered).all()
    count = occurrences.rebuild(session, now=MORNING)
    assert (count, session.execute(ordered).all()) == (len(before), before)
    assert len(before) > 500


def test_command_rebuilds_and_says_how_many(app: Flask, house: House) -> None:
    house.session.commit()
    answer = app.test_cli_runner().invoke(occurrences_cli.commands, ["rebuild"])
    assert (answer.exit_code, answer.output) == (0, "58 dates are in place.\n")


def test_two_who_change_at_once_see_each_other(empty_engine: Engine, vault: Vault) -> None:
    """Two connections of their own: the second waits for the first, then adds to what that left."""
    with Session(empty_engine) as session:
        account = new_account(session, "robin-at-once")
        actor = secretary(account)
        group = groups.create_group(session, actor, LISTING, display_name="Robin", vault=vault, now=MORNING)
        slug = meetings.create_series(session, actor, group, SeriesDraft(WEEKLY), now=MORNING).slug
        series_id, account_id = session.scalars(select(MeetingSeries.id)).one(), account.id
        session.commit()
    try:
        _cancel_at_once(empty_engine, actor, slug)
        with Session(empty_engine) as session:
            off = session.scalars(
                select(OccurrenceRow.original_local)
                .where(OccurrenceRow.status == OccurrenceStatus.CANCELLED)
                .order_by(OccurrenceRow.original_local)
            )
            assert list(off) == [SECOND, THIRD]
            assert session.get_one(MeetingSeries, series_id).sequence == 2
            assert len(session.scalars(select(SeriesOverride)).all()) == 2
    finally:
        _clear(empty_engine, account_id)


def _cancel_at_once(engine: Engine, actor: Identity, slug: str) -> None:
    has_read = Event()

    def second() -> None:
        with Session(engine) as session:
            series = series_of(session, group_named(session, "window-seat").id, slug)
            has_read.set()
            date_changes.cancel_date(session, actor, series, THIRD, now=NOON)
            session.commit()

    with Session(engine) as session:
        series = series_of(session, group_named(session, "window-seat").id, slug)
        date_changes.cancel_date(session, actor, series, SECOND, now=NOON)
        other = Thread(target=second)
        other.start()
        assert has_read.wait(10)
        session.commit()
    other.join(10)


def _clear(engine: Engine, account_id: UUID) -> None:
    with Session(engine) as session:
        for group in session.scalars(select(Group)):
            session.execute(Base.metadata.tables["group"].delete().where(Group.id == group.id))
        session.execute(Base.metadata.tables["audit_entry"].delete())
        session.execute(Base.metadata.tables["account"].delete().where(Account.id == account_id))
        session.commit()
