"""A series' lines are written in the background after each change; a calendar that is fetched joins what is there."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select, update
from sqlalchemy.orm import Session

from groupsite.celery_app import begin
from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.words import FeedLevel, Kind, Modality
from groupsite.mail.vault import Vault
from groupsite.models import Group, MeetingSeries
from groupsite.queries.calendars import whole_series
from groupsite.services import date_changes, feeds, groups, kept_lines
from groupsite.services import series as meetings
from groupsite.services.doorbell import Bell, take_rings
from groupsite.services.feeds import FeedWishes
from groupsite.services.series import SeriesWords
from groupsite.tasks import jobs
from tests.browser import Browser
from tests.facilitator import count
from tests.plugins.application import MORNING, Clock
from tests.weekly import CHANGES, NOON, SECOND, WEEKLY, House, new_house

PUBLIC = "/groups/window-seat/calendar.ics"


@pytest.fixture
def house(app: Flask, session: Session, vault: Vault, clock: Clock) -> House:
    house = new_house(session, vault)
    house.series.calendar_block = house.series.block_renews_at = None
    session.commit()
    return house


@pytest.mark.parametrize("level", list(FeedLevel))
def test_change_is_in_every_calendar_though_no_other_was_fetched(
    house: House, client: Browser, level: FeedLevel
) -> None:
    _, token = feeds.create_feed(house.session, house.actor, FeedWishes(level=level), now=MORNING)
    house.session.commit()
    assert b"STATUS:CANCELLED" not in client.get(f"/calendar/{token}.ics").data
    date_changes.cancel_date(house.session, house.actor, house.series, SECOND, now=NOON)
    house.session.commit()
    assert b"STATUS:CANCELLED" in client.get(f"/calendar/{token}.ics").data


@pytest.fixture
def statements(connection: Connection) -> Iterator[list[str]]:
    made: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        made.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield made
    event.remove(connection, "before_cursor_execute", note)


def write(app: Flask) -> None:
    app.extensions["celery"].tasks["groupsite.write_lines"]()


CAUSES: dict[str, Callable[[House], object]] = {
    **CHANGES,
    "begun": lambda house: meetings.create_series(
        house.session, house.actor, house.group, SeriesDraft(replace(WEEKLY, title="Second evening")), now=NOON
    ),
    "described": lambda house: meetings.reword(
        house.session, house.actor, house.series, SeriesWords("Candles", Kind.SHARING, Modality.ONLINE), now=NOON
    ),
    "group renamed": lambda house: groups.renew_calendars(house.session, house.group, now=NOON),
    "deployed": lambda house: house.session.execute(update(MeetingSeries).values(block_version="3 2020a")),
    "cancelled date is over": lambda house: house.session.execute(update(MeetingSeries).values(block_renews_at=NOON)),
}


BY_THEMSELVES = {"deployed", "cancelled date is over"}
"""Nobody rings for these; they are found within the job's rhythm."""


@pytest.mark.parametrize("cause", CAUSES)
def test_lines_are_written_before_anybody_fetches(
    house: House, app: Flask, client: Browser, clock: Clock, statements: list[str], cause: str
) -> None:
    paths = [PUBLIC]
    for level in FeedLevel:
        _, token = feeds.create_feed(house.session, house.actor, FeedWishes(level=level), now=MORNING)
        paths.append(f"/calendar/{token}.ics")
    house.session.commit()
    write(app)
    clock.now = NOON
    CAUSES[cause](house)
    house.session.commit()
    write(app)
    statements.clear()
    for path in paths:
        assert client.get(path).status_code == 200
    assert [one for one in statements if "calendar_block=" in one or "FOR UPDATE" in one] == []
    assert len(statements) > len(paths)


def test_fetch_before_the_worker_came_has_the_change_too(house: House, app: Flask, client: Browser) -> None:
    write(app)
    CHANGES["cancelled"](house)
    house.session.commit()
    assert b"STATUS:CANCELLED" in client.get(PUBLIC).data
    before = client.get(PUBLIC).data
    write(app)
    assert client.get(PUBLIC).data == before


@pytest.mark.parametrize("at_once", [1, 3, 100])
def test_broken_series_stops_no_other(app: Flask, session: Session, sample: None, at_once: int) -> None:
    broken = session.scalars(select(MeetingSeries).order_by(MeetingSeries.id)).all()[1]
    broken.rrule = "FREQ=NEVER"
    session.execute(update(MeetingSeries).values(calendar_block=None))
    session.commit()
    with app.app_context():
        written = kept_lines.write_stale(begin, jobs.site_of(app), now=MORNING, at_once=at_once)
    session.expire_all()
    left = select(MeetingSeries.id).where(MeetingSeries.calendar_block.is_(None))
    assert (session.scalars(left).all(), written) == ([broken.id], count(session, MeetingSeries) - 1)


def test_lines_say_the_name_that_the_group_has_when_they_are_written(house: House) -> None:
    """Whoever asked for the calendar has read the group before somebody else gave it another name."""
    assert house.group.name == "Window Seat"
    other_name = update(Group).where(Group.id == house.group.id).values(name="Candle Hour")
    house.session.execute(other_name, execution_options={"synchronize_session": False})
    (read,) = whole_series(house.session, [house.series.id])
    assert read.group.name == "Candle Hour"


def test_nothing_stale_writes_nothing(house: House, app: Flask, statements: list[str]) -> None:
    write(app)
    statements.clear()
    write(app)
    assert [one for one in statements if "UPDATE meeting_series" in one] == []


@pytest.mark.parametrize("cause", [one for one in CAUSES if one not in BY_THEMSELVES])
def test_change_asks_for_a_ring(house: House, cause: str) -> None:
    take_rings(house.session)
    CAUSES[cause](house)
    assert Bell.LINES in take_rings(house.session)


@pytest.mark.parametrize("bell", list(Bell))
def test_each_bell_rings_for_a_job(bell: Bell) -> None:
    assert bell in jobs.JOBS
