"""A facilitator starts a group, adds meetings, changes dates."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.words import OccurrenceStatus
from groupsite.models import AuditEntry, Group, MeetingSeries, Membership
from tests.browser import Browser
from tests.facilitator import (
    ADD,
    CHRISTMAS,
    GROUP,
    LAST_FRIDAYS,
    MANAGE,
    SERIES,
    SERIES_PAGE,
    TIMES,
    christmas,
    count,
    start_group,
    start_meeting,
    starts,
)


@pytest.fixture
def group(client: Browser) -> Browser:
    return start_group(client)


@pytest.fixture
def series(client: Browser) -> Browser:
    return start_meeting(client)


def test_new_group_belongs_to_who_made_it(client: Browser, session: Session) -> None:
    client.sign_up("robin")
    answer = client.submit("/groups/new", GROUP)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{MANAGE}?done=created")
    made = session.scalars(select(Group)).one()
    assert (made.slug, made.name, made.city) == ("window-seat", "Window Seat", "Leeds")
    member = session.scalars(select(Membership)).one()
    assert (member.display_name, member.roles) == ("Robin", ["secretary"])
    page = client.get(MANAGE).text
    assert "Robin" in page
    assert "There is no meeting yet." in page


def test_second_group_of_the_same_name_gets_its_own_address(group: Browser, session: Session) -> None:
    answer = group.submit("/groups/new", GROUP)
    assert answer.status_code in {303, 400}
    addresses = list(session.scalars(select(Group.slug)))
    assert len(addresses) == len(set(addresses)) == (2 if answer.status_code == 303 else 1)


def test_preview_shows_ten_last_fridays_and_stores_nothing(group: Browser, session: Session) -> None:
    answer = group.submit(ADD, SERIES | {"do": "preview"})
    assert answer.status_code == 200
    assert TIMES.findall(answer.text) == LAST_FRIDAYS
    assert 'value="Friday evening"' in answer.text
    assert count(session, MeetingSeries) == 0


def test_saved_series_meets_on_the_dates_of_the_preview(series: Browser, session: Session) -> None:
    assert starts(session)[:10] == LAST_FRIDAYS
    page = series.get(MANAGE).text
    assert [start for start in TIMES.findall(page) if start[:16] in LAST_FRIDAYS]


def test_cancelled_date_is_cancelled_on_the_page_and_in_the_rows(series: Browser, session: Session) -> None:
    change = {"action": "cancel", "notice": "planned", "public_note": "A holiday.", "do": "publish"}
    answer = series.submit(CHRISTMAS, change)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{MANAGE}?done=changed")
    date = christmas(session)
    assert (date.status, date.public_note) == (OccurrenceStatus.CANCELLED, "A holiday.")
    assert starts(session)[:10] == LAST_FRIDAYS
    page = series.get(MANAGE).text
    assert ("Cancelled" in page, "A holiday." in page) == (True, True)
    assert "Cancelled" in series.get("/groups/window-seat").text
    verbs = list(session.scalars(select(AuditEntry.verb)))
    assert len(verbs) == len([verb for verb in verbs if "A holiday." not in verb])


def test_look_first_shows_what_was_and_what_will_be(series: Browser, session: Session) -> None:
    move = {"action": "move", "new_date": "2026-12-18", "new_time": "18:00", "notice": "planned", "do": "preview"}
    answer = series.submit(CHRISTMAS, move)
    assert answer.status_code == 200
    assert TIMES.findall(answer.text) == ["2026-12-25T19:30", "2026-12-18T18:00"]
    assert christmas(session).status is OccurrenceStatus.SCHEDULED


def test_moved_date_keeps_its_place_in_the_series(series: Browser, session: Session) -> None:
    move = {"action": "move", "new_date": "2026-12-18", "new_time": "18:00", "notice": "planned", "do": "publish"}
    assert series.submit(CHRISTMAS, move).status_code == 303
    date = christmas(session)
    assert (date.status, date.start_utc.isoformat()) == (OccurrenceStatus.MOVED, "2026-12-18T18:00:00+00:00")
    assert starts(session)[:10] == LAST_FRIDAYS


def test_relocated_date_has_its_own_place(series: Browser, session: Session) -> None:
    move = {"action": "relocate", "venue_name": "Chapel Hall", "notice": "urgent", "do": "publish"}
    assert series.submit(CHRISTMAS, move).status_code == 303
    date = christmas(session)
    assert date.venue is not None
    assert (date.status, date.venue.name) == (OccurrenceStatus.RELOCATED, "Chapel Hall")


def test_undone_change_leaves_the_date_as_it_was(series: Browser, session: Session) -> None:
    series.submit(CHRISTMAS, {"action": "cancel", "notice": "planned", "do": "publish"})
    assert "Undo the change" in series.get(CHRISTMAS).text
    answer = series.submit(f"{CHRISTMAS}/restore", page=CHRISTMAS)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{MANAGE}?done=restored")
    assert christmas(session).status is OccurrenceStatus.SCHEDULED
    assert "Undo the change" not in series.get(CHRISTMAS).text


def test_pause_takes_its_dates_away_and_gives_them_back(series: Browser, session: Session) -> None:
    pause = {"first_date": "2026-12-20", "last_date": "2027-01-31", "public_note": "Winter."}
    assert series.submit(f"{SERIES_PAGE}/pauses", pause, page=SERIES_PAGE).status_code == 303
    assert starts(session)[:2] == ["2026-11-27T19:30", "2027-02-26T19:30"]
    page = series.get(SERIES_PAGE).text
    assert "20 December 2026 to 31 January 2027" in page
    found = re.search(rf'action="({SERIES_PAGE}/pauses/[^"]+/remove)"', page)
    assert found
    assert series.submit(found[1], page=SERIES_PAGE).status_code == 303
    assert starts(session)[:10] == LAST_FRIDAYS


def test_ended_series_has_no_dates_after_its_last_day(series: Browser, session: Session) -> None:
    assert series.submit(f"{SERIES_PAGE}/end", {"end_date": "2027-02-26"}, page=SERIES_PAGE).status_code == 303
    assert starts(session) == LAST_FRIDAYS[:4]


def test_confirmed_listing_carries_the_day(group: Browser, session: Session) -> None:
    answer = group.submit(f"{MANAGE}/confirm", page=MANAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{MANAGE}?done=confirmed")
    assert str(session.scalars(select(Group.confirmed_on)).one()) == "2026-11-24"
    assert "24 November 2026" in group.get(MANAGE).text


def test_listing_can_be_reworded(group: Browser, session: Session) -> None:
    words = GROUP | {"summary": "Tea, and an hour to talk.", "city": "York"}
    assert group.submit(f"{MANAGE}/listing", words).status_code == 303
    session.expire_all()
    made = session.scalars(select(Group)).one()
    assert (made.slug, made.summary, made.city) == ("window-seat", "Tea, and an hour to talk.", "York")
