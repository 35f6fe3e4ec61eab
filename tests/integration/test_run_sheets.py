"""The run sheet of one evening: two telephones alike, one query to look, the last writer told, everything forgotten in a day."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from groupsite.domain.words import OccurrenceStatus
from groupsite.models import AuditEntry, Base, Group, MeetingFormat, OccurrenceRow
from groupsite.services import upkeep
from tests.browser import Browser
from tests.members import statements, tables_that_hold
from tests.plugins.application import Clock
from tests.sheets import DATE, ENDS, MINUTE, SECOND, SHEET, STARTS, arrive, code_of, press, sheets, state
from tests.worlds import GROUP, become


@pytest.fixture
def chair(app: Flask, session: Session, sample: None) -> Browser:
    return become(app, session, "trusted servant")[0]


@pytest.fixture
def member(app: Flask, session: Session, sample: None) -> Browser:
    return become(app, session, "member")[0]


def test_looking_stores_nothing(chair: Browser, member: Browser, session: Session) -> None:
    for path in (SHEET, f"{SHEET}/state"):
        assert chair.get(path).status_code == 200
    assert member.get(f"{SHEET}/time").status_code == 200
    assert (state(member)["version"], state(member)["current"], sheets(session)) == (0, None, [])


def test_order_fits_the_length_of_the_date(chair: Browser, session: Session) -> None:
    told = state(chair)
    assert sum(part["minutes"] for part in told["parts"]) == 90
    assert [told["parts"][index]["clock"] for index in (0, 1)] == ["19:00", "19:05"]
    row = session.scalars(select(OccurrenceRow).where(OccurrenceRow.start_utc == STARTS)).first()
    assert row is not None
    row.end_utc = STARTS + 50 * MINUTE
    session.commit()
    assert sum(part["minutes"] for part in state(chair)["parts"]) == 50


def test_second_telephone_sees_each_step(chair: Browser, member: Browser, clock: Clock, session: Session) -> None:
    arrive(session, clock, STARTS)
    chair.submit(SHEET, {"do": "go", "to": "0", "version": "0"})
    assert state(member)["current"] == 0
    clock.now = STARTS + 6 * MINUTE
    assert press(chair, "go", to=1).status_code == 200
    told = state(member)
    assert (told["current"], told["since"]) == (1, int(clock.now.timestamp() * 1000))
    assert press(chair, "go", to=0).status_code == 200
    assert state(member)["current"] == 0
    page = member.get(f"{SHEET}/time").text
    assert 'aria-current="step"' in page
    assert "Arrivals and hello" in page


def test_newcomers_part_makes_room_for_itself_and_goes_again(chair: Browser, member: Browser) -> None:
    before = state(member)["parts"]
    press(chair, "newcomer")
    told = state(member)
    assert (told["newcomer"], len(told["parts"])) == (True, len(before) + 1)
    assert sum(part["minutes"] for part in told["parts"]) == 90
    press(chair, "nobody_new")
    assert state(member)["parts"] == before


def test_thirty_seconds_are_thirty_seconds_for_everybody(
    chair: Browser, member: Browser, clock: Clock, session: Session
) -> None:
    arrive(session, clock, STARTS)
    press(chair, "go", to=0)
    press(chair, "quiet")
    assert state(member)["quietUntil"] == int((STARTS + 30 * SECOND).timestamp() * 1000)
    page = member.get(f"{SHEET}/time").text
    assert re.search(r"data-quiet\s*>", page)
    assert re.search(r"data-while-speaking\s+hidden", page)
    press(chair, "speak")
    assert state(member)["quietUntil"] is None


def test_second_of_two_who_press_is_told_and_changes_nothing(chair: Browser, member: Browser, session: Session) -> None:
    press(chair, "go", to=0)
    known = state(chair)["version"]
    assert press(chair, "go", known, to=1).status_code == 200
    late = press(chair, "go", known, to=3)
    assert (late.status_code, "Somebody else pressed a button first" in late.text) == (409, True)
    assert state(member)["current"] == 1
    (row,) = sheets(session)
    assert row.version == 2


def test_two_who_begin_at_once_begin_once(chair: Browser, session: Session) -> None:
    assert press(chair, "go", 0, to=0).status_code == 200
    assert press(chair, "go", 0, to=1).status_code == 409
    assert len(sheets(session)) == 1


def test_button_that_waited_for_the_line_counts_from_when_it_was_pressed(
    chair: Browser, clock: Clock, session: Session
) -> None:
    arrive(session, clock, STARTS)
    press(chair, "go", to=0)
    clock.now = STARTS + 10 * MINUTE
    pressed = int((STARTS + 7 * MINUTE).timestamp() * 1000)
    press(chair, "go", to=1, at=pressed)
    assert state(chair)["since"] == pressed


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "dance"},
        {"do": "go"},
        {"do": "go", "to": "99"},
        {"do": "go", "to": "-1"},
        {"do": "go", "to": "4"},
        {"do": "reader", "position": "99", "reader": "Ann"},
        {"do": "reader", "position": "1", "reader": "x" * 41},
        {"do": "reader", "position": "1", "reader": "A\u202eB"},
        {"do": "quiet", "version": ""},
        {"do": "quiet", "version": "²"},
    ],
)
def test_what_no_button_sends_is_refused_and_stores_nothing(
    chair: Browser, session: Session, fields: dict[str, str]
) -> None:
    answer = chair.submit(SHEET, {"version": "0"} | fields)
    assert (answer.status_code, sheets(session)) == (400, [])


def test_state_is_one_query_beside_whoever_asks_and_nothing_is_sent_twice(
    app: Flask, chair: Browser, member: Browser, connection: Connection
) -> None:
    code = code_of(chair).replace("-", "")
    first = member.get(f"{SHEET}/state")
    with statements(connection) as seen:
        again = member.get(f"{SHEET}/state", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    asked = [one for one in seen if "run_sheet" in one]
    assert (len(asked), len(seen)) == (1, 3)
    assert [one for one in seen if not one.lstrip().startswith("SELECT")] == []
    with statements(connection) as seen:
        assert Browser(app.test_client()).get(f"/clock/{code}/state").status_code == 200
    assert len(seen) == 1
    press(chair, "go", to=0)
    assert member.get(f"{SHEET}/state", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_sheet_asks_the_same_of_the_database_whatever_the_number_of_parts(
    chair: Browser, session: Session, connection: Connection
) -> None:
    def asked() -> int:
        with statements(connection) as seen:
            assert chair.get(SHEET).status_code == 200
        return len(seen)

    many = asked()
    one = session.scalars(
        select(MeetingFormat).join(Group, Group.id == MeetingFormat.group_id).where(Group.slug == GROUP)
    ).first()
    assert one is not None
    one.segments = one.segments[:1]
    session.commit()
    assert (asked(), len(state(chair)["parts"])) == (many, 1)


def test_sheet_is_deleted_a_day_after_the_end_and_not_before(chair: Browser, session: Session) -> None:
    press(chair, "reader", position=1, reader="Quokka")
    kept = []
    for moment in (ENDS + timedelta(hours=24) - MINUTE, ENDS + timedelta(hours=24)):
        upkeep.forget(session, now=moment)
        kept.append((len(sheets(session)), tables_that_hold(session, "Quokka")))
    assert kept == [(1, ["run_sheet"]), (0, [])]


def test_chair_can_forget_the_sheet_at_once(chair: Browser, member: Browser, session: Session) -> None:
    press(chair, "reader", position=1, reader="Quokka")
    answer = chair.submit(f"{SHEET}/forget", page=SHEET)
    assert answer.status_code == 303
    assert (sheets(session), tables_that_hold(session, "Quokka"), state(member)["version"]) == ([], [], 0)


def test_sheet_leads_to_no_person_and_is_not_audited(chair: Browser, session: Session) -> None:
    before = len(session.scalars(select(AuditEntry)).all())
    for do, fields in (("go", {"to": 0}), ("quiet", {}), ("newcomer", {}), ("reader", {"position": 1, "reader": "A"})):
        assert press(chair, do, **fields).status_code == 200
    chair.submit(f"{SHEET}/code", {"version": "4"}, page=SHEET)
    assert len(session.scalars(select(AuditEntry)).all()) == before
    leads_to = {key.column.table.name for key in Base.metadata.tables["run_sheet"].foreign_keys}
    assert leads_to == {"meeting_series"}


def test_what_has_begun_keeps_its_order(chair: Browser, session: Session) -> None:
    before = state(chair)["parts"]
    press(chair, "go", to=0)
    one = session.scalars(
        select(MeetingFormat).join(Group, Group.id == MeetingFormat.group_id).where(Group.slug == GROUP)
    ).first()
    assert one is not None
    one.segments = one.segments[:2]
    session.commit()
    assert state(chair)["parts"] == before
    chair.submit(f"{SHEET}/forget", page=SHEET)
    assert len(state(chair)["parts"]) == 2


def test_meeting_without_a_format_goes_by_a_plain_order_of_ours(app: Flask, session: Session, sample: None) -> None:
    browser, _ = become(app, session, "facilitator")
    page = browser.get(f"/groups/{GROUP}/meetings/group-conscience/2026-11-24T2040/sheet")
    assert (page.status_code, "This is a plain order of ours." in page.text) == (200, True)


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        (STARTS - timedelta(days=1) - MINUTE, 409),
        (STARTS - timedelta(days=1), 200),
        (ENDS + timedelta(hours=2) - MINUTE, 200),
        (ENDS + timedelta(hours=2), 410),
    ],
)
def test_sheet_is_open_around_its_meeting_alone(
    app: Flask, session: Session, sample: None, clock: Clock, moment: datetime, status: int
) -> None:
    browser, _ = become(app, session, "facilitator")
    arrive(session, clock, moment)
    assert [browser.get(path).status_code for path in (SHEET, f"{SHEET}/time", f"{SHEET}/state")] == [status] * 3
    links = browser.get(DATE).text
    assert (f'href="{SHEET}"' in links, f'href="{SHEET}/time"' in links) == (
        (True, True) if status == 200 else (False,) * 2
    )


def test_cancelled_date_has_no_sheet(chair: Browser, session: Session) -> None:
    row = session.scalars(select(OccurrenceRow).where(OccurrenceRow.start_utc == STARTS)).first()
    assert row is not None
    row.status = OccurrenceStatus.CANCELLED
    session.commit()
    assert chair.get(SHEET).status_code == 409
    assert SHEET not in chair.get(DATE).text


def test_date_and_series_that_are_not_there_are_not_found(chair: Browser) -> None:
    for path in ("main/2026-11-25T1900", "main/nonsense", "nothing/2026-11-24T1900"):
        assert chair.get(f"/groups/{GROUP}/meetings/{path}/sheet").status_code == 404


def test_calm_card_is_in_the_page_with_the_groups_own_words(app: Flask, session: Session, sample: None) -> None:
    browser, _ = become(app, session, "facilitator")
    place = f"/groups/{GROUP}/manage/texts/calm_card"
    words = {"version": "0", "body": "The caretaker sits behind the *blue door*.", "visibility": "readers_only"}
    assert browser.submit(place, words | {"may_be_used": "y"}).status_code == 303
    page = browser.get(SHEET).text
    assert "You are not the emergency service." in page
    assert "<em>blue door</em>" in page
    assert 'href="/help"' in page.split('class="card calm"')[1].split("</details>")[0]


def test_member_does_not_chair(member: Browser) -> None:
    assert member.get(SHEET).status_code == 403
    assert member.submit(SHEET, {"do": "go", "to": "0", "version": "0"}, page="/account").status_code == 403
    links = member.get(DATE).text
    assert (f'href="{SHEET}"' in links, f'href="{SHEET}/time"' in links) == (False, True)
