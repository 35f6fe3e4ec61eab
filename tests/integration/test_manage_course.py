"""A meeting that goes on: under another name, elsewhere, or otherwise from a certain day."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.schedule import Venue
from groupsite.models import MeetingSeries, OccurrenceRow
from tests.browser import Browser
from tests.facilitator import (
    LAST_FRIDAYS,
    MANAGE,
    SERIES,
    SERIES_PAGE,
    TIMES,
    count,
    named_fields,
    start_meeting,
    starts,
)

WORDS, FROM = f"{SERIES_PAGE}/words", f"{SERIES_PAGE}/from"
LATER = SERIES | {"first_date": "2027-02-01", "start_time": "20:00", "weeks_of_month": ["2"], "weekdays": ["0"]}


@pytest.fixture
def facilitator(client: Browser) -> Browser:
    return start_meeting(client)


def meetings(session: Session) -> dict[str, MeetingSeries]:
    session.expire_all()
    return {one.slug: one for one in session.scalars(select(MeetingSeries).order_by(MeetingSeries.position))}


def test_words_are_there_to_be_changed(facilitator: Browser) -> None:
    page = facilitator.get(WORDS).text
    assert [word in page for word in ('value="Friday evening"', 'value="Reading Room"', 'value="4 Hill Street"')] == [
        True
    ] * 3


def test_new_words_stand_on_every_date_and_move_none(facilitator: Browser, session: Session) -> None:
    words = {
        name: value for name, value in SERIES.items() if not name.startswith(("first", "start", "dur", "cad", "w"))
    }
    before = starts(session)
    answer = facilitator.submit(WORDS, words | {"title": "Evening of candles", "venue_name": "Chapel"})
    assert (answer.status_code, starts(session)) == (303, before)
    rows = session.execute(select(OccurrenceRow.title, OccurrenceRow.venue)).all()
    assert {(row.title, row.venue) for row in rows} == {("Evening of candles", Venue("Chapel", "4 Hill Street"))}
    assert "Saved, on the pages and in the calendars" in facilitator.get(answer.location).text
    assert [one.slug for one in meetings(session).values()] == ["friday-evening"]


def test_way_in_is_changed_for_all_dates(facilitator: Browser, session: Session) -> None:
    link = "https://rooms.example.org/9"
    facilitator.submit(WORDS, {"title": "Friday evening", "kind": "sharing", "modality": "online", "join_url": link,
                               "reveal": "window", "window_minutes": "15"})  # fmt: skip
    stored = meetings(session)["friday-evening"]
    assert stored.join is not None
    assert (stored.join.url, stored.join.reveal, stored.venue) == (link, "window", None)
    page = facilitator.get(WORDS).text
    assert f'value="{link}"' in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"title": ""}, "title"), ({"title": "x" * 81}, "title"), ({"kind": "dance"}, "kind"),
     ({"modality": "online", "join_url": "http://rooms.example.org"}, "join_url"), ({"title": "a\u202eb"}, "title")],
)  # fmt: skip
def test_words_that_cannot_stand_are_refused_and_kept_in_the_form(
    facilitator: Browser, session: Session, wrong: dict[str, str], field: str
) -> None:
    answer = facilitator.submit(WORDS, SERIES | {"venue_name": "Chapel"} | wrong)
    assert (answer.status_code, named_fields(answer)) == (400, {field})
    assert meetings(session)["friday-evening"].venue == Venue("Reading Room", "4 Hill Street")


def test_form_begins_as_the_meeting_is(facilitator: Browser) -> None:
    page = facilitator.get(FROM).text
    assert "Now: The last Friday of each month." in page
    for control in ('name="first_date" required type="date" value="2026-11-27"', 'value="19:30"', 'value="75"'):
        assert control in page
    assert 'checked id="weeks_of_month-5"' in page
    assert 'checked id="weekdays-4"' in page


def test_dates_are_shown_before_anything_is_stored(facilitator: Browser, session: Session) -> None:
    answer = facilitator.submit(FROM, LATER | {"do": "preview"})
    assert (answer.status_code, TIMES.findall(answer.text)[0]) == (200, "2027-02-08T20:00")
    assert "Until 31 January 2027 it stays as it was." in answer.text
    assert (count(session, MeetingSeries), starts(session)[:3]) == (1, LAST_FRIDAYS[:3])


def test_meeting_goes_on_otherwise_from_a_day(facilitator: Browser, session: Session) -> None:
    answer = facilitator.submit(FROM, LATER | {"do": "save"})
    assert answer.status_code == 303
    assert starts(session)[:5] == [*LAST_FRIDAYS[:3], "2027-02-08T20:00", "2027-03-08T20:00"]
    stored = meetings(session)
    assert stored["friday-evening-2"].replaces == "friday-evening"
    assert "The old dates end and the new ones begin" in facilitator.get(answer.location).text


def test_pause_ahead_goes_along(facilitator: Browser, session: Session) -> None:
    facilitator.submit(
        f"{SERIES_PAGE}/pauses", {"first_date": "2027-03-01", "last_date": "2027-03-31"}, page=SERIES_PAGE
    )
    shown = TIMES.findall(facilitator.submit(FROM, LATER | {"do": "preview"}).text)
    assert shown[:2] == ["2027-02-08T20:00", "2027-04-12T20:00"]
    facilitator.submit(FROM, LATER | {"do": "save"})
    assert starts(session)[3:5] == shown[:2]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first_date": "2026-11-23"}, "first_date"),
        ({"first_date": ""}, "first_date"),
        ({"start_time": "x"}, "start_time"),
    ],
)
def test_day_that_cannot_be_is_refused(
    facilitator: Browser, session: Session, wrong: dict[str, str], field: str
) -> None:
    answer = facilitator.submit(FROM, LATER | {"do": "save"} | wrong)
    assert (answer.status_code, named_fields(answer), count(session, MeetingSeries)) == (400, {field}, 1)


def test_meeting_that_has_ended_is_not_followed(facilitator: Browser, session: Session) -> None:
    facilitator.submit(f"{SERIES_PAGE}/end", {"end_date": "2027-01-30"}, page=SERIES_PAGE)
    answer = facilitator.submit(FROM, LATER | {"do": "save"})
    assert "no date from this day on" in answer.text
    assert (answer.status_code, starts(session)[-1]) == (
        400,
        datetime(2027, 1, 29, 19, 30).isoformat(timespec="minutes"),
    )


def test_page_leads_to_both(facilitator: Browser) -> None:
    page = facilitator.get(SERIES_PAGE).text
    assert [path in page for path in (WORDS, FROM)] == [True, True]
    assert f'href="{SERIES_PAGE}"' in facilitator.get(MANAGE).text
    assert date(2026, 11, 27).isoformat() in facilitator.get(FROM).text
