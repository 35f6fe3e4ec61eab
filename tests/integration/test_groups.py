"""A group's page: what somebody needs who has never been, and who sees the way in when."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from groupsite.domain.recurrence import next_occurrences, occurrence_key
from groupsite.domain.words import ListingState, OccurrenceStatus, OverrideAction, Reveal
from groupsite.models import Group
from tests.browser import Browser
from tests.crowd import gather
from tests.listings import DATE_LINK, SECRETS, change_date, change_group, give_way_in, secrets_in
from tests.members import new_group, statements
from tests.plugins.application import MORNING, Clock
from tests.sample import WINDOW as WINDOW_OF_SAMPLE
from tests.sample import sample_series

LANTERN = "/groups/tuesday-lantern"
START = datetime.fromisoformat("2026-11-25T00:00Z")
END = START + timedelta(minutes=90)
MINUTE = timedelta(minutes=1)
GROUPS = sorted({one.group for one in sample_series()})
LINK_OF_FEED = '<link rel="alternate" type="text/calendar" href="/groups/tuesday-lantern/calendar.ics">'
WINDOW_END = WINDOW_OF_SAMPLE[1]
WINDOW = {"reveal": Reveal.WINDOW, "window_minutes": 30}


def page_of(client: Browser, path: str = LANTERN) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(answer.text))


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("slug", GROUPS)
def test_dates_on_the_page_are_those_that_were_worked_out(client: Browser, slug: str) -> None:
    """In number and order as the rules say, and held exactly when the makers of the sample say so."""
    told = {one.slug: one for one in sample_series() if one.group == slug}
    coming = sorted(
        (one.start_utc, name, occurrence_key(one.original_local), one.status)
        for name, series in told.items()
        for one in next_occurrences(series.schedule, MORNING - timedelta(days=1), 14)
        if one.end_utc > MORNING
    )[:12]
    shown = [(name, key) for _, name, key in DATE_LINK.findall(client.get(f"/groups/{slug}").text)]
    assert sorted(shown) == sorted((name, key) for _, name, key, _ in coming)
    held = [start for start, *_, status in coming if status is not OccurrenceStatus.CANCELLED and start < WINDOW_END]
    expected = [
        start for series in told.values() for start in series.held_utc if coming[0][0] <= start <= coming[-1][0]
    ]
    assert held == sorted(expected)


@pytest.mark.usefixtures("sample")
def test_page_tells_a_newcomer_what_to_expect(client: Browser) -> None:
    page = page_of(client)
    for words in (
        "Tuesday Lantern",
        "19:00–20:30",
        "New York time",
        "Every Tuesday",
        "90 minutes",
        "In person and online together",
        "Mill Lane Community Rooms, 14 Mill Lane",
        "Side door",
        "newcomers are always welcome",
        "2 November 2026",
        "You need no invitation and no referral.",
        "To come to a meeting you need not join.",
        LINK_OF_FEED,
        "webcal://localhost/groups/tuesday-lantern/calendar.ics",
    ):
        assert words in page
    outline = page.split("What happens, roughly")[1].split("</ol>")[0]
    assert sum(int(minutes) for minutes in re.findall(r", (\d+) min", outline)) >= 60


@pytest.mark.usefixtures("sample")
def test_page_calls_out_cancelled_moved_and_paused(client: Browser, clock: Clock) -> None:
    assert "Cancelled" in page_of(client, "/groups/harbour-thursdays").split("Later dates")[0]
    clock.now = datetime.fromisoformat("2027-01-10T09:00Z")
    assert "Moved" in page_of(client, "/groups/open-door-beginners")
    assert "No dates from 20 December 2026 to 31 January 2027. Summer break." in page_of(client, "/groups/kowhai-women")
    clock.now = datetime.fromisoformat("2027-02-01T09:00Z")
    assert "No dates from" not in page_of(client, "/groups/kowhai-women")


@pytest.mark.usefixtures("sample")
def test_page_shows_both_clocks_to_a_reader_elsewhere(client: Browser) -> None:
    page = page_of(client, f"{LANTERN}?tz=Asia/Kolkata")
    assert "For you: Tomorrow, Wednesday 25 November, 05:30–07:00" in page
    assert "Kolkata time" in page


@pytest.mark.usefixtures("sample")
def test_old_listing_asks_to_check(client: Browser) -> None:
    page = page_of(client, "/groups/harbour-thursdays")
    assert "Last confirmed on 20 April 2026. Please check before you go." in page
    assert "<dt>Last confirmed on</dt>" in page


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("state", "words", "can_join"),
    [
        (ListingState.ACTIVE, "", True),
        (ListingState.UNCONFIRMED, "Please check before you go.", True),
        (ListingState.PAUSED, "This group is taking a break.", True),
        (ListingState.UNDER_REVIEW, "It is being checked.", False),
        (ListingState.CLOSED, "This group has closed.", False),
    ],
)
def test_page_says_how_the_listing_stands(
    client: Browser, session: Session, state: ListingState, words: str, can_join: bool
) -> None:
    change_group(session, "tuesday-lantern", listing_state=state)
    page = page_of(client)
    assert words in page
    assert ("Join this group" in page) is can_join
    date = page_of(client, f"{LANTERN}/meetings/main/2026-11-24T1900")
    assert words in date


@pytest.mark.usefixtures("sample")
def test_draft_is_there_for_its_facilitator_alone(client: Browser, session: Session) -> None:
    change_group(session, "tuesday-lantern", listing_state=ListingState.DRAFT)
    date = f"{LANTERN}/meetings/main/2026-11-24T1900"
    for person in (None, "charlene"):
        if person:
            client.sign_in(person)
        assert [client.get(path).status_code for path in (LANTERN, date)] == [404, 404]
    client.sign_in("marisol")
    assert "not listed yet" in page_of(client)


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("how", "moment", "is_shown"),
    [
        ({"reveal": Reveal.PUBLIC}, MORNING, True),
        ({"reveal": Reveal.MEMBERS}, START, False),
        (WINDOW, MORNING, False),
        (WINDOW, START - 30 * MINUTE - timedelta(seconds=1), False),
        (WINDOW, START - 30 * MINUTE, True),
        (WINDOW, END - MINUTE, True),
        (WINDOW, END, False),
    ],
)
def test_way_in_is_in_the_page_of_a_visitor_only_when_it_may(
    client: Browser, session: Session, clock: Clock, how: dict[str, object], moment: datetime, is_shown: bool
) -> None:
    give_way_in(session, "tuesday-lantern", **how)
    clock.now = moment
    for path in (LANTERN, f"{LANTERN}/meetings/main/2026-11-24T1900"):
        if path == LANTERN and moment == END:
            continue  # the business meeting begins ten minutes later: its window is open
        assert secrets_in(page_of(client, path)) == (list(SECRETS) if is_shown else []), path


@pytest.mark.usefixtures("sample")
def test_no_window_opens_for_a_cancelled_date(client: Browser, session: Session, clock: Clock) -> None:
    give_way_in(session, "tuesday-lantern", **WINDOW)
    change_date(
        session,
        "tuesday-lantern",
        action=OverrideAction.CANCEL,
        notice="urgent",
        recurrence_id_local=datetime(2026, 12, 1, 19),
    )
    clock.now = datetime.fromisoformat("2026-12-02T00:00Z")
    for path in (LANTERN, f"{LANTERN}/meetings/main/2026-12-01T1900"):
        assert secrets_in(page_of(client, path)) == []


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(("person", "is_shown"), [("charlene", True), ("marisol", True), ("hine", False)])
def test_way_in_is_shown_to_members_alone(client: Browser, session: Session, person: str, is_shown: bool) -> None:
    give_way_in(session, "tuesday-lantern", reveal=Reveal.MEMBERS)
    client.sign_in(person)
    for path in (LANTERN, f"{LANTERN}/meetings/main/2026-11-24T1900"):
        assert secrets_in(page_of(client, path)) == (list(SECRETS) if is_shown else [])


@pytest.mark.usefixtures("sample")
def test_pages_with_a_window_open_are_not_kept(client: Browser, session: Session, clock: Clock) -> None:
    give_way_in(session, "tuesday-lantern", **WINDOW)
    for path in (LANTERN, f"{LANTERN}/meetings/main/2026-11-24T1900"):
        clock.now = MORNING
        before = client.get(path)
        assert before.headers["Cache-Control"] == "private, max-age=0, must-revalidate"
        assert client.get(path, headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
        clock.now = START
        during = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
        assert (during.status_code, during.headers["Cache-Control"], "ETag" in during.headers) == (
            200,
            "no-store",
            False,
        )


@pytest.mark.usefixtures("sample")
def test_member_sees_her_name_and_her_ways(client: Browser) -> None:
    client.sign_in("charlene")
    page = page_of(client)
    assert "You are “" in page
    for path in ("leave", "reminders", "shares"):
        assert f'"{LANTERN}/{path}"' in page
    assert f'"{LANTERN}/manage"' not in page
    assert client.get(LANTERN).headers["Cache-Control"] == "no-store"
    client.sign_in("marisol")
    assert f'"{LANTERN}/manage"' in page_of(client)


@pytest.mark.usefixtures("sample")
def test_title_is_neutral_and_nothing_is_said_of_people(client: Browser) -> None:
    page = page_of(client)
    assert "<title>Dates · Evenings</title>" in page
    assert "csrf_token" not in page


def test_imported_listing_says_where_it_is_from_and_cannot_be_joined(client: Browser, session: Session) -> None:
    new_group(session, "from-afar", origin="meeting-guide", origin_key="x", origin_updated_at=MORNING)
    page = page_of(client, "/groups/from-afar")
    assert "taken from a public directory, as it stood on 24 November 2026" in page
    assert "Join this group" not in page


def test_page_takes_as_many_queries_for_many_dates_as_for_one(
    client: Browser, session: Session, connection: Connection
) -> None:
    counts = []
    for weeks in (1, 30):
        session.execute(Group.__table__.delete())  # type: ignore[attr-defined]  # a Table
        gather(session, groups=1, weeks=weeks)
        slug = session.scalars(select(Group.slug)).one()
        with statements(connection) as seen:
            assert len(DATE_LINK.findall(client.get(f"/groups/{slug}").text)) == min(weeks, 12)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("path", ["/groups/nowhere", "/groups/TUESDAY-LANTERN", "/groups/" + "x" * 3000])
def test_group_that_is_not_there_is_not_found(client: Browser, path: str) -> None:
    assert client.get(path).status_code == 404
