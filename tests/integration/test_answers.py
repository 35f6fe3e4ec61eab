"""Going or not this time: said in one tap, seen by nobody else, felt by the reminders of one date, and forgotten."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.discretion import betrayals
from groupsite.domain.permissions import VISITOR
from groupsite.domain.recurrence import occurrence_key
from groupsite.domain.schedule import Override
from groupsite.domain.words import Answer, MembershipState, OverrideAction
from groupsite.models import OccurrenceRow, Rsvp
from groupsite.queries.groups import series_of
from groupsite.services import date_changes, upkeep
from tests.browser import Browser
from tests.integration.test_own_calendars import made
from tests.members import tables_that_hold
from tests.plugins.application import MORNING, Clock
from tests.post_office import EVENING, PostOffice, member, tonight

LINK = re.compile(r"https://evenings\.example(/a/\S+)")


@pytest.fixture
def date(session: Session, sample: None) -> str:
    """The path of tonight's date."""
    return f"/groups/tuesday-lantern/meetings/main/{occurrence_key(tonight(session).original_local)}"


def say(client: Browser, date: str, answer: str) -> int:
    return client.submit(f"{date}/answer", {"answer": answer}, page=date).status_code


def kept(session: Session) -> list[Answer]:
    session.expire_all()
    return list(session.scalars(select(Rsvp.answer)))


def link_in(post: PostOffice) -> str:
    found = LINK.search(post.mailbox.to("charlene")[0].get_body(("plain",)).get_content())
    assert found
    return found[1]


def test_answer_is_given_changed_and_taken_back(client: Browser, session: Session, date: str) -> None:
    client.sign_in("charlene")
    assert "You said" not in client.get(date).text
    for answer, words in (("going", "going"), ("not_this_time", "not this time")):
        assert say(client, date, answer) == 303
        assert f"You said: <strong>{words}</strong>" in client.get(date).text
        assert f"You said: {words}" in client.get("/home").text
    assert say(client, date, "nothing") == 303
    assert (kept(session), "You said" in client.get(date).text) == ([], False)


def test_nobody_else_sees_an_answer(client: Browser, app: Flask, session: Session, date: str) -> None:
    client.sign_in("charlene")
    pages = [
        date,
        "/groups/tuesday-lantern",
        "/groups/tuesday-lantern/manage",
        "/groups/tuesday-lantern/people",
        "/home",
    ]
    marisol = Browser(app.test_client())
    marisol.sign_in("marisol")
    before = [re.sub(r'value="[^"]+"', "", marisol.get(page).text) for page in pages]
    assert say(client, date, "going") == 303
    assert [re.sub(r'value="[^"]+"', "", marisol.get(page).text) for page in pages] == before
    assert tables_that_hold(session, "going") == ["rsvp"]


@pytest.mark.parametrize("answer", ["", "maybe", "undecided", "GOING", "going\r\nx", "x" * 10_000])
def test_answer_that_is_none_is_refused(client: Browser, session: Session, date: str, answer: str) -> None:
    client.sign_in("charlene")
    assert (say(client, date, answer), kept(session)) == (400, [])


def test_date_that_is_over_takes_no_answer(client: Browser, session: Session, date: str, clock: Clock) -> None:
    client.sign_in("charlene")
    token = client.token(date)
    clock.now = tonight(session).end_utc
    client.sign_in("charlene")
    token = client.token("/account")
    assert client.post(f"{date}/answer", {"answer": "going", "csrf_token": token}).status_code == 409
    assert "Do you mean to go?" not in client.get(date).text


@pytest.mark.parametrize(("answer", "reminded"), [(None, 1), ("going", 1), ("not_this_time", 0)])
@pytest.mark.parametrize("is_planned_first", [True, False])
def test_declining_a_date_leaves_out_its_reminder_alone(
    post: PostOffice,
    client: Browser,
    session: Session,
    date: str,
    answer: str | None,
    reminded: int,
    is_planned_first: bool,
) -> None:
    client.sign_in("charlene")
    if is_planned_first:
        post.plan()
    if answer:
        assert say(client, date, answer) == 303
    post.plan()
    post.deliver(at=EVENING)
    assert len(post.mailbox.to("charlene")) == reminded
    post.clock.now = MORNING + timedelta(days=6)
    post.plan()
    post.deliver(at=EVENING + timedelta(days=7))
    assert len(post.mailbox.to("charlene")) > reminded


def test_answers_are_erased_a_day_after_the_end(client: Browser, session: Session, date: str) -> None:
    client.sign_in("charlene")
    assert say(client, date, "going") == 303
    end = tonight(session).end_utc
    upkeep.forget(session, now=end + timedelta(hours=24))
    session.commit()
    assert kept(session) == [Answer.GOING]
    upkeep.forget(session, now=end + timedelta(hours=24, seconds=1))
    session.commit()
    assert kept(session) == []


def test_answer_to_a_date_that_gets_longer_is_kept_until_a_day_after_its_new_end(
    client: Browser, session: Session, date: str
) -> None:
    client.sign_in("charlene")
    assert say(client, date, "not_this_time") == 303
    row = tonight(session)
    series = series_of(session, row.group_id, "main")
    longer = Override(OverrideAction.CHANGE_MODALITY, row.original_local, duration_minutes=600)
    date_changes.change_date(session, VISITOR, series, longer, now=MORNING)
    session.commit()
    new_end = session.get_one(OccurrenceRow, (series.id, row.original_local)).end_utc
    for at, answers in ((timedelta(hours=24), [Answer.NOT_THIS_TIME]), (timedelta(hours=24, seconds=1), [])):
        upkeep.forget(session, now=new_end + at)
        session.commit()
        assert kept(session) == answers


def test_link_in_a_mail_asks_and_a_tap_answers_once(post: PostOffice, client: Browser, session: Session) -> None:
    post.plan()
    post.deliver(at=EVENING)
    link = link_in(post)
    asked = client.get(link)
    assert (asked.status_code, "Library hour" in asked.text, kept(session)) == (200, True, [])
    assert betrayals(asked.text.split("<main")[1].split("</main")[0] + link, ["Lantern", "Mill Lane"]) == []
    told = client.post(link, {"answer": "not_this_time"})
    assert (told.status_code, "Noted: not this time" in told.text, kept(session)) == (200, True, [Answer.NOT_THIS_TIME])
    assert [client.post(link, {"answer": "going"}).status_code, client.get(link).status_code] == [410, 410]
    assert kept(session) == [Answer.NOT_THIS_TIME]


def test_link_changes_nothing_without_a_button(post: PostOffice, client: Browser, session: Session) -> None:
    post.plan()
    post.deliver(at=EVENING)
    link = link_in(post)
    for fields in ({}, {"answer": "nothing"}, {"answer": "maybe"}):
        assert client.post(link, fields).status_code == 400
    assert (kept(session), client.get(link).status_code) == ([], 200)


def test_link_ends_with_the_date_and_with_the_membership(post: PostOffice, client: Browser, session: Session) -> None:
    post.plan()
    post.deliver(at=EVENING)
    link = link_in(post)
    altered = link[:-1] + ("A" if link[-1] != "A" else "E")
    assert [client.get(one).status_code for one in (altered, "/a/x", "/a/%C3%BC", "/a/" + "A" * 43)] == [404] * 4
    person = member(session, "charlene")
    person.state = MembershipState.LEFT
    session.commit()
    assert client.post(link, {"answer": "going"}).status_code == 410
    person.state = MembershipState.ACTIVE
    session.commit()
    post.clock.now = tonight(session).end_utc
    assert client.post(link, {"answer": "going"}).status_code == 410


def summary_at(client: Browser, address: str, start: datetime) -> str:
    events = Calendar.from_ical(client.get(address).data).walk("VEVENT")
    return next((str(one["SUMMARY"]) for one in events if "RECURRENCE-ID" in one and one["DTSTART"].dt == start), "")


def test_calendar_says_the_answer_only_where_it_was_chosen(
    client: Browser, session: Session, date: str, clock: Clock
) -> None:
    client.sign_in("charlene")
    silent, telling, busy = (
        made(client, level="own_words"),
        made(client, level="own_words", shows_answers="y"),
        made(client, shows_answers="y"),
    )
    before = [client.get(one) for one in (silent, telling, busy)]
    clock.now = MORNING + timedelta(hours=1)
    client.sign_in("charlene")
    assert say(client, date, "going") == 303
    start = tonight(session).start_utc
    after = [client.get(one) for one in (silent, telling, busy)]
    assert summary_at(client, telling, start) == "Library hour (going)"
    assert [before[0].data == after[0].data, before[1].data == after[1].data] == [True, False]
    assert "going" not in after[2].text
    again = client.get(telling, headers={"If-Modified-Since": before[1].headers["Last-Modified"]})
    assert again.status_code == 200


def test_pages_behind_a_mail_say_no_more_than_the_mail(post: PostOffice, client: Browser, session: Session) -> None:
    for path in ("/a/" + "x" * 43, "/u/" + "x" * 43, "/calendar/in/" + "x" * 64):
        page = client.get(path).text
        assert [word in page for word in ("group", "Find", "Sign up", "meeting")] == [False] * 4
        assert [word in page for word in ("Leave now", "Get help now")] == [True] * 2
