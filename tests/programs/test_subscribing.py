"""What somebody sees who subscribes with vdirsyncer and khal: the dates of the pages, neither more nor fewer."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.permissions import VISITOR, Identity
from groupsite.domain.words import FeedLevel, OccurrenceStatus
from groupsite.domain.zones import to_local
from groupsite.models import Account, Group, Membership, OccurrenceRow
from groupsite.queries.groups import group_named, series_of
from groupsite.services import date_changes, feeds
from groupsite.services.feeds import FeedWishes
from tests.plugins.application import MORNING
from tests.programs.conftest import Served
from tests.programs.subscriber import Seen, Subscriber
from tests.sample import sample_series

FROM, TO = MORNING, MORNING + timedelta(days=200)
DAY = timedelta(days=1)
Date = tuple[str, datetime, datetime, bool]
"""Calendar, start and end (UTC), and whether it is called off."""
READERS = ("UTC", "America/New_York", "Australia/Adelaide")
GROUPS = sorted({one.group for one in sample_series()})


def expected(served: Served, slug: str, calendar: str = "") -> set[Date]:
    """The dates that the pages of a group have, from its rows."""
    with Session(served.engine) as session:
        rows = session.execute(
            select(OccurrenceRow.start_utc, OccurrenceRow.end_utc, OccurrenceRow.status)
            .join(Group, Group.id == OccurrenceRow.group_id)
            .where(Group.slug == slug, OccurrenceRow.start_utc >= FROM, OccurrenceRow.start_utc < TO)
        )
        return {(calendar or slug, start, end, status is OccurrenceStatus.CANCELLED) for start, end, status in rows}


def dates(seen: set[Seen]) -> set[Date]:
    return {(one.calendar, one.start, one.end, one.is_cancelled) for one in seen}


def look(subscriber: Subscriber, zone: str = "UTC") -> set[Seen]:
    """What she sees between the two moments; a day more on each side is asked for, as her days begin at other hours."""
    seen = subscriber.look(FROM.date() - DAY, TO.date() + DAY, zone)
    return {one for one in seen if FROM <= one.start < TO}


def subscribe(served: Served, folder: Path, *slugs: str) -> Subscriber:
    return Subscriber(folder, {slug: f"{served.address}/groups/{slug}/calendar.ics" for slug in slugs})


@pytest.fixture(scope="module")
def everything(served: Served, tmp_path_factory: pytest.TempPathFactory) -> tuple[Subscriber, set[Date]]:
    """Somebody who subscribed to every group's calendar, and what the pages said when she fetched them."""
    subscriber = subscribe(served, tmp_path_factory.mktemp("everything"), *GROUPS)
    subscriber.sync()
    return subscriber, set().union(*(expected(served, slug) for slug in GROUPS))


def own_address(served: Served, login: str, level: FeedLevel) -> str:
    with Session(served.engine) as session:
        account = session.scalars(select(Account).where(Account.login == login)).one()
        _, token = feeds.create_feed(session, Identity(account.id, login), FeedWishes(level=level), now=MORNING)
        session.commit()
    return f"{served.address}/calendar/{token}.ics"


def groups_of(served: Served, login: str) -> set[str]:
    with Session(served.engine) as session:
        mine = select(Group.slug).join(Membership, Membership.group_id == Group.id).join(Account)
        return set(session.scalars(mine.where(Account.login == login)))


@pytest.mark.parametrize("zone", READERS)
def test_every_group_has_the_dates_of_its_page(everything: tuple[Subscriber, set[Date]], zone: str) -> None:
    subscriber, wanted = everything
    assert dates(look(subscriber, zone)) == wanted


def test_cancelled_and_moved_dates_are_marked(everything: tuple[Subscriber, set[Date]]) -> None:
    seen = look(everything[0])
    called_off = {one for one in seen if one.title.startswith("Cancelled: ")}
    assert {one for one in seen if one.is_cancelled} == called_off
    assert {"harbour-thursdays", "last-friday-voices"} <= {one.calendar for one in called_off}
    december = {one.start for one in seen if one.calendar == "last-friday-voices" and one.start.month == 12}
    assert december == {datetime(2026, 12, 18, 19, 30, tzinfo=UTC)}


@pytest.mark.parametrize("level", FeedLevel)
def test_own_calendar_has_the_dates_of_all_her_groups(served: Served, tmp_path: Path, level: FeedLevel) -> None:
    own = Subscriber(tmp_path, {"own": own_address(served, "hine", level)})
    own.sync()
    seen, mine = look(own), groups_of(served, "hine")
    assert mine == {"kowhai-women", "southern-cross"}
    assert dates(seen) == set().union(*(expected(served, slug, "own") for slug in mine))
    names = {one.title.removeprefix("Cancelled: ") for one in seen}
    assert (len(names) > 1) is (level is FeedLevel.FULL)


def test_next_fetch_brings_a_date_called_off_and_one_moved(served: Served, tmp_path: Path) -> None:
    subscriber = subscribe(served, tmp_path, "grupo-amanecer")
    subscriber.sync()
    before = dates(look(subscriber))
    first, second = sorted(before)[:2]
    change(served, "grupo-amanecer", called_off=first[1], moved=second[1])
    subscriber.sync()
    later = (second[0], second[1] + DAY, second[2] + DAY, False)
    assert dates(look(subscriber)) == (before - {first, second}) | {(*first[:3], True), later}
    assert dates(look(subscriber)) == expected(served, "grupo-amanecer")


def change(served: Served, slug: str, *, called_off: datetime, moved: datetime) -> None:
    """Call the date that begins at one moment off, and move the other by a day."""
    with Session(served.engine) as session:
        group = group_named(session, slug)
        series = series_of(session, group.id, "main")
        first, second = (to_local(moment, series.timezone) for moment in (called_off, moved))
        date_changes.cancel_date(session, VISITOR, series, first, now=MORNING)
        date_changes.move_date(session, VISITOR, series, second, second + DAY, now=MORNING)
        session.commit()
