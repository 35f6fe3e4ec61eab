"""A facilitator brings in a calendar: what would come is shown first, what was ticked comes once."""

import re
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from groupsite.domain.words import Modality, Reveal
from groupsite.logging import get_logger
from groupsite.models import MeetingSeries, SeriesOverride
from tests.bombs import BOMBS, calendar, event
from tests.browser import TOKEN, Browser
from tests.facilitator import MANAGE, TIMES, count, named_fields, start_group, starts

IMPORTS = Path(__file__).parents[1] / "data" / "imports"
BRING_IN = f"{MANAGE}/meetings/import"
KEY = re.compile(r'name="chosen"\s+value="([0-9a-f]{64})"\s+(checked)?')
GOOGLE = (IMPORTS / "google.ics").read_bytes()
TOO_LARGE_TO_BE_SENT = {
    "million of exdates", "one line of 10 MB", "100,000 nested", "100,000 alarms", "begins", "10,000 events",
}  # fmt: skip
EVENINGS = ["2026-11-24T19:00", "2026-12-01T19:00", "2026-12-08T19:00", "2026-12-16T18:00", "2026-12-29T19:00", "2027-01-05T19:00",
            "2027-01-12T19:00", "2027-01-19T19:00", "2027-01-26T19:00", "2027-02-02T19:00"]  # fmt: skip


@pytest.fixture
def group(client: Browser) -> Browser:
    return start_group(client)


def paste(browser: Browser, content: bytes | str, **fields: Any) -> TestResponse:
    text = content.decode() if isinstance(content, bytes) else content
    return browser.submit(BRING_IN, {"content": text, "timezone": "America/New_York", "do": "preview"} | fields)


def upload(browser: Browser, content: bytes, **fields: Any) -> TestResponse:
    return paste(browser, "", file=(BytesIO(content), "calendar.ics"), **fields)


def send_whole(browser: Browser, path: str, token: str, field: str, size: int) -> TestResponse:
    """The form with so many bytes in one of its fields, as a browser writes it: bytes keep no file open."""
    named = f'name="{field}"' + ('; filename="all.ics"' if field == "file" else "")
    parts = {'name="csrf_token"': token, 'name="timezone"': "Europe/London", named: "x" * size}
    body = "".join(f"--b\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n" for name, value in parts.items())
    return browser.client.post(path, data=f"{body}--b--\r\n".encode(), content_type="multipart/form-data; boundary=b")


def keys(answer: TestResponse) -> list[str]:
    return [key for key, _ in KEY.findall(answer.text)]


def bring_in(browser: Browser, content: bytes | str) -> TestResponse:
    """Everything that the page offers."""
    return paste(browser, content, chosen=keys(paste(browser, content)), do="save")


def brought(session: Session) -> list[MeetingSeries]:
    session.expire_all()
    return list(session.scalars(select(MeetingSeries).order_by(MeetingSeries.position)))


def test_pasted_calendar_is_shown_and_nothing_is_stored(group: Browser, session: Session) -> None:
    answer = paste(group, GOOGLE)
    assert answer.status_code == 200
    assert TIMES.findall(answer.text) == EVENINGS
    for said in ("Tuesday evening", "Every Tuesday: 19:00, 90 minutes, New York time", "Harbour House, 12 Quay Street, Portland",
                 "Only members of the group will see it.", "Names and addresses of people", "BEGIN:VCALENDAR"):  # fmt: skip
        assert said in answer.text
    assert [ticked for _, ticked in KEY.findall(answer.text)] == ["checked"]
    assert count(session, MeetingSeries) == 0


def test_chosen_series_comes_with_its_changes_and_its_link_for_members(group: Browser, session: Session) -> None:
    answer = bring_in(group, GOOGLE)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{MANAGE}?done=imported")
    (series,) = brought(session)
    assert (series.title, series.slug, series.modality) == ("Tuesday evening", "tuesday-evening", Modality.HYBRID)
    assert series.join
    assert (series.join.url, series.join.reveal) == ("https://meet.google.com/abc-defg-hij", Reveal.MEMBERS)
    assert count(session, SeriesOverride) == 1
    assert "2026-12-22T19:00" not in starts(session)
    assert "What you ticked is here now." in group.get(answer.headers["Location"]).text


def test_link_that_came_is_not_public(group: Browser) -> None:
    bring_in(group, GOOGLE)
    group.submit("/sign-out", page=MANAGE)
    for path in ("/groups/window-seat", "/groups/window-seat/calendar.ics", "/meetings.json"):
        assert "abc-defg-hij" not in group.get(path).text


def test_link_and_code_in_a_name_are_nowhere_public(group: Browser, session: Session) -> None:
    bring_in(group, calendar(event()).replace(b"Evening", b"Evening zoom.us/j/998877 passcode 4711"))
    (series,) = brought(session)
    assert series.join
    assert (series.title, series.slug, series.join.url) == ("Evening", "evening", "https://zoom.us/j/998877")


def test_uploaded_calendar_stays_in_the_text_for_the_next_step(group: Browser, session: Session) -> None:
    answer = upload(group, GOOGLE)
    assert TIMES.findall(answer.text) == EVENINGS
    (kept,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", answer.text, re.DOTALL)
    assert "UID:4m2k0vq6h1c3n8s5t7r9a1b2c3@google.com" in kept
    assert paste(group, GOOGLE, chosen=keys(answer), do="save").status_code == 303
    assert len(brought(session)) == 1


def test_same_calendar_again_brings_nothing_twice(group: Browser, session: Session) -> None:
    again = paste(group, GOOGLE)
    bring_in(group, GOOGLE)
    answer = paste(group, GOOGLE, chosen=keys(again), do="save")
    assert (answer.status_code, "It is already here." in answer.text) == (400, True)
    assert "Tick at least one meeting that is not here yet." in answer.text
    assert len(brought(session)) == 1


def test_same_calendar_may_come_into_another_group(group: Browser, session: Session) -> None:
    bring_in(group, GOOGLE)
    made = group.submit("/groups/new", {"name": "Second Seat", "family": "independent", "attendance": "observers_welcome",
                                        "holidays": "ask", "display_name": "Robin", "locale": "en"})  # fmt: skip
    assert made.status_code == 303
    other = "/groups/second-seat/manage/meetings/import"
    fields = {"content": GOOGLE.decode(), "timezone": "America/New_York"}
    chosen = keys(group.submit(other, fields | {"do": "preview"}))
    assert group.submit(other, fields | {"do": "save", "chosen": chosen}).status_code == 303
    one, two = brought(session)
    assert one.source_hash != two.source_hash


def test_own_calendar_is_already_here(group: Browser) -> None:
    bring_in(group, GOOGLE)
    answer = paste(group, group.get("/groups/window-seat/calendar.ics").data)
    assert ("It is already here." in answer.text, keys(answer)) == (True, [])


def test_several_meetings_are_not_ticked_before_somebody_looked(group: Browser, session: Session) -> None:
    both = calendar(event(uid="1"), event("RRULE:FREQ=WEEKLY", "CLASS:PRIVATE", uid="2"))
    answer = paste(group, both)
    assert [ticked for _, ticked in KEY.findall(answer.text)] == ["", ""]
    refused = paste(group, both, do="save")
    assert (refused.status_code, "Tick at least one meeting" in refused.text) == (400, True)
    assert paste(group, both, chosen=keys(answer)[1:], do="save").status_code == 303
    assert [series.rrule for series in brought(session)] == ["FREQ=WEEKLY"]


def test_name_that_the_group_has_already_is_said(group: Browser, session: Session) -> None:
    bring_in(group, calendar(event(uid="1")))
    answer = paste(group, calendar(event(uid="2")))
    assert "The group already has a meeting with the name “Evening”." in answer.text
    bring_in(group, calendar(event(uid="2")))
    assert [series.slug for series in brought(session)] == ["evening", "evening-2"]


def test_what_cannot_come_is_named_with_its_reason(group: Browser) -> None:
    answer = paste(group, (IMPORTS / "apple.ics").read_bytes())
    assert "<strong>Service day</strong>: It takes whole days and has no hour." in answer.text
    answer = paste(group, calendar(event("RRULE:FREQ=SECONDLY")))
    assert ("It repeats by the hour or faster." in answer.text, keys(answer)) == (True, [])


def test_words_of_the_file_are_text_on_the_page(group: Browser) -> None:
    answer = paste(
        group, calendar(event("LOCATION:<img src=x>", "SUMMARY:x"), event(uid="<b>")).replace(b"Evening", b"<script>")
    )
    assert answer.status_code == 200
    assert ("<img src=x>" in answer.text, "<script>\n" in answer.text, "&lt;script&gt;" in answer.text) == (
        False,
        False,
        True,
    )


@pytest.mark.parametrize("name", sorted(set(BOMBS) - TOO_LARGE_TO_BE_SENT))
def test_bomb_gives_a_page(group: Browser, session: Session, name: str) -> None:
    for answer in (upload(group, BOMBS[name]()), upload(group, BOMBS[name](), do="save")):
        assert answer.status_code in {200, 400}
    assert count(session, MeetingSeries) == 0


@pytest.mark.parametrize("sent", [{"content": "Dear all"}, {"content": ""}, {"content": "x" * 300_000}, {}])
def test_text_that_is_no_calendar_is_refused_and_stays(group: Browser, sent: dict[str, str]) -> None:
    answer = group.submit(BRING_IN, {"timezone": "Europe/London", "do": "preview"} | sent)
    assert (answer.status_code, named_fields(answer)) == (400, {"content"})
    assert sent.get("content", "") in answer.text


def test_refused_file_leaves_the_text_as_it_was(group: Browser) -> None:
    packed = (BytesIO(b"PK\x03\x04packed"), "calendar.zip")
    answer = paste(group, "what was pasted before", file=packed)
    assert (answer.status_code, named_fields(answer)) == (400, {"file"})
    assert ("This file is packed." in answer.text, "what was pasted before" in answer.text) == (True, True)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd"])
def test_unknown_zone_is_refused_beside_its_field(group: Browser, zone: str) -> None:
    answer = paste(group, GOOGLE, timezone=zone)
    assert (answer.status_code, named_fields(answer)) == (400, {"timezone"})
    assert "4m2k0vq6h1c3n8s5t7r9a1b2c3" in answer.text


def test_far_too_large_upload_shows_the_form_again(group: Browser, session: Session) -> None:
    bring_in(group, calendar(event()))
    token = group.token(BRING_IN)
    for answer in (
        send_whole(group, BRING_IN, token, "file", 1_000_000),
        send_whole(group, BRING_IN, token, "content", 600_000),
    ):
        assert (answer.status_code, named_fields(answer)) == (413, {"file"})
        assert "Export only this group&#39;s calendar" in answer.text
        assert re.search(r'<option selected value="Europe/London">', answer.text)
        again = {"csrf_token": TOKEN.findall(answer.text)[0], "content": GOOGLE.decode(), "timezone": "Europe/London"}
        assert group.post(BRING_IN, again).status_code == 200
    assert len(brought(session)) == 1


@pytest.mark.parametrize("login", ["charlene", ""])
def test_far_too_large_upload_shows_the_form_to_nobody_else(client: Browser, sample: None, login: str) -> None:
    if login:
        client.sign_in(login)
    path = "/groups/tuesday-lantern/manage/meetings/import"
    answer = send_whole(client, path, "", "file", 2_000_000)
    assert ("Bring in a calendar" in answer.text, answer.status_code in {403, 413}) == (False, True)


def test_keys_of_other_pages_bring_nothing(group: Browser, session: Session) -> None:
    assert paste(group, GOOGLE, chosen=["0" * 64, "'; --", "<b>"], do="save").status_code == 400
    assert count(session, MeetingSeries) == 0


def test_zone_of_the_last_meeting_is_offered(group: Browser) -> None:
    bring_in(group, GOOGLE)
    assert re.search(r'<option selected value="America/New_York">', group.get(BRING_IN).text)


def test_nothing_of_the_file_is_logged(group: Browser, log: StringIO, caplog: pytest.LogCaptureFixture) -> None:
    bring_in(group, GOOGLE)
    paste(group, GOOGLE.replace(b"END:VEVENT", b""))
    get_logger().info("seen")
    written = log.getvalue() + caplog.text
    assert '"event": "seen"' in written
    assert [word for word in ("canary", "4m2k0vq6h1c3n8s5t7r9a1b2c3", "Harbour House") if word in written] == []
