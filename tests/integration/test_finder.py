"""The finder: what fits, in whose time, in which order, how many at once."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import quote

import pytest
from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from groupsite.domain.day_parts import DayPart
from groupsite.domain.words import Family, Kind, ListingState, Modality
from groupsite.domain.zones import to_local
from groupsite.models import Group, OccurrenceRow
from groupsite.queries.finder import Found, Wishes, find
from tests.browser import Browser
from tests.crowd import gather
from tests.listings import DATE_LINK
from tests.members import statements
from tests.plugins.application import MORNING, Clock

LANTERN = ("tuesday-lantern", "main", "2026-11-24T1900")
"""Tuesday 19:00 in New York is Wednesday 00:00 in London."""
EVERY_DAY = range(7)
HOURS_OF = {
    DayPart.MORNING: range(5, 12),
    DayPart.AFTERNOON: range(12, 17),
    DayPart.EVENING: range(17, 22),
    DayPart.NIGHT: (22, 23, 0, 1, 2, 3, 4),
}


def shown(client: Browser, query: str) -> list[tuple[str, ...]]:
    """Group, series and key of each date on the page, in its order."""
    page = client.get(f"/meetings?{query}")
    assert page.status_code == 200, page.text
    fitting = page.text.split("What comes near to it")[0]
    return DATE_LINK.findall(fitting)


def every(session: Session, wishes: Wishes) -> list[Found]:
    return find(session, wishes, now=MORNING, limit=1000)


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("day=2", True),
        ("day=2&time=evening", True),
        ("day=3", False),
        ("day=2&tz=Europe/London", False),
        ("day=3&tz=Europe/London", True),
        ("day=3&time=night&tz=Europe/London", True),
        ("day=3&time=morning&tz=Asia/Kolkata", True),
        ("day=2&time=evening&tz=America/New_York", True),
        ("time=evening&tz=Asia/Kolkata", False),
    ],
)
def test_day_and_hour_are_those_of_the_reader_or_of_the_meeting(client: Browser, query: str, is_found: bool) -> None:
    assert (LANTERN in shown(client, query)) is is_found


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("zone", [None, "Europe/London", "America/Santiago", "Pacific/Auckland", "Asia/Kolkata"])
def test_each_date_fits_the_day_and_hours_that_were_asked_for(session: Session, zone: str | None) -> None:
    """And each series is found under some day and some part of the day."""
    by_day = {day: every(session, Wishes(day=day, timezone=zone)) for day in EVERY_DAY}
    by_part = {part: every(session, Wishes(part=part, timezone=zone)) for part in DayPart}
    for day, found in by_day.items():
        assert {_clock(row, zone).weekday() for row, _ in found} <= {day}
    for part, found in by_part.items():
        assert {_clock(row, zone).hour for row, _ in found} <= set(HOURS_OF[part])
    everything = {row.series_id for row, _ in every(session, Wishes(timezone=zone))}
    for answers in (by_day, by_part):
        assert {row.series_id for found in answers.values() for row, _ in found} == everything


def _clock(row: OccurrenceRow, zone: str | None) -> datetime:
    return to_local(row.start_utc, zone or row.timezone)


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("wanted", list(Kind))
def test_kind_is_that_of_the_date(session: Session, wanted: Kind) -> None:
    assert {row.kind for row, _ in every(session, Wishes(kind=wanted))} <= {wanted}


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("wanted", "also"),
    [(Modality.IN_PERSON, Modality.HYBRID), (Modality.ONLINE, Modality.HYBRID), (Modality.PHONE, None)],
)
def test_both_ways_into_a_hybrid_meeting_find_it(session: Session, wanted: Modality, also: Modality | None) -> None:
    found = {row.modality for row, _ in every(session, Wishes(modality=wanted))}
    assert found == {wanted, also} - {None}


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(("query", "column"), [(f"family={one}", one) for one in Family] + [("language=es", "es")])
def test_family_and_language_are_those_of_the_group(client: Browser, session: Session, query: str, column: str) -> None:
    fitting = {group.slug for _, group in every(session, Wishes()) if column in {group.family, group.locale}}
    assert {slug for slug, *_ in shown(client, query)} == fitting


@pytest.mark.usefixtures("sample")
def test_each_series_comes_once_with_its_next_date_in_order(session: Session) -> None:
    found = every(session, Wishes())
    assert len({row.series_id for row, _ in found}) == len(found)
    assert [row.start_utc for row, _ in found] == sorted(row.start_utc for row, _ in found)
    for row, _ in found:
        earlier = select(OccurrenceRow.original_local).where(
            OccurrenceRow.series_id == row.series_id,
            OccurrenceRow.start_utc < row.start_utc,
            OccurrenceRow.end_utc > MORNING,
        )
        assert session.scalars(earlier).all() == []


@pytest.mark.usefixtures("sample")
def test_cancelled_date_is_marked(client: Browser) -> None:
    """Harbour Thursdays does not meet on Thanksgiving."""
    page = client.get("/meetings?q=harbour").text
    assert ("harbour-thursdays", "main", "2026-11-26T1210") in DATE_LINK.findall(page)
    assert "Cancelled" in page


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("words", ["lantern", "LANTERN", "tuesday lan", "  lantern   tuesday "])
def test_words_are_found_in_any_order_and_case(client: Browser, words: str) -> None:
    assert {slug for slug, *_ in shown(client, f"q={quote(words)}")} == {"tuesday-lantern"}


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("words", ["%", "_", "\\", "100%", "lan_ern", "' OR 1=1 --", "lantern nowhere"])
def test_words_are_taken_as_they_are(client: Browser, words: str) -> None:
    assert shown(client, f"q={quote(words)}") == []


@pytest.mark.usefixtures("sample")
def test_group_is_found_by_name_during_its_pause(client: Browser, clock: Clock) -> None:
    """Kowhai Women meets again after 31 January."""
    clock.now = datetime.fromisoformat("2026-12-21T00:00Z")
    assert {slug for slug, *_ in shown(client, "q=kowhai")} == {"kowhai-women"}


@pytest.mark.usefixtures("sample")
def test_dates_show_both_clocks_only_where_they_differ(client: Browser) -> None:
    abroad = unescape(client.get("/meetings?q=lantern&tz=Europe/London").text)
    assert "Today" not in abroad
    assert "Tuesday 24 November" in abroad
    assert "19:00–20:30" in abroad
    assert "New York time" in abroad
    assert "For you: Tomorrow, Wednesday 25 November, 00:00–01:30" in abroad
    assert "London time" in abroad
    near = unescape(client.get("/meetings?q=lantern&tz=America/New_York").text)
    assert near.count("Today, Tuesday 24 November") == 3  # two dates, and the heading over them
    for query in ("q=lantern", "q=lantern&tz=America/New_York", "q=lantern&tz=America/Toronto"):
        assert "For you" not in client.get(f"/meetings?{query}").text


@pytest.mark.usefixtures("sample")
def test_days_of_many_zones_stand_in_order_and_none_is_called_today(client: Browser) -> None:
    page = client.get("/meetings").text
    days = re.findall(r'<h3 class="finder__day">([^<]+)</h3>', page)
    assert days[:4] == ["Tuesday 24 November", "Wednesday 25 November", "Thursday 26 November", "Friday 27 November"]
    assert len(set(days)) == len(days)
    assert "Today, " not in page


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("state", list(ListingState))
def test_only_listings_that_may_be_searched_are_found(client: Browser, session: Session, state: ListingState) -> None:
    session.execute(update(Group).where(Group.slug == "tuesday-lantern").values(listing_state=state))
    session.commit()
    assert bool(shown(client, "q=lantern")) is (state in {ListingState.ACTIVE, ListingState.UNCONFIRMED})


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("days_ago", "is_found", "doubts"), [(180, True, False), (181, True, True), (364, True, True), (365, False, False)]
)
def test_listing_ages(client: Browser, session: Session, days_ago: int, is_found: bool, doubts: bool) -> None:
    confirmed_on = MORNING.date() - timedelta(days=days_ago)
    session.execute(update(Group).where(Group.slug == "tuesday-lantern").values(confirmed_on=confirmed_on))
    session.commit()
    page = client.get("/meetings?q=lantern").text.split("What comes near to it")[0]
    assert ("/groups/tuesday-lantern/" in page, "Please check before you go." in page) == (is_found, doubts)
    given = client.get("/meetings.json").json
    assert given is not None
    assert any("tuesday-lantern" in one["slug"] for one in given) is is_found
    assert client.get("/groups/tuesday-lantern").status_code == 200


@pytest.mark.usefixtures("sample")
def test_nothing_that_fits_offers_what_comes_near(client: Browser) -> None:
    page = client.get("/meetings?q=nothing+has+these+words&language=es&day=2").text
    assert "Nothing in the coming weeks fits all of this." in page
    nearest = DATE_LINK.findall(page.split("What comes near to it")[1])
    assert {slug for slug, *_ in nearest} == {"linea-serena", "grupo-amanecer"}


@pytest.mark.usefixtures("sample")
def test_what_comes_near_is_held_and_has_its_day(client: Browser) -> None:
    near = client.get("/meetings?q=nothing+has+these+words").text.split("What comes near to it")[1]
    assert len(DATE_LINK.findall(near)) == 5
    assert "Cancelled" not in near
    assert near.count('class="date__day"') == 5
    assert "finder__day" not in near


@pytest.mark.usefixtures("sample")
def test_zone_goes_along_to_the_pages_that_are_linked(client: Browser) -> None:
    page = client.get("/meetings?q=lantern&tz=Europe/London").text
    link = re.search(r'href="(/groups/tuesday-lantern/meetings/[^"]+)"', page)
    assert link
    date = client.get(unescape(link[1])).text
    assert "London time" in date
    group = re.search(r'href="(/groups/tuesday-lantern\?[^"]+)"', date)
    assert group
    assert "London time" in client.get(unescape(group[1])).text


def pages_of(client: Browser, path: str) -> Iterator[list[tuple[str, ...]]]:
    while path:
        page = client.get(path).text
        yield DATE_LINK.findall(page)
        following = re.search(r'href="([^"]+)">Show later ones', page)
        path = unescape(following[1]) if following else ""


def test_pages_hold_each_series_once_though_many_start_at_the_same_minute(client: Browser, session: Session) -> None:
    gather(session, groups=70, weeks=2)
    start = MORNING + timedelta(hours=3)
    session.execute(
        update(OccurrenceRow)
        .where(OccurrenceRow.original_utc < MORNING + timedelta(days=1))
        .values(start_utc=start, end_utc=start + timedelta(hours=1))
    )
    session.commit()
    pages = list(pages_of(client, "/meetings?q=crowd"))
    assert [len(page) for page in pages] == [30, 30, 10]
    assert len({slug for page in pages for slug, *_ in page}) == 70


def test_finder_takes_as_many_queries_for_thirty_as_for_one(
    client: Browser, session: Session, connection: Connection
) -> None:
    counts = []
    for groups in (1, 30):
        session.execute(Group.__table__.delete())  # type: ignore[attr-defined]  # a Table
        gather(session, groups=groups, weeks=3)
        with statements(connection) as seen:
            assert len(shown(client, "")) == groups
        counts.append(len(seen))
    assert counts[0] == counts[1]
