"""Programs that ask by date alone (If-Modified-Since) hear of every difference: what came, what changed and what went."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.permissions import VISITOR
from groupsite.domain.words import OccurrenceStatus
from groupsite.models import Account, Group, OccurrenceRow
from groupsite.queries.groups import series_of
from groupsite.services import date_changes
from tests.browser import Browser
from tests.integration.test_feeds import own_address
from tests.plugins.application import MORNING, Clock

LANTERN = "/groups/tuesday-lantern/calendar.ics"


def asked_again(client: Browser, path: str, last_modified: str) -> int:
    return client.get(path, headers={"If-Modified-Since": last_modified}).status_code


def next_date(session: Session) -> tuple[Group, datetime]:
    query = select(Group, OccurrenceRow.original_local).join(OccurrenceRow, OccurrenceRow.group_id == Group.id)
    found = session.execute(
        query.where(
            Group.slug == "tuesday-lantern",
            OccurrenceRow.series_slug == "main",
            OccurrenceRow.start_utc > MORNING,
            OccurrenceRow.status == OccurrenceStatus.SCHEDULED,
        ).order_by(OccurrenceRow.start_utc)
    ).first()
    assert found
    return found[0], found[1]


@pytest.mark.parametrize("level", ["own_words", "full"])
def test_group_that_was_left_is_news(client: Browser, sample: None, clock: Clock, level: str) -> None:
    client.sign_in("dev")
    address = own_address(client, level)
    before = client.get(address).headers["Last-Modified"]
    assert asked_again(client, address, before) == 304
    client.submit("/groups/always-on-circle/leave", page="/home")
    assert asked_again(client, address, before) == 200


def test_other_words_are_news(client: Browser, session: Session, sample: None) -> None:
    client.sign_in("dev")
    address = own_address(client, "own_words")
    before = client.get(address).headers["Last-Modified"]
    session.scalars(select(Account).where(Account.login == "dev")).one().discreet_title = "Library hour"
    session.commit()
    assert asked_again(client, address, before) == 200


@pytest.mark.parametrize("path", [LANTERN, "/groups/tuesday-lantern/meetings/main.ics"])
def test_each_change_is_news_even_within_a_second(client: Browser, session: Session, sample: None, path: str) -> None:
    group, date = next_date(session)
    series = series_of(session, group.id, "main")
    stamps = [client.get(path).headers["Last-Modified"]]
    for change in (date_changes.cancel_date, date_changes.restore_date):
        change(session, VISITOR, series, date, now=MORNING)
        session.commit()
        assert asked_again(client, path, stamps[-1]) == 200
        stamps.append(client.get(path).headers["Last-Modified"])
    assert asked_again(client, path, stamps[-1]) == 304
    assert len(set(stamps)) == 3


def test_cancelled_date_that_is_over_is_news(client: Browser, session: Session, sample: None, clock: Clock) -> None:
    group, date = next_date(session)
    date_changes.cancel_date(session, VISITOR, series_of(session, group.id, "main"), date, now=MORNING)
    session.commit()
    first = client.get(LANTERN)
    assert b"STATUS:CANCELLED" in first.data
    clock.now = MORNING + timedelta(days=2)
    assert asked_again(client, LANTERN, first.headers["Last-Modified"]) == 200


def test_stamp_says_nothing_of_when_it_was_fetched(client: Browser, sample: None, clock: Clock) -> None:
    client.sign_in("dev")
    address = own_address(client, "own_words")
    clock.now = MORNING + timedelta(hours=3)
    fetched = parsedate_to_datetime(client.get(address).headers["Last-Modified"])
    assert fetched <= MORNING + timedelta(seconds=1)


def test_stamp_stays_while_nothing_changes(client: Browser, sample: None, clock: Clock) -> None:
    first = client.get(LANTERN)
    clock.now = MORNING + timedelta(hours=3)
    again = client.get(LANTERN)
    assert (again.headers["Last-Modified"], again.headers["ETag"], again.data) == (
        first.headers["Last-Modified"], first.headers["ETag"], first.data,
    )  # fmt: skip
