"""Formats of a group: begun from a preset, changed part by part without a script, given to its meetings, and in its file."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from groupsite.domain.meeting_format import segments_of
from groupsite.domain.permissions import VISITOR
from groupsite.formats import group_file
from groupsite.models import AuditEntry, Group, MeetingFormat, MeetingSeries
from groupsite.services import formats, group_files
from tests.browser import Browser
from tests.members import statements
from tests.plugins.application import MORNING
from tests.worlds import GROUP, become

HERE = f"/groups/{GROUP}/manage/formats"
PART = {"title": "A poem", "minutes": "4", "led_by": "volunteer reader", "when": "inside"}


@pytest.fixture
def facilitator(app: Flask, session: Session, sample: None) -> Browser:
    return become(app, session, "facilitator")[0]


def row_of(session: Session, slug: str) -> MeetingFormat:
    session.expire_all()
    mine = select(MeetingFormat).join(Group, Group.id == MeetingFormat.group_id)
    return session.scalars(mine.where(Group.slug == GROUP, MeetingFormat.slug == slug)).one()


def titles(session: Session, slug: str) -> list[str]:
    return [one.title for one in segments_of(row_of(session, slug).segments)]


def made(browser: Browser, **fields: str) -> str:
    answer = browser.submit(HERE, {"name": "Our evening", "style": "coda_style", "length": "75"} | fields)
    assert answer.status_code == 303, answer.text
    return re.sub(r"\?.*", "", answer.headers["Location"])


def test_format_begins_with_a_preset_and_fills_its_length(facilitator: Browser, session: Session) -> None:
    assert made(facilitator) == f"{HERE}/our-evening"
    row = row_of(session, "our-evening")
    assert (row.total_minutes, row.share_limit_minutes) == (75, 3)
    assert "Readings, a volunteer for each" in titles(session, "our-evening")
    assert made(facilitator) == f"{HERE}/our-evening-2"


def test_parts_are_added_moved_changed_and_taken_out(facilitator: Browser, session: Session) -> None:
    place = made(facilitator, style="independent")
    before = titles(session, "our-evening")
    facilitator.submit(f"{place}/parts", PART, page=place)
    assert titles(session, "our-evening") == [*before, "A poem"]
    last = len(before) + 1
    facilitator.submit(f"{place}/parts/{last}/move", {"seen": "A poem", "to": "up"}, page=place)
    assert titles(session, "our-evening") == [*before[:-1], "A poem", before[-1]]
    facilitator.submit(f"{place}/parts/{last - 1}", PART | {"seen": "A poem", "title": "A song", "when": "newcomer"})
    changed = segments_of(row_of(session, "our-evening").segments)[last - 2]
    assert (changed.title, changed.condition, changed.order) == ("A song", "newcomer_present", last - 1)
    facilitator.submit(f"{place}/parts/{last - 1}/remove", {"seen": "A song"}, page=place)
    assert titles(session, "our-evening") == before
    assert row_of(session, "our-evening").total_minutes == 75


def test_part_that_somebody_else_moved_meanwhile_is_left_alone(facilitator: Browser, session: Session) -> None:
    place = made(facilitator)
    before = titles(session, "our-evening")
    answer = facilitator.submit(f"{place}/parts/2/remove", {"seen": before[0]}, page=place)
    assert (answer.status_code, titles(session, "our-evening")) == (409, before)
    assert "changed the order meanwhile" in answer.text
    answer = facilitator.submit(f"{place}/parts/2", PART | {"seen": before[0]})
    assert (answer.status_code, titles(session, "our-evening")) == (400, before)


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"minutes": ""}, {"minutes": "0"}, {"minutes": "x"}, {"when": "never"}, {"title": "a\0b"}]
)
def test_part_that_cannot_be_is_refused_beside_its_field(
    facilitator: Browser, session: Session, wrong: dict[str, str]
) -> None:
    place = made(facilitator)
    before = titles(session, "our-evening")
    answer = facilitator.submit(f"{place}/parts", PART | wrong, page=place)
    assert (answer.status_code, titles(session, "our-evening")) == (400, before)
    assert "field__error" in answer.text


def test_meeting_is_given_a_format_and_loses_one_that_is_removed(facilitator: Browser, session: Session) -> None:
    place = made(facilitator)
    series = select(MeetingSeries.format_slug).join(Group, Group.id == MeetingSeries.group_id)
    mine = series.where(Group.slug == GROUP, MeetingSeries.slug == "main")
    facilitator.submit(f"{HERE}/use", {"series": "main", "format": "our-evening"}, page=HERE)
    assert session.scalar(mine) == "our-evening"
    facilitator.submit(f"{place}/remove", page=place)
    assert session.scalar(mine) is None
    for fields in ({"series": "main", "format": "nothing"}, {"series": "nothing", "format": ""}):
        assert facilitator.submit(f"{HERE}/use", fields, page=HERE).status_code == 404


def test_format_is_described_or_refused(facilitator: Browser, session: Session) -> None:
    place = made(facilitator)
    facilitator.submit(place, {"name": "Evenings", "share_limit": ""})
    assert (row_of(session, "our-evening").name, row_of(session, "our-evening").share_limit_minutes) == (
        "Evenings",
        None,
    )
    assert facilitator.submit(place, {"name": "", "share_limit": "5"}).status_code == 400


def test_number_of_formats_and_parts_has_an_end(facilitator: Browser, session: Session) -> None:
    place = made(facilitator)
    group = session.scalars(select(Group).where(Group.slug == GROUP)).one()
    left = 40 - len(titles(session, "our-evening"))
    for _ in range(left):
        assert facilitator.submit(f"{place}/parts", PART, page=place).status_code == 303
    assert "40 parts at most" in facilitator.submit(f"{place}/parts", PART, page=place).text
    for _ in range(18):
        formats.create(session, VISITOR, group, name="One", style="independent", length=60, now=MORNING)  # type: ignore[arg-type]
    session.commit()
    full = facilitator.submit(HERE, {"name": "Too many", "style": "independent", "length": "60"})
    assert (full.status_code, "20 formats at most" in full.text) == (400, True)


def test_public_page_says_roughly_what_happens_and_no_more(app: Flask, facilitator: Browser, session: Session) -> None:
    place = made(facilitator)
    facilitator.submit(f"{place}/parts", PART | {"note": "Ask Wes first.", "when": "after"}, page=place)
    facilitator.submit(f"{HERE}/use", {"series": "main", "format": "our-evening"}, page=HERE)
    page = Browser(app.test_client()).get(f"/groups/{GROUP}").text
    assert "Arrivals and hello, 15 min, before the meeting" in page
    assert "Welcome to newcomers, first names only, 2 min (sometimes)" in page
    assert "A poem, 4 min, after the meeting" in page
    assert [word for word in ("Ask Wes", "sharing_guidelines", "Sharing guidelines") if word in page] == []


def test_trusted_servant_sees_formats_and_finds_no_button(app: Flask, session: Session, sample: None) -> None:
    browser, _ = become(app, session, "trusted servant")
    for path in (HERE, f"{HERE}/sharing-90", f"/groups/{GROUP}/manage/texts/opening"):
        page = browser.get(path)
        assert page.status_code == 200
        assert [one for one in re.findall(r'action="([^"]+)"', page.text) if "/manage" in one] == []
    assert browser.submit(HERE, {"name": "Mine"}, page="/account").status_code == 403


def test_changes_are_audited_with_ids_alone(facilitator: Browser, session: Session) -> None:
    place = made(facilitator, name="Lanterns of Marisol")
    facilitator.submit(f"{place}/parts", PART, page=place)
    facilitator.submit(f"{HERE}/use", {"series": "main", "format": "lanterns-of-marisol"}, page=HERE)
    facilitator.submit(f"{place}/remove", page=place)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.verb.like("format.%")).order_by(AuditEntry.id)).all()
    assert [one.verb for one in entries] == ["format.created", "format.changed", "format.chosen", "format.removed"]
    assert [one for one in entries if "arisol" in str(one.subject) or "poem" in str(one.subject)] == []


def test_group_file_gives_formats_back_with_what_is_before_and_after(facilitator: Browser, session: Session) -> None:
    made(facilitator)
    session.commit()
    dumped = group_files.dump(session, GROUP)
    assert dumped is not None
    ours = next(one for one in json.loads(dumped)["formats"] if one["slug"] == "our-evening")
    assert [one.get("outside") for one in ours["segments"]][:: len(ours["segments"]) - 1] == ["before", "after"]
    session.delete(session.scalars(select(Group).where(Group.slug == GROUP)).one())
    session.commit()
    group_files.load(session, VISITOR, group_file.parse(dumped), now=MORNING)
    session.commit()
    assert group_files.dump(session, GROUP) == dumped
    (loaded,) = group_files.load(session, VISITOR, group_file.parse(dumped), now=MORNING + timedelta(hours=1))
    assert loaded.outcome is group_files.Outcome.SAME


def test_list_of_formats_asks_the_same_of_the_database_for_one_and_for_many(
    facilitator: Browser, session: Session, connection: Connection
) -> None:
    def asked() -> int:
        with statements(connection) as seen:
            assert facilitator.get(HERE).status_code == 200
        return len(seen)

    few = asked()
    for number in range(12):
        made(facilitator, name=f"Evening {number}")
    assert asked() == few
