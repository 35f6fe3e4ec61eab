"""Calendars that a web process keeps: never older than the records, and there when the records are not."""

import gzip
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, event, select, text
from sqlalchemy.orm import Session

from groupsite.domain.permissions import VISITOR, Identity
from groupsite.domain.words import FeedLevel, ListingState
from groupsite.extensions import db, limiter
from groupsite.formats import group_file
from groupsite.mail.vault import Vault
from groupsite.models import Account, Group, OccurrenceRow
from groupsite.queries.groups import series_of
from groupsite.queries.identities import identity_of
from groupsite.services import date_changes, demo, feeds, memberships
from groupsite.services.feeds import FeedWishes
from groupsite.web.calendar_shelf import CalendarShelf
from tests.browser import Browser
from tests.plugins.application import MORNING, SAMPLE, Clock

LANTERN = "/groups/tuesday-lantern/calendar.ics"
PATIENCE = 10.0


@dataclass
class Live:
    """An application as on a server, its records in a database of its own where changes are committed."""

    browser: Browser
    engine: Engine
    shelf: CalendarShelf
    asked: int = 0
    """Queries that the application has made."""

    def queries(self, path: str, **headers: str) -> int:
        before = self.asked
        assert self.browser.get(path, headers=headers).status_code in {200, 304}
        return self.asked - before

    @contextmanager
    def change(self) -> Iterator[Session]:
        """A committed change, of which the process has heard when this ends."""
        told = self.shelf.news.told
        with Session(self.engine) as session:
            yield session
            session.commit()
        wait_until(lambda: self.shelf.news.told > told)


@pytest.fixture
def live(
    request: pytest.FixtureRequest,
    another_application: Callable[..., Flask],
    new_database: Callable[[], str],
    vault: Vault,
) -> Iterator[Live]:
    """With other settings where a test gives them as the fixture's parameter."""
    changes: dict[str, str] = getattr(request, "param", {})
    url = new_database()
    engine = create_engine(url)
    with Session(engine) as session:
        demo.load(session, group_file.parse(SAMPLE.read_bytes()), now=MORNING, vault=vault)
        session.commit()
    application = another_application(
        environment="development", database_url=url, base_url="http://localhost", **changes
    )
    live = Live(Browser(application.test_client()), engine, cast("CalendarShelf", application.wsgi_app))
    with application.app_context():
        served = db.engine

    def count(*_: object) -> None:
        live.asked += 1

    event.listen(served, "before_cursor_execute", count)
    live.browser.get(LANTERN)
    wait_until(lambda: live.shelf.news.hears)
    yield live
    live.shelf.news.end()
    served.dispose()
    engine.dispose()


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def charlene(session: Session) -> Identity:
    return identity_of(session, session.scalars(select(Account).where(Account.login == "charlene")).one())


def own_address(live: Live) -> str:
    with live.change() as session:
        wishes = FeedWishes(level=FeedLevel.FULL)
        _, token = feeds.create_feed(session, charlene(session), wishes, now=MORNING)
    return f"/calendar/{token}.ics"


def lantern(session: Session) -> Group:
    return session.scalars(select(Group).where(Group.slug == "tuesday-lantern")).one()


def cancel_next(session: Session) -> None:
    group = lantern(session)
    series = series_of(session, group.id, "main")
    date = session.scalars(
        select(OccurrenceRow.original_local)
        .where(OccurrenceRow.series_id == series.id, OccurrenceRow.start_utc > MORNING)
        .order_by(OccurrenceRow.start_utc)
    ).all()[2]
    date_changes.cancel_date(session, VISITOR, series, date, now=MORNING)


def test_unchanged_calendar_is_given_out_without_a_query(live: Live) -> None:
    own = own_address(live)
    for path in (LANTERN, own):
        first = live.browser.get(path)
        assert live.queries(path) == 0
        assert live.queries(path, **{"If-None-Match": first.headers["ETag"]}) == 0
        again = live.browser.get(path)
        assert (again.data, dict(again.headers)) == (first.data, dict(first.headers))
        assert "Set-Cookie" not in again.headers


def test_change_is_given_out_at_once_and_leaves_the_others_on_the_shelf(live: Live) -> None:
    other, own = "/groups/harbour-thursdays/calendar.ics", own_address(live)
    before = {path: live.browser.get(path) for path in (LANTERN, other, own)}
    with live.change() as session:
        cancel_next(session)
    for path in (LANTERN, own):
        after = live.browser.get(path, headers={"If-None-Match": before[path].headers["ETag"]})
        assert (after.status_code, b"STATUS:CANCELLED" in after.data) == (200, True)
    assert live.queries(other) == 0


def test_ended_address_is_gone_at_once(live: Live) -> None:
    own = own_address(live)
    assert live.browser.get(own).status_code == 200
    with live.change() as session:
        feeds.revoke_all(session, charlene(session), now=MORNING)
    assert live.browser.get(own).status_code == 410


def test_group_that_was_left_is_out_at_once(live: Live) -> None:
    own = own_address(live)
    assert "Tuesday Lantern" in live.browser.get(own).text
    with live.change() as session:
        memberships.leave(session, charlene(session), lantern(session), anyway=True, now=MORNING)
    assert "Tuesday Lantern" not in live.browser.get(own).text


def test_listing_that_is_taken_back_is_gone_at_once(live: Live) -> None:
    assert live.browser.get(LANTERN).status_code == 200
    with live.change() as session:
        lantern(session).listing_state = ListingState.DRAFT
    assert live.browser.get(LANTERN).status_code == 404


def test_draft_that_its_secretary_fetched_is_kept_for_nobody(live: Live) -> None:
    with live.change() as session:
        lantern(session).listing_state = ListingState.DRAFT
    live.browser.sign_in("marisol")
    assert live.browser.get(LANTERN).status_code == 200
    live.browser.client.delete_cookie("id")
    assert live.browser.get(LANTERN).status_code == 404


def test_kept_calendar_is_asked_for_again_after_a_while(live: Live, clock: Clock) -> None:
    live.browser.get(LANTERN)
    clock.now = MORNING + timedelta(minutes=11)
    assert live.queries(LANTERN) > 0
    assert live.queries(LANTERN) == 0


def test_last_good_bytes_are_there_when_the_records_are_not(live: Live, clock: Clock) -> None:
    own = own_address(live)
    before = {path: live.browser.get(path).data for path in (LANTERN, own)}
    clock.now = MORNING + timedelta(days=1)
    name = live.engine.url.database
    beside = create_engine(live.engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with beside.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"
            ),
            {"name": name},
        )
        wait_until(lambda: not live.shelf.news.hears)
        for path, body in before.items():
            answer = live.browser.get(path)
            assert (answer.status_code, answer.data) == (200, body)
        assert live.browser.get("/groups/harbour-thursdays/calendar.ics").status_code == 503
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    beside.dispose()
    wait_until(lambda: live.shelf.news.hears)
    assert live.queries(LANTERN) > 0


@pytest.mark.parametrize("live", [{"redis_url": "redis://127.0.0.1:1/0"}], indirect=True)
def test_calendars_are_given_out_while_valkey_is_away(live: Live) -> None:
    ready = live.browser.get("/readyz").json
    assert (limiter.enabled, ready and ready["queue"]) == (True, False)
    paths = ["/groups/harbour-thursdays/calendar.ics", LANTERN, own_address(live)]
    for path in paths:
        assert live.queries(path) > 0 or path == LANTERN
        assert live.queries(path) == 0
    with live.change() as session:
        cancel_next(session)
    for path in paths[1:]:
        changed = live.browser.get(path)
        assert (changed.status_code, b"STATUS:CANCELLED" in changed.data) == (200, True)


def test_change_that_nobody_told_of_is_not_missed_after_a_gap(live: Live) -> None:
    live.browser.get(LANTERN)
    with live.engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT 1'"))
    wait_until(lambda: not live.shelf.news.hears)
    with Session(live.engine) as session:
        cancel_next(session)
        session.commit()
    assert b"STATUS:CANCELLED" in live.browser.get(LANTERN).data
    wait_until(lambda: live.shelf.news.hears)
    assert b"STATUS:CANCELLED" in live.browser.get(LANTERN).data


def test_packed_bytes_are_the_same_calendar_under_another_tag(live: Live) -> None:
    plain = live.browser.get(LANTERN)
    packed = live.browser.get(LANTERN, headers={"Accept-Encoding": "gzip, br"})
    assert (packed.headers["Content-Encoding"], gzip.decompress(packed.data)) == ("gzip", plain.data)
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    for answer in (plain, packed):
        again = live.browser.get(LANTERN, headers={"If-None-Match": answer.headers["ETag"], "Accept-Encoding": "gzip"})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", answer.headers["ETag"])
    for refused in ("gzip;q=0", "br", "gzip;q=0.0, identity", ""):
        assert "Content-Encoding" not in live.browser.get(LANTERN, headers={"Accept-Encoding": refused}).headers


CONDITIONS: list[tuple[dict[str, str], int]] = [
    ({"If-None-Match": "*"}, 304),
    ({"If-None-Match": '"another", W/"one"'}, 200),
    ({"If-None-Match": '"another"', "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 200),
    ({"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 304),
    ({"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}, 200),
    ({"If-Modified-Since": "yesterday"}, 200),
    ({"If-Modified-Since": ""}, 200),
    ({"If-None-Match": ""}, 200),
    ({"Accept": "image/png"}, 200),
]


def test_conditions_are_read_as_rfc_9110_says(live: Live) -> None:
    live.browser.get(LANTERN)
    found = [(headers, live.browser.get(LANTERN, headers=headers).status_code) for headers, _ in CONDITIONS]
    assert found == CONDITIONS


def test_head_tells_what_get_would(live: Live) -> None:
    whole = live.browser.get(LANTERN)
    for _ in range(2):
        head = live.browser.client.head(LANTERN)
        assert (head.status_code, head.data) == (200, b"")
        assert dict(head.headers) == dict(whole.headers)
