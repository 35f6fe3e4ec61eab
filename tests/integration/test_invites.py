"""Invites: asked for, updated, one date called off, taken back when somebody leaves."""

from datetime import timedelta
from email.message import EmailMessage
from typing import cast

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.permissions import VISITOR
from groupsite.domain.words import Answer, MembershipState
from groupsite.mail.refusals import Temporary
from groupsite.models import Invite, Membership
from groupsite.queries.groups import series_of
from groupsite.services import date_changes, outbox
from tests.browser import Browser
from tests.plugins.application import MORNING
from tests.post_office import PostOffice, member, tonight, without_quiet_hours


@pytest.fixture
def invited(post: PostOffice, session: Session) -> PostOffice:
    without_quiet_hours(session, "marisol")
    ask_for_invites(session, post)
    return post


def ask_for_invites(session: Session, post: PostOffice) -> Membership:
    person = member(session, "marisol")
    person.wants_invites, person.lead_minutes = True, []
    session.flush()
    outbox.invites_chosen(session, membership_id=person.id, now=MORNING)
    session.commit()
    post.deliver(at=MORNING)
    return person


def wire_of(mail: EmailMessage) -> bytes:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    return cast("bytes", part.get_payload(decode=True))


def with_calendar(mails: list[EmailMessage]) -> list[EmailMessage]:
    return [mail for mail in mails if any(part.get_content_type() == "text/calendar" for part in mail.walk())]


def calendar_of(mail: EmailMessage) -> Calendar:
    return Calendar.from_ical(wire_of(mail))


def uid_of(mail: EmailMessage) -> str:
    return str(calendar_of(mail).walk("VEVENT")[0]["UID"])


def test_invite_has_the_shape_that_shows_buttons(invited: PostOffice) -> None:
    mails = invited.mailbox.to("marisol")
    assert len(mails) == 2
    mail = mails[0]
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics",
    ]  # fmt: skip
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    assert part["Content-Disposition"] is None
    event = calendar_of(mail).walk("VEVENT")[0]
    assert event["ATTENDEE"] == "mailto:marisol@example.org"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert event["ORGANIZER"] == f"mailto:{mail['From'].addresses[0].addr_spec}"


def test_cancelled_date_leaves_the_invited_calendar(invited: PostOffice, session: Session) -> None:
    first = {str(calendar_of(mail).walk("VEVENT")[0]["UID"]) for mail in invited.mailbox.to("marisol")}
    row = tonight(session)
    date_changes.cancel_date(
        session, VISITOR, series_of(session, row.group_id, "main"), row.original_local, now=MORNING
    )
    session.commit()
    invited.deliver(at=MORNING + timedelta(seconds=1))
    update = calendar_of(invited.mailbox.to("marisol")[-1])
    event = update.walk("VEVENT")[0]
    assert (update["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert str(event["UID"]) in first
    assert "RECURRENCE-ID" in event
    assert "RRULE" not in event


def test_moved_date_updates_the_whole_invite(invited: PostOffice, session: Session) -> None:
    row = tonight(session)
    series = series_of(session, row.group_id, "main")
    date_changes.move_date(
        session, VISITOR, series, row.original_local, row.original_local + timedelta(hours=1), now=MORNING
    )
    session.commit()
    invited.deliver(at=MORNING + timedelta(seconds=1))
    update = calendar_of(invited.mailbox.to("marisol")[-1])
    assert update["METHOD"] == "REQUEST"
    assert {event["SEQUENCE"] for event in update.walk("VEVENT")} == {1}


def test_leaving_takes_the_dates_back_without_calling_them_off(
    invited: PostOffice, session: Session, client: Browser
) -> None:
    person = member(session, "marisol")
    outbox.member_left(session, membership_id=person.id, now=MORNING)
    person.state, person.wants_invites = MembershipState.LEFT, False
    session.commit()
    invited.deliver(at=MORNING + timedelta(seconds=1))
    last = calendar_of(invited.mailbox.to("marisol")[-1])
    event = last.walk("VEVENT")[0]
    assert (last["METHOD"], "STATUS" in event) == ("CANCEL", False)


def test_invites_that_are_asked_for_again_are_newer_than_their_withdrawal(
    invited: PostOffice, session: Session, client: Browser
) -> None:
    """Programs throw away what is no newer than what they have (RFC 5546, 2.1.5)."""
    client.sign_in("marisol")
    for number, wishes in enumerate([{}, {"wants_invites": "y"}]):
        client.submit("/groups/tuesday-lantern/reminders", wishes)
        session.commit()
        invited.deliver(at=MORNING + timedelta(seconds=number + 1))
    told: dict[str, list[tuple[str, int]]] = {}
    for mail in invited.mailbox.to("marisol"):
        calendar = calendar_of(mail)
        event = calendar.walk("VEVENT")[0]
        told.setdefault(str(event["UID"]), []).append((str(calendar["METHOD"]), cast("int", event["SEQUENCE"])))
    for methods in told.values():
        assert [method for method, _ in methods] == ["REQUEST", "CANCEL", "REQUEST"]
        first, withdrawn, again = (sequence for _, sequence in methods)
        assert first < withdrawn < again


def test_own_words_replace_titles_that_invites_have_put_into_a_calendar(
    post: PostOffice, session: Session, client: Browser
) -> None:
    account = without_quiet_hours(session, "marisol")
    account.discreet = False
    person = ask_for_invites(session, post)
    before = post.mailbox.to("marisol")
    assert [mail for mail in before if "Lantern" not in str(calendar_of(mail).walk("VEVENT")[0]["SUMMARY"])] == []
    declined = session.scalars(select(Invite).where(Invite.membership_id == person.id)).first()
    assert declined
    declined.answer = Answer.NOT_THIS_TIME
    session.commit()
    client.sign_in("marisol")
    told = []
    for number, wishes in enumerate(
        [{"discreet": "y"}, {"discreet": "y"}, {"discreet": "y", "discreet_title": "Yoga"}, {}]
    ):
        assert client.submit("/account/reminders", wishes).status_code == 303
        session.commit()
        seen = len(post.mailbox.to("marisol"))
        post.deliver(at=MORNING + timedelta(seconds=number + 1))
        events = [calendar_of(mail).walk("VEVENT") for mail in post.mailbox.to("marisol")[seen:]]
        told.append([({str(one["SUMMARY"]) for one in event}, event[0]["SEQUENCE"]) for event in events])
    assert told == [[({"Appointment"}, 1)], [], [({"Yoga"}, 2)], []]
    uids = {str(calendar_of(mail).walk("VEVENT")[0]["UID"]) for mail in before}
    assert {str(calendar_of(mail).walk("VEVENT")[0]["UID"]) for mail in post.mailbox.to("marisol")} == uids
    assert "a mail to it replaces the titles" in client.get("/account/reminders").text


def test_late_withdrawal_leaves_a_calendar_that_is_wanted_again(
    invited: PostOffice, session: Session, client: Browser
) -> None:
    client.sign_in("marisol")
    client.submit("/groups/tuesday-lantern/reminders", {})
    session.commit()
    invited.mailbox.refusals = [Temporary("450"), Temporary("450")]
    assert invited.deliver(at=MORNING + timedelta(seconds=1)) == {"deferred": 2}
    client.submit("/groups/tuesday-lantern/reminders", {"wants_invites": "y"})
    session.commit()
    assert invited.deliver(at=MORNING + timedelta(seconds=2)) == {"sent": 2}
    assert invited.deliver(at=MORNING + timedelta(hours=1)) == {"cancelled": 2}
    assert [str(calendar_of(mail)["METHOD"]) for mail in invited.mailbox.to("marisol")] == ["REQUEST"] * 4
