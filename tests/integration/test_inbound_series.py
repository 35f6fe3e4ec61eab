"""Answers about a whole series, about some of its dates beside it, and about dates that no calendar has."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.permissions import VISITOR
from groupsite.domain.words import Answer
from groupsite.models import Invite, Rsvp
from groupsite.queries.groups import series_of
from groupsite.services import date_changes
from groupsite.services.inbound import Outcome
from tests.browser import Browser
from tests.integration.test_answers import kept, summary_at
from tests.integration.test_own_calendars import made
from tests.plugins.application import Clock
from tests.post_office import PostOffice, member, tonight
from tests.replies import HER, LATER, Invitation, event_lines, for_tonight, google, reply


@pytest.mark.parametrize("year", ["0001", "9999"])
@pytest.mark.parametrize("zone", ["", ";TZID=America/New_York", ";TZID=Asia/Tokyo"])
@pytest.mark.parametrize("end", ["0101T000000", "1231T235959"])
@pytest.mark.parametrize("is_utc", [False, True])
def test_absurd_date_is_never_more_than_stale(
    session: Session, invitation: Invitation, take: Callable[..., Outcome], year: str, zone: str, end: str, is_utc: bool
) -> None:
    about = f"{zone if not is_utc else ''}:{year}{end}{'Z' if is_utc else ''}"
    calendar = reply(invitation, event_lines(invitation, "ACCEPTED", LATER, RECURRENCE_ID=about))
    outcome = take(google(calendar, HER, invitation.recipient))
    assert (outcome in {Outcome.STALE, Outcome.UNREADABLE}, kept(session)) == (True, [])


@pytest.mark.parametrize("stamp", [":00010101T000000Z", ";TZID=Asia/Tokyo:00010101T000000", ":99991231T235959Z"])
def test_absurd_stamp_breaks_nothing(
    session: Session, invitation: Invitation, take: Callable[..., Outcome], stamp: str
) -> None:
    calendar = for_tonight(invitation, "ACCEPTED", DTSTAMP=stamp)
    take(google(calendar, HER, invitation.recipient))
    assert kept(session) in ([], [Answer.GOING])
    assert [row.answered_at <= LATER for row in session.scalars(select(Rsvp))] in ([], [True])


def test_answer_to_some_dates_without_a_rule_is_about_all_of_them(
    session: Session, invitation: Invitation, take: Callable[..., Outcome]
) -> None:
    row = tonight(session)
    series = series_of(session, row.group_id, "main")
    series.rrule, series.dtstart_local = None, row.original_local
    series.rdates_local = [row.original_local + timedelta(weeks=1)]
    session.commit()
    calendar = reply(invitation, event_lines(invitation, "DECLINED", LATER))
    assert (take(google(calendar, HER, invitation.recipient)), kept(session)) == (Outcome.ANSWERED, [])
    assert session.scalars(select(Invite.answer).where(Invite.series_id == series.id)).one() is Answer.NOT_THIS_TIME


def test_declining_the_whole_series_stops_its_invites_and_nothing_else(
    session: Session, post: PostOffice, invitation: Invitation, take: Callable[..., Outcome]
) -> None:
    calendar = reply(invitation, event_lines(invitation, "DECLINED", LATER))
    assert take(google(calendar, HER, invitation.recipient)) is Outcome.ANSWERED
    assert kept(session) == []
    row, before = tonight(session), len(post.mailbox.to("marisol"))
    series = series_of(session, row.group_id, "main")
    date_changes.move_date(
        session, VISITOR, series, row.original_local, row.original_local + timedelta(hours=1), now=LATER
    )
    session.commit()
    post.deliver(at=LATER + timedelta(seconds=1))
    assert len(post.mailbox.to("marisol")) == before
    assert member(session, "marisol").wants_invites is True
    accepted = reply(invitation, event_lines(invitation, "ACCEPTED", LATER + timedelta(minutes=1)))
    assert take(google(accepted, HER, invitation.recipient), now=LATER + timedelta(minutes=2)) is Outcome.ANSWERED
    answers = {one.series_id: one.answer for one in session.scalars(select(Invite))}
    assert sorted(answers.values(), key=str) == [None, Answer.GOING]
    assert kept(session) == []


def test_accepting_the_whole_series_holds_for_every_date_about_which_nothing_else_is_said(
    session: Session, invitation: Invitation, take: Callable[..., Outcome], client: Browser
) -> None:
    client.sign_in("marisol")
    row = tonight(session)
    page = f"/groups/tuesday-lantern/meetings/main/{row.original_local:%Y-%m-%dT%H%M}"
    following = f"/groups/tuesday-lantern/meetings/main/{row.original_local + timedelta(weeks=1):%Y-%m-%dT%H%M}"
    take(google(reply(invitation, event_lines(invitation, "ACCEPTED", LATER)), HER, invitation.recipient))
    declined = google(for_tonight(invitation, "DECLINED"), HER, invitation.recipient)
    assert take(declined, now=LATER + timedelta(minutes=1)) is Outcome.ANSWERED
    said = ("You said: <strong>not this time</strong>.", "for every date, in your calendar program")
    assert [words in client.get(path).text for path in (page, following) for words in said] == [
        True,
        False,
        False,
        True,
    ]
    assert kept(session) == [Answer.NOT_THIS_TIME]


def test_date_that_is_left_open_is_not_gone_to_although_the_series_is_accepted(
    session: Session, invitation: Invitation, take: Callable[..., Outcome], client: Browser, clock: Clock
) -> None:
    client.sign_in("marisol")
    calendar = made(client, level="own_words", shows_answers="y")
    row = tonight(session)
    page = f"/groups/tuesday-lantern/meetings/main/{row.original_local:%Y-%m-%dT%H%M}"

    def shown() -> tuple[bool, str]:
        return "You said" in client.get(page).text, summary_at(client, calendar, row.start_utc)

    take(google(reply(invitation, event_lines(invitation, "ACCEPTED", LATER)), HER, invitation.recipient))
    assert ("for every date" in client.get(page).text, shown()) == (True, (True, ""))
    later = LATER + timedelta(minutes=1)
    tentative = google(for_tonight(invitation, "TENTATIVE", later), HER, invitation.recipient)
    assert take(tentative, now=later) is Outcome.ANSWERED
    clock.now = later + timedelta(minutes=1)
    assert (shown(), kept(session)) == ((False, "Appointment"), [Answer.UNDECIDED])
    for answer, expected in (("going", (True, "Appointment (going)")), ("nothing", (False, "Appointment"))):
        assert client.submit(f"{page}/answer", {"answer": answer}, page=page).status_code == 303
        session.expire_all()
        assert shown() == expected
    assert ("undecided" in client.get(page).text.lower(), "undecided" in client.get("/home").text.lower()) == (
        False,
        False,
    )
