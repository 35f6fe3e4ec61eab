"""Texts of a group: who reads them when, and every place where no word of them may ever be."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.meeting_format import segments_of
from groupsite.domain.permissions import VISITOR
from groupsite.domain.texts import TextDraft
from groupsite.domain.words import TextVisibility
from groupsite.models import DeliveryKind, Group, GroupText, MeetingFormat
from groupsite.services import group_files, texts
from tests.browser import Browser
from tests.contracts.test_leaks import walk
from tests.integration.test_discreet_mail import everything_shown, subjects
from tests.members import account, new_member, taken_along
from tests.plugins.application import MORNING, Clock
from tests.post_office import PostOffice
from tests.worlds import ANOTHER, GROUP, INSIDE, become

FORMATS = f"/groups/{GROUP}/manage/formats"
TEXT = f"/groups/{GROUP}/manage/texts/opening"
READ = f"/groups/{GROUP}/texts"
WORDS = "Quokkas sit beside the lamp."
STARTS = MORNING + timedelta(hours=15)
"""Tonight's meeting: 90 minutes from midnight UTC."""
MINUTE = timedelta(minutes=1)


def filled(browser: Browser, visibility: str = "members", **more: str) -> int:
    fields = {"version": "0", "body": WORDS, "visibility": visibility, "may_be_used": "y"} | more
    return browser.submit(TEXT, fields).status_code


@pytest.fixture
def facilitator(app: Flask, session: Session, sample: None) -> Browser:
    return become(app, session, "facilitator")[0]


@pytest.fixture
def member(app: Flask, session: Session, sample: None) -> Browser:
    return become(app, session, "member")[0]


def text_row(session: Session) -> GroupText | None:
    session.expire_all()
    mine = select(GroupText).join(Group, Group.id == GroupText.group_id)
    return session.scalars(mine.where(Group.slug == GROUP, GroupText.slot == "opening")).one_or_none()


def test_no_text_is_shipped(facilitator: Browser, session: Session) -> None:
    assert session.scalars(select(GroupText)).all() == []
    assert "Empty" in facilitator.get(FORMATS).text


def test_text_needs_the_tick_that_it_may_be_used(facilitator: Browser, session: Session) -> None:
    answer = facilitator.submit(TEXT, {"version": "0", "body": WORDS, "visibility": "members"})
    assert (answer.status_code, text_row(session)) == (400, None)
    assert "only if your group may use the text" in answer.text
    assert WORDS in answer.text
    assert facilitator.submit(TEXT, {"version": "0", "body": "", "visibility": "members"}).status_code == 303
    row = text_row(session)
    assert row is not None
    assert (row.body, row.may_be_used, row.version) == ("", False, 1)


def test_second_of_two_writers_is_told_and_changes_nothing(facilitator: Browser, session: Session) -> None:
    assert filled(facilitator) == 303
    answer = facilitator.submit(TEXT, {"version": "0", "body": "Mine", "visibility": "members", "may_be_used": "y"})
    assert (answer.status_code, "Somebody else changed this text" in answer.text) == (400, True)
    row = text_row(session)
    assert row is not None
    assert (row.body, row.version) == (WORDS, 1)
    assert filled(facilitator, version="1", body="New words.") == 303


@pytest.mark.parametrize("fields", [{"version": "x"}, {"body": "x" * 10_001}, {"visibility": "public"}, {"body": "\0"}])
def test_text_that_cannot_be_is_refused(facilitator: Browser, session: Session, fields: dict[str, str]) -> None:
    assert (filled(facilitator, **fields), text_row(session)) == (400, None)


def test_removed_text_leaves_nothing(facilitator: Browser, session: Session) -> None:
    filled(facilitator)
    assert facilitator.submit(f"{TEXT}/remove", page=TEXT).status_code == 303
    assert text_row(session) is None
    assert facilitator.submit(f"{TEXT}/remove", page=TEXT).status_code == 404


def test_name_of_a_new_text_leads_to_its_page_and_stores_nothing(facilitator: Browser, session: Session) -> None:
    answer = facilitator.submit(f"/groups/{GROUP}/manage/texts", {"slot": "A Quiet Minute"}, page=FORMATS)
    assert answer.headers["Location"] == f"/groups/{GROUP}/manage/texts/a_quiet_minute"
    assert facilitator.get(answer.headers["Location"]).status_code == 200
    assert session.scalars(select(GroupText)).all() == []
    assert facilitator.get(f"/groups/{GROUP}/manage/texts/Not-a-slot").status_code == 404


def test_text_for_members_is_read_by_members_alone(app: Flask, session: Session, facilitator: Browser) -> None:
    filled(facilitator, "members")
    readers = {person: WORDS in become(app, session, person)[0].get(READ).text for person in sorted(INSIDE)}
    assert set(readers.values()) == {True}
    for person in ("visitor", "stranger", "former member", "asker", "admin"):
        assert WORDS not in become(app, session, person)[0].get(READ, follow_redirects=True).text


def test_text_of_the_meeting_is_there_from_half_an_hour_before_to_its_end(
    app: Flask, session: Session, facilitator: Browser, clock: Clock
) -> None:
    filled(facilitator, "during_meeting")
    seen: list[bool] = []
    starts = STARTS + timedelta(weeks=1)  # tonight another meeting of theirs comes right after
    for moment in (starts - 31 * MINUTE, starts - 30 * MINUTE, starts + 89 * MINUTE, starts + 90 * MINUTE):
        clock.now = moment
        member = new_member(app, f"member-{len(seen)}", {GROUP: f"Member {len(seen)}"})
        seen.append(WORDS in member.get(READ).text)
    assert seen == [False, True, True, False]


def test_text_for_readers_is_shown_to_trusted_servants_alone(
    app: Flask, session: Session, facilitator: Browser, member: Browser, clock: Clock
) -> None:
    filled(facilitator, "readers_only")
    servant, _ = become(app, session, "trusted servant")
    sheet = f"/groups/{GROUP}/meetings/main/2026-11-24T1900/sheet"
    assert WORDS in servant.get(sheet).text
    assert WORDS in servant.get(TEXT).text
    assert member.get(TEXT).status_code == 403
    for path in (READ, f"{sheet}/time", f"{sheet}/state"):
        assert WORDS not in member.get(path).text
    assert WORDS not in servant.get(READ).text


def test_text_of_another_group_is_not_read_by_address(app: Flask, session: Session, facilitator: Browser) -> None:
    filled(facilitator)
    elsewhere, _ = become(app, session, "facilitator", ANOTHER)
    assert elsewhere.get(TEXT).status_code == 403
    assert WORDS not in elsewhere.get(f"/groups/{ANOTHER}/manage/texts/opening").text


def test_text_becomes_safe_html(facilitator: Browser) -> None:
    filled(facilitator, body="*Slowly.* <script>alert(1)</script> [x](https://example.org)")
    page = facilitator.get(READ).text.split("<main", 1)[1]
    assert "<em>Slowly.</em>" in page
    assert "<script" not in page
    assert 'href="https://example.org"' not in page


@pytest.mark.parametrize("visibility", ["readers_only", "during_meeting", "members"])
def test_no_public_page_feed_search_mail_or_file_holds_a_text(
    app: Flask, session: Session, facilitator: Browser, member: Browser, clock: Clock, visibility: str
) -> None:
    """At the very hour of the meeting. Pages of members other than the one of texts hold none either."""
    filled(facilitator, visibility, source_note="Wombat press")
    clock.now = STARTS + MINUTE
    visitor = Browser(app.test_client())
    pages = walk(visitor)
    pages |= {path: visitor.get(path).text for path in (
        "/meetings.json", f"/groups/{GROUP}/calendar.ics", "/meetings?q=Quokkas", "/meetings.json?q=Wombat",
    )}  # fmt: skip
    reader = new_member(app, "somebody-else", {GROUP: "Else"})
    pages |= {path: reader.get(path).text for path in (
        f"/groups/{GROUP}", f"/groups/{GROUP}/meetings/main/2026-11-24T1900", "/home", f"/groups/{GROUP}/shares",
    )}  # fmt: skip
    reader.submit("/account/calendar", {"level": "full"})
    pages["own archive and calendars"] = str(taken_along(reader))
    assert "BEGIN:VEVENT" in pages["own archive and calendars"]
    assert len(pages) > 50
    pages["group file"] = (group_files.dump(session, GROUP) or b"").decode()
    assert "sharing-90" in pages["group file"]
    assert [path for path, page in pages.items() if "Quokkas sit" in page or "Wombat press" in page] == []


@pytest.mark.parametrize("kind", DeliveryKind)
def test_no_mail_of_any_kind_holds_a_text(post: PostOffice, session: Session, kind: DeliveryKind) -> None:
    """Her mails of this kind, discreet or not, about every way in which a date may differ, with each slot of her groups filled."""
    for row in session.scalars(select(MeetingFormat)):
        for slot in {one.text_slot for one in segments_of(row.segments) if one.text_slot}:
            text = TextDraft(WORDS, TextVisibility.MEMBERS, "Wombat press", may_be_used=True)
            texts.save(session, VISITOR, session.get_one(Group, row.group_id), slot, text, version=0, now=MORNING)
    her = account(session, "charlene")
    mails = []
    for is_discreet in (True, False):
        her.discreet = is_discreet
        mails += [everything_shown(post, session, one) for one in subjects(session, her, kind)]
    assert mails
    assert [mail for mail in mails if "Quokkas" in mail or "Wombat" in mail] == []
