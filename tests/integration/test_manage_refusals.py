"""What is wrong on a facilitator's forms is named beside its field, nothing of it is stored; strangers get nowhere."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.words import OccurrenceStatus
from groupsite.models import Group, ListingConfirmation, MeetingSeries, Membership, OccurrenceRow
from tests.browser import Browser
from tests.facilitator import (
    ADD,
    CHRISTMAS,
    GROUP,
    LAST_FRIDAYS,
    MANAGE,
    SERIES,
    SERIES_PAGE,
    christmas,
    count,
    named_fields,
    start_group,
    start_meeting,
    starts,
)
from tests.plugins.application import Clock


@pytest.fixture
def group(client: Browser) -> Browser:
    return start_group(client)


@pytest.fixture
def series(client: Browser) -> Browser:
    return start_meeting(client)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\r\n"}, "name"),
        ({"name": "Window\r\nBcc: all"}, "name"),
        ({"name": "Seat\u202etaes"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"summary": "x" * 5000}, "summary"),
        ({"arrival_note": "bell\x07"}, "arrival_note"),
        ({"family": "alateen"}, "family"),
        ({"attendance": ""}, "attendance"),
        ({"display_name": ""}, "display_name"),
        ({"display_name": "Robin\r\nX: y"}, "display_name"),
        ({"display_name": "\u2800"}, "display_name"),
    ],
)
def test_group_with_one_wrong_field_is_refused(
    client: Browser, session: Session, wrong: dict[str, str], field: str
) -> None:
    client.sign_up("robin")
    answer = client.submit("/groups/new", GROUP | wrong)
    assert (answer.status_code, named_fields(answer)) == (400, {field})
    assert "A quiet hour" in answer.text or field == "summary"
    assert (count(session, Group), count(session, Membership)) == (0, 0)


@pytest.mark.parametrize("missing", ["name", "display_name"])
def test_group_without_a_field_is_refused(client: Browser, session: Session, missing: str) -> None:
    client.sign_up("robin")
    answer = client.submit("/groups/new", {name: value for name, value in GROUP.items() if name != missing})
    assert (answer.status_code, named_fields(answer)) == (400, {missing})
    assert count(session, Group) == 0


@pytest.mark.parametrize("button", ["preview", "save"])
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "Friday\r\nevening"}, "title"),
        ({"title": "x" * 81}, "title"),
        ({"kind": "party"}, "kind"),
        ({"modality": "telepathy"}, "modality"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"first_date": "9999-12-31"}, "first_date"),
        ({"first_date": "2026-02-30"}, "first_date"),
        ({"first_date": "soon"}, "first_date"),
        ({"start_time": "25:00"}, "start_time"),
        ({"duration_minutes": "0"}, "duration_minutes"),
        ({"duration_minutes": "9" * 400}, "duration_minutes"),
        ({"duration_minutes": "an hour"}, "duration_minutes"),
        ({"cadence": "sometimes"}, "cadence"),
        ({"cadence": "weekly", "interval": "0"}, "interval"),
        ({"cadence": "weekly", "interval": "-1"}, "interval"),
        ({"weeks_of_month": []}, "weeks_of_month"),
        ({"weeks_of_month": ["6"]}, "weeks_of_month"),
        ({"weekdays": ["7"]}, "weekdays"),
        ({"ends": "until", "until": ""}, "until"),
        ({"ends": "until", "until": "9999-01-01"}, "until"),
        ({"ends": "until", "until": "2026-11-01"}, "until"),
        ({"ends": "count", "count": "0"}, "count"),
        ({"ends": "count", "count": "1000000"}, "count"),
        ({"extra_dates": "2026-12-31 20:00\nwhenever"}, "extra_dates"),
        ({"extra_dates": "9999-12-31"}, "extra_dates"),
        ({"skipped_dates": "\n".join(["2026-12-25"] * 101)}, "skipped_dates"),
        ({"venue_name": "Room\r\n4"}, "venue_name"),
        ({"modality": "online", "join_url": "javascript:alert(1)"}, "join_url"),
        ({"modality": "online", "join_url": "http://example.org/room"}, "join_url"),
        ({"modality": "phone", "join_phone": "+1 555\r\n0100"}, "join_phone"),
        ({"modality": "online", "reveal": "window", "window_minutes": "-5"}, "window_minutes"),
    ],
)
def test_series_with_one_wrong_field_is_refused(
    group: Browser, session: Session, wrong: dict[str, Any], field: str, button: str
) -> None:
    answer = group.submit(ADD, SERIES | wrong | {"do": button})
    assert (answer.status_code, named_fields(answer)) == (400, {field})
    assert count(session, MeetingSeries) == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"action": "explode"}, "action"),
        ({"action": "move", "new_date": "", "new_time": "18:00"}, "new_date"),
        ({"action": "move", "new_date": "9999-12-31", "new_time": "18:00"}, "new_date"),
        ({"action": "move", "new_date": "2026-12-18", "new_time": "noon"}, "new_time"),
        ({"action": "relocate", "venue_name": ""}, "venue_name"),
        ({"action": "relocate", "venue_name": "Hall\r\nX"}, "venue_name"),
        ({"notice": "never"}, "notice"),
        ({"public_note": "x" * 501}, "public_note"),
        ({"public_note": "\x00"}, "public_note"),
    ],
)
def test_change_with_one_wrong_field_is_refused(
    series: Browser, session: Session, wrong: dict[str, str], field: str
) -> None:
    change = {"action": "cancel", "notice": "planned", "do": "publish"}
    answer = series.submit(CHRISTMAS, change | wrong)
    assert (answer.status_code, named_fields(answer)) == (400, {field})
    assert christmas(session).status is OccurrenceStatus.SCHEDULED


@pytest.mark.parametrize(
    ("pause", "field"),
    [
        ({"first_date": "", "last_date": "2027-01-01"}, "first_date"),
        ({"first_date": "2027-01-02", "last_date": "2027-01-01"}, "last_date"),
        ({"first_date": "2027-01-02", "last_date": "9999-01-01"}, "last_date"),
    ],
)
def test_wrong_pause_is_refused(series: Browser, session: Session, pause: dict[str, str], field: str) -> None:
    answer = series.submit(f"{SERIES_PAGE}/pauses", pause, page=SERIES_PAGE)
    assert (answer.status_code, named_fields(answer)) == (400, {field})
    assert starts(session)[:10] == LAST_FRIDAYS


@pytest.mark.parametrize(
    "path",
    [
        f"{SERIES_PAGE}/2026-12-24T1930",
        f"{SERIES_PAGE}/tomorrow",
        f"{SERIES_PAGE}/9999-12-31T2359",
        f"{MANAGE}/meetings/other",
        "/groups/nowhere/manage",
    ],
)
def test_what_is_not_there_is_not_found(series: Browser, path: str) -> None:
    assert series.get(path).status_code == 404


def test_date_that_is_over_stays_as_it_was(series: Browser, session: Session, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 28, tzinfo=UTC)
    series.sign_in("robin")
    change = {"action": "cancel", "notice": "planned", "do": "publish"}
    answer = series.submit(f"{SERIES_PAGE}/2026-11-27T1930", change)
    assert (answer.status_code, "This date is over" in answer.text) == (400, True)
    statuses = set(session.scalars(select(OccurrenceRow.status)))
    assert statuses == {OccurrenceStatus.SCHEDULED}


def test_date_cannot_move_onto_another_one(series: Browser, session: Session) -> None:
    move = {"action": "move", "new_date": "2027-01-29", "new_time": "19:30", "notice": "planned", "do": "publish"}
    answer = series.submit(CHRISTMAS, move)
    assert (answer.status_code, named_fields(answer)) == (400, {"new_date"})
    assert christmas(session).status is OccurrenceStatus.SCHEDULED


def as_visitor(browser: Browser) -> None:
    browser.submit("/sign-out", page=MANAGE)


def as_outsider(browser: Browser) -> None:
    as_visitor(browser)
    browser.sign_up("jules")


def as_member(browser: Browser) -> None:
    as_outsider(browser)
    assert browser.submit("/groups/window-seat/join", {"display_name": "Jules"}).status_code == 303


@pytest.mark.parametrize(("become", "answer"), [(as_visitor, 302), (as_outsider, 403), (as_member, 403)])
def test_only_who_runs_the_group_sees_its_pages(
    series: Browser, become: Callable[[Browser], None], answer: int
) -> None:
    become(series)
    for path in (MANAGE, ADD, SERIES_PAGE, CHRISTMAS, f"{MANAGE}/listing"):
        assert series.get(path).status_code == answer


@pytest.mark.parametrize("become", [as_visitor, as_outsider, as_member])
def test_only_who_runs_the_group_changes_it(
    series: Browser, session: Session, become: Callable[[Browser], None]
) -> None:
    become(series)
    token = {"csrf_token": series.token("/sign-in" if become is as_visitor else "/account")}
    change = token | {"action": "cancel", "notice": "planned", "do": "publish"}
    for path in (CHRISTMAS, f"{CHRISTMAS}/restore", f"{MANAGE}/confirm", f"{SERIES_PAGE}/end", f"{SERIES_PAGE}/pauses"):
        assert series.post(path, change | {"end_date": "2027-01-01"}).status_code == 403
    assert christmas(session).status is OccurrenceStatus.SCHEDULED
    assert session.scalars(select(ListingConfirmation)).all() == []
