"""One date's page: at its original start for good, both clocks, what changed, and where to go instead."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from groupsite.domain.words import Modality, OverrideAction, Reveal
from groupsite.models import OccurrenceRow
from tests.browser import Browser
from tests.listings import DATE_LINK, change_date, change_group, give_way_in, secrets_in
from tests.members import statements
from tests.plugins.application import Clock

pytestmark = pytest.mark.usefixtures("sample")

LANTERN = "/groups/tuesday-lantern/meetings/main"
TONIGHT = f"{LANTERN}/2026-11-24T1900"
THANKSGIVING = "/groups/harbour-thursdays/meetings/main/2026-11-26T1210"
SNOW = {
    "action": OverrideAction.CANCEL,
    "notice": "urgent",
    "public_note": "Snow.",
    "recurrence_id_local": datetime(2026, 12, 1, 19),
}
ELSEWHERE = "Around that time, elsewhere"


def page_of(client: Browser, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(answer.text))


def test_page_shows_both_clocks_labelled_where_they_differ(client: Browser) -> None:
    page = page_of(client, f"{TONIGHT}?tz=Europe/London")
    assert "Today" not in page
    assert "Tuesday 24 November" in page
    assert "19:00–20:30 New York time" in page
    assert "Tomorrow, Wednesday 25 November, 00:00–01:30 London time" in page
    here = page_of(client, TONIGHT)
    assert "Today, Tuesday 24 November" in here
    assert "For you" not in here


def test_every_date_of_a_series_has_its_page(client: Browser, session: Session) -> None:
    rows = session.scalars(select(OccurrenceRow).where(OccurrenceRow.series_slug == "group-conscience")).all()
    assert len(rows) > 12
    for row in rows:
        page = page_of(client, f"/groups/tuesday-lantern/meetings/group-conscience/{row.original_local:%Y-%m-%dT%H%M}")
        assert f"{row.start_local:%H:%M}–" in page
        assert f"{row.start_local.day} {row.start_local:%B}" in page


def test_moved_date_stays_at_its_original_start(client: Browser, clock: Clock) -> None:
    clock.now = datetime.fromisoformat("2027-01-10T09:00Z")
    page = page_of(client, "/groups/open-door-beginners/meetings/main/2027-01-19T1830")
    assert "This date is not as usual: moved." in page
    assert "Wednesday 20 January" in page
    assert "Tuesday 19 January, 18:30" in page
    assert "Clinic closed; we meet on Wednesday instead." in page
    assert client.get("/groups/open-door-beginners/meetings/main/2027-01-20T1830").status_code == 404


def test_cancelled_date_shows_what_is_held_near_it(client: Browser, session: Session) -> None:
    """Within 48 hours, from anywhere, in the same language, each series once, nearest first."""
    page = page_of(client, THANKSGIVING)
    assert "This date is cancelled. Nobody will be there." in page
    others = DATE_LINK.findall(page.split(ELSEWHERE)[1])
    assert len(others) == 2
    off = datetime.fromisoformat("2026-11-26T20:10Z")
    rows = [_row(session, key, series) for _, series, key in others]
    distances = [abs(row.start_utc - off) for row in rows]
    assert distances == sorted(distances)
    assert max(distances) <= timedelta(hours=48)
    assert len({row.series_id for row in rows}) == 2
    assert {row.modality for row in rows} <= {Modality.ONLINE, Modality.HYBRID, Modality.PHONE}
    assert {slug for slug, *_ in others} & {"harbour-thursdays", "linea-serena", "grupo-amanecer"} == set()


def _row(session: Session, key: str, series: str) -> OccurrenceRow:
    original = datetime.strptime(key, "%Y-%m-%dT%H%M")
    query = select(OccurrenceRow).where(OccurrenceRow.original_local == original, OccurrenceRow.series_slug == series)
    return session.scalars(query).one()


def test_alternatives_leave_out_what_is_off_or_cannot_be_found(client: Browser, session: Session) -> None:
    first = DATE_LINK.findall(page_of(client, THANKSGIVING).split(ELSEWHERE)[1])[0]
    change_group(session, first[0], listing_state="under_review")
    assert first not in DATE_LINK.findall(page_of(client, THANKSGIVING).split(ELSEWHERE)[1])


def test_cancelled_date_that_has_passed_offers_nothing(client: Browser, clock: Clock) -> None:
    clock.now = datetime.fromisoformat("2026-11-27T09:00Z")
    page = page_of(client, THANKSGIVING)
    assert "This date is over." in page
    assert ELSEWHERE not in page


def test_date_that_has_passed_says_so_and_shows_no_way_in(client: Browser, session: Session, clock: Clock) -> None:
    give_way_in(session, "tuesday-lantern", reveal=Reveal.PUBLIC)
    clock.now = datetime.fromisoformat("2026-11-25T01:30Z")
    page = page_of(client, TONIGHT)
    assert "This date is over." in page
    assert secrets_in(page) == []


def test_date_that_is_off_or_in_the_room_alone_shows_no_way_in(client: Browser, session: Session) -> None:
    give_way_in(session, "tuesday-lantern", reveal=Reveal.PUBLIC)
    second, third = (f"{LANTERN}/2026-12-0{day}T1900" for day in (1, 8))
    assert [len(secrets_in(page_of(client, path))) for path in (second, third)] == [3, 3]
    change_date(session, "tuesday-lantern", **SNOW)
    in_the_room = {"action": OverrideAction.CHANGE_MODALITY, "modality": Modality.IN_PERSON}
    change_date(
        session, "tuesday-lantern", **in_the_room, notice="planned", recurrence_id_local=datetime(2026, 12, 8, 19)
    )
    assert [secrets_in(page_of(client, path)) for path in (second, third)] == [[], []]


def test_change_is_on_all_pages_at_once(client: Browser, session: Session) -> None:
    change_date(session, "tuesday-lantern", **SNOW)
    assert "Snow." in page_of(client, f"{LANTERN}/2026-12-01T1900")
    group = page_of(client, "/groups/tuesday-lantern")
    assert "Snow." in group.split("2026-12-01T1900")[1].split("</article>")[0]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("after-the-late-shift/meetings/main/2026-10-25T0130", "01:30 comes twice that day: it is the first one."),
        ("after-the-late-shift/meetings/main/2027-03-28T0130", "The clocks go forward around that time."),
        ("after-the-late-shift/meetings/main/2027-04-04T0130", ""),
    ],
)
def test_page_says_when_clocks_change(client: Browser, path: str, words: str) -> None:
    page = page_of(client, f"/groups/{path}")
    assert words in page
    assert ("The clocks go" in page) is bool(words)


def test_time_that_never_comes_is_shown_as_the_hour_that_does(client: Browser, clock: Clock) -> None:
    clock.now = datetime.fromisoformat("2027-03-20T09:00Z")
    assert "02:30–" in page_of(client, "/groups/after-the-late-shift/meetings/main/2027-03-28T0130")


@pytest.mark.parametrize(
    "key",
    [
        "2026-11-25T1900",
        "2026-11-24T1901",
        "nonsense",
        "2026-11-24",
        "9999-12-31T2359",
        "2026-11-24T1900.ics",
        "2026-13-45T9999",
    ],
)
def test_date_that_is_not_there_is_not_found(client: Browser, key: str) -> None:
    assert client.get(f"{LANTERN}/{key}").status_code == 404
    assert client.get(f"/groups/tuesday-lantern/meetings/nowhere/{key}").status_code == 404


def test_page_has_a_neutral_title_a_feed_and_few_queries(client: Browser, connection: Connection) -> None:
    with statements(connection) as seen:
        page = page_of(client, TONIGHT)
    assert len(seen) <= 6
    assert "<title>Dates · Evenings</title>" in page
    assert 'type="text/calendar" href="/groups/tuesday-lantern/calendar.ics"' in page
    again = client.get(TONIGHT)
    assert client.get(TONIGHT, headers={"If-None-Match": again.headers["ETag"]}).status_code == 304
