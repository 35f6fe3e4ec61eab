"""A group of 3,000 members and 20,000 shares: each page of shares takes as many statements as with one."""

import pytest
from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from bench.writers import gather
from tests.members import statements
from tests.plugins.application import MORNING
from tests.writers import QUEUE, RIVER, SHARES, TODAY, Writers, quiet_river

PAGES = {
    "noor": [SHARES, f"{SHARES}?page=300", f"{SHARES}?for=newcomers", f"{SHARES}/new", f"{SHARES}/reading", QUEUE],
    "dev": [SHARES, TODAY, f"{TODAY}/new", f"{SHARES}/new", "hide", "report", RIVER],
    "mari": [QUEUE, f"{RIVER}/manage/sharing"],
    "charlene": [SHARES, "again"],
}
OF_TODAY = text("""
UPDATE written_share SET series_id = meeting_series.id, original_local = '2026-11-24' FROM meeting_series
WHERE body LIKE 'Words %5'""")


@pytest.fixture
def people(app: Flask, session: Session) -> Writers:
    writers = quiet_river(app, session)
    writers.write_daily()
    return writers


def test_share_pages_take_as_many_statements_for_twenty_thousand_as_for_one(
    people: Writers, session: Session, connection: Connection
) -> None:
    shown, back = people.post("ana"), people.post("charlene", "You should.")
    people.report("tom", back, "advice")
    people.give_back("noor", back)
    people.report("tom", people.post("ana"), "advice")
    places = {"again": f"{SHARES}/{back}/again", **{what: f"{SHARES}/{shown}/{what}" for what in ("hide", "report")}}
    paths = [(login, places.get(path, path)) for login, of_login in PAGES.items() for path in of_login]
    few = {one: _taken(people, connection, *one) for one in paths}
    gather(session, people.member("noor").group_id, people.member("noor").account_id, now=MORNING)
    session.execute(OF_TODAY)
    session.commit()
    assert "Words" in people["dev"].get(TODAY).text
    assert "Words" in people["noor"].get(QUEUE).text
    assert {one: _taken(people, connection, *one) for one in paths} == few


def _taken(people: Writers, connection: Connection, login: str, path: str) -> int:
    people[login].get(path)
    with statements(connection) as seen:
        assert people[login].get(path).status_code == 200, path
    return len(seen)
