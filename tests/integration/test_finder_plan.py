"""What meets in the next two hours, among 100,000 dates, is read from the index of starts."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from groupsite.models import OccurrenceRow
from groupsite.queries.finder import Wishes, find, soon
from tests.crowd import gather
from tests.plugins.application import MORNING

GROUPS, WEEKS = 5_000, 20
TWO_HOURS = timedelta(hours=2)


@pytest.fixture
def crowd(session: Session) -> Session:
    gather(session, groups=GROUPS, weeks=WEEKS)
    assert session.query(OccurrenceRow).count() == 100_000
    return session


def plan_of(connection: Connection, sql: str, parameters: Any) -> Iterator[dict[str, Any]]:
    """Each node of the plan that PostgreSQL makes, outermost first."""
    told = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {sql}", parameters).scalar_one()
    waiting = [told[0]["Plan"]]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.get("Plans", [])


@pytest.fixture
def asked(connection: Connection) -> Iterator[list[tuple[str, Any]]]:
    """Statements with their parameters, as they are sent."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if "FROM occurrence" in statement:
            sent.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)


def ways_to_dates(connection: Connection, sql: str, parameters: Any) -> set[str]:
    """Index, or kind of scan, by which the plan reads dates."""
    ways = set()
    for node in plan_of(connection, sql, parameters):
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] == "occurrence":
            ways.add("Seq Scan")
        if node.get("Index Name", "").startswith(("ix_occurrence", "pk_occurrence")):
            ways.add(node["Index Name"])
    return ways


def test_next_two_hours_are_read_from_the_index_of_starts(
    crowd: Session, connection: Connection, asked: list[tuple[str, Any]]
) -> None:
    found = soon(crowd, now=MORNING, within=TWO_HOURS, limit=30)
    assert [row.start_utc for row, _ in found] == [MORNING + timedelta(minutes=minute) for minute in range(1, 31)]
    assert ways_to_dates(connection, *asked[-1]) == {"ix_occurrence_start_utc"}


def test_finder_reads_no_table_of_dates_from_end_to_end(
    crowd: Session, connection: Connection, asked: list[tuple[str, Any]]
) -> None:
    assert len(find(crowd, Wishes(), now=MORNING, limit=30)) == 30
    ways = ways_to_dates(connection, *asked[-1])
    assert "Seq Scan" not in ways
    assert "ix_occurrence_start_utc" in ways
