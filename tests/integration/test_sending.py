"""From the plan to the mailbox, with the clock set: who gets what, once, and only while it is still true."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from icalendar import Calendar
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from groupsite.domain.discretion import betrayals
from groupsite.domain.permissions import VISITOR
from groupsite.domain.words import MembershipState
from groupsite.mail.transport import Ambiguous, MailError, Permanent, Temporary
from groupsite.mail.vault import Vault
from groupsite.models import Account, Delivery, DeliveryState, Group, Membership, OccurrenceRow
from groupsite.queries.groups import series_of
from groupsite.services import outbox, planning, sending
from groupsite.services import series as meetings
from groupsite.services.calendars import Site
from groupsite.services.letters import Desk
from tests.browser import Browser
from tests.plugins.application import MORNING, Clock

AHEAD = timedelta(days=2)
EVENING = datetime(2026, 11, 24, 21, 1, tzinfo=UTC)
"""A minute after Charlie's reminder for tonight is due."""


@dataclass
class Mailbox:
    """A transport that keeps what it is given, or refuses with the next of `refusals`."""

    refusals: list[MailError] = field(default_factory=list)
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator["Mailbox"]:
        yield self

    def send(self, message: bytes, sender: str, recipient: str) -> None:  # noqa: ARG002  it stands in the message
        if self.refusals:
            raise self.refusals.pop(0)
        self.taken.append((recipient, message_from_bytes(message, policy=policy.default)))

    def to(self, login: str) -> list[EmailMessage]:
        return [mail for recipient, mail in self.taken if recipient == f"{login}@example.org"]


@dataclass
class PostOffice:
    """The planner and the sender on this test's connection."""

    connection: Connection
    desk: Desk
    clock: Clock
    mailbox: Mailbox = field(default_factory=Mailbox)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        with Session(self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
            session.commit()

    def plan(self) -> None:
        with self.begin() as session:
            planning.plan(session, now=self.clock(), ahead=AHEAD)

    def deliver(self, *, at: datetime) -> dict[str, int]:
        self.clock.now = at
        return sending.deliver(self.begin, self.mailbox, self.desk, self.clock).counts


@pytest.fixture
def post(connection: Connection, vault: Vault, clock: Clock, sample: None) -> PostOffice:
    site = Site("dates.invalid", "https://evenings.example", "Dates")
    return PostOffice(connection, Desk(site, "notes@evenings.example", vault), clock)


def tonight(session: Session, group: str = "tuesday-lantern") -> OccurrenceRow:
    query = select(OccurrenceRow).join(Group, Group.id == OccurrenceRow.group_id)
    return session.scalars(
        query.where(Group.slug == group, OccurrenceRow.start_utc > MORNING).order_by(OccurrenceRow.start_utc)
    ).first()  # type: ignore[return-value]  # the sample has it


def member(session: Session, login: str) -> Membership:
    return session.scalars(select(Membership).join(Account).where(Account.login == login)).first()  # type: ignore[return-value]


def test_reminder_arrives_once_in_her_own_words(post: PostOffice) -> None:
    post.plan()
    post.deliver(at=EVENING)
    post.plan()
    post.deliver(at=EVENING + timedelta(minutes=1))
    mails = post.mailbox.to("charlene")
    assert [mail["Subject"] for mail in mails] == ["Library hour today"]
    text = mails[0].get_body(("plain",)).get_content()
    assert "19:00–20:30" in text
    assert betrayals(text + str(mails[0]["From"]), ["Tuesday Lantern", "Mill Lane"]) == []


def test_reminder_can_be_stopped_from_the_mail(post: PostOffice) -> None:
    post.plan()
    post.deliver(at=EVENING)
    mail = post.mailbox.to("charlene")[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<https://evenings.example/u/")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [mail["To"], mail["Cc"], mail["Bcc"]] == ["charlene@example.org", None, None]


def test_plain_reminder_names_place_and_both_zones(post: PostOffice, session: Session) -> None:
    account = session.scalars(select(Account).where(Account.login == "charlene")).one()
    account.discreet, account.timezone = False, "Europe/London"
    account.quiet_from = account.quiet_until = None
    session.commit()
    post.plan()
    post.deliver(at=EVENING)
    text = post.mailbox.to("charlene")[0].get_body(("plain",)).get_content()
    assert "19:00–20:30 New York time" in text
    assert "For you: Tomorrow, Wednesday 25 November, 00:00–01:30 London time" in text


def test_nobody_without_a_choice_gets_mail(post: PostOffice) -> None:
    post.plan()
    for hour in range(24):
        post.deliver(at=MORNING + timedelta(hours=hour))
    assert post.mailbox.to("oisin") == []
    assert len({mail["Message-ID"] for _, mail in post.mailbox.taken}) == len(post.mailbox.taken)


def test_cancelled_date_sends_no_reminder(post: PostOffice, session: Session) -> None:
    post.plan()
    row = tonight(session)
    series = series_of(session, row.group_id, "main")
    meetings.cancel_date(session, VISITOR, series, row.original_local, now=MORNING)
    session.commit()
    post.deliver(at=MORNING)
    post.deliver(at=EVENING)
    subjects = [mail["Subject"] for mail in post.mailbox.to("charlene")]
    assert subjects == ["Cancelled: Library hour, Today, Tuesday 24 November"]


def test_moved_date_is_reminded_of_at_its_new_hour(post: PostOffice, session: Session) -> None:
    post.plan()
    row = tonight(session)
    series = series_of(session, row.group_id, "main")
    new_start = row.original_local + timedelta(hours=1)
    meetings.move_date(session, VISITOR, series, row.original_local, new_start, now=MORNING)
    session.commit()
    post.plan()
    post.deliver(at=EVENING)
    assert [mail["Subject"] for mail in post.mailbox.to("charlene")][1:] == []
    post.deliver(at=EVENING + timedelta(hours=1))
    assert [mail["Subject"] for mail in post.mailbox.to("charlene")][1:] == ["Library hour today"]


def test_who_left_a_second_ago_gets_nothing(post: PostOffice, session: Session) -> None:
    post.plan()
    member(session, "charlene").state = MembershipState.LEFT
    session.commit()
    post.deliver(at=EVENING)
    assert post.mailbox.to("charlene") == []


def test_what_is_too_late_is_recorded_and_not_sent(post: PostOffice, session: Session) -> None:
    post.plan()
    counts = post.deliver(at=EVENING + timedelta(hours=4))
    assert counts["expired"] > 0
    assert post.mailbox.to("charlene") == []


def test_refused_for_now_is_tried_again_until_it_is_useless(post: PostOffice) -> None:
    post.plan()
    post.mailbox.refusals = [Temporary("smtp_451")] * 20
    assert post.deliver(at=EVENING)["deferred"] > 0
    post.mailbox.refusals = []
    assert post.deliver(at=EVENING + timedelta(minutes=4)).get("sent", 0) == 0
    post.deliver(at=EVENING + timedelta(minutes=6))
    assert len(post.mailbox.to("charlene")) == 1


def test_refused_for_good_is_not_tried_again(post: PostOffice, session: Session) -> None:
    post.plan()
    post.mailbox.refusals = [Permanent("smtp_550")] * 20
    assert post.deliver(at=EVENING)["failed"] > 0
    post.mailbox.refusals = []
    post.deliver(at=EVENING + timedelta(minutes=30))
    assert post.mailbox.to("charlene") == []
    assert "smtp_550" in set(session.scalars(select(Delivery.last_error_class)))


def test_doubtful_hand_over_is_tried_once_more_under_the_same_name(post: PostOffice, session: Session) -> None:
    post.plan()
    post.mailbox.refusals = [Ambiguous("SMTPServerDisconnected")] * 20
    post.deliver(at=EVENING)
    post.mailbox.refusals = []
    post.deliver(at=EVENING + timedelta(minutes=6))
    row = session.scalars(
        select(Delivery).join(Account).where(Account.login == "charlene", Delivery.state == DeliveryState.SENT)
    ).one()
    assert row.ambiguous
    assert post.mailbox.to("charlene")[0]["Message-ID"] == f"<{row.id.hex}@dates.invalid>"


def test_doubtful_twice_is_unknown_and_never_sent_again(post: PostOffice) -> None:
    post.plan()
    post.mailbox.refusals = [Ambiguous("SMTPServerDisconnected")] * 40
    post.deliver(at=EVENING)
    assert post.deliver(at=EVENING + timedelta(minutes=6))["unknown"] > 0
    post.mailbox.refusals = []
    post.deliver(at=EVENING + timedelta(minutes=20))
    assert post.mailbox.to("charlene") == []


def test_left_behind_row_is_freed_when_its_lease_is_over(post: PostOffice, session: Session) -> None:
    post.plan()
    row = session.scalars(
        select(Delivery).join(Account).where(Account.login == "charlene").order_by(Delivery.due_at)
    ).first()
    assert row is not None
    row.state, row.fence, row.lease_until = DeliveryState.SENDING, 1, EVENING + timedelta(seconds=30)
    session.commit()
    post.deliver(at=EVENING)
    assert post.mailbox.to("charlene") == []
    post.deliver(at=EVENING + timedelta(minutes=1))
    assert len(post.mailbox.to("charlene")) == 1


@pytest.fixture
def invited(post: PostOffice, session: Session) -> PostOffice:
    person = member(session, "marisol")
    person.wants_invites, person.lead_minutes = True, []
    session.flush()
    outbox.invites_chosen(session, membership_id=person.id, now=MORNING)
    session.commit()
    post.deliver(at=MORNING)
    return post


def calendar_of(mail: EmailMessage) -> Calendar:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    return Calendar.from_ical(cast("bytes", part.get_payload(decode=True)))


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
    meetings.cancel_date(session, VISITOR, series_of(session, row.group_id, "main"), row.original_local, now=MORNING)
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
    meetings.move_date(
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


def test_one_click_stops_mail_at_once(post: PostOffice, client: Browser, session: Session) -> None:
    post.plan()
    token = post.desk.vault.token("unsubscribe", member(session, "charlene").id)
    assert client.get(f"/u/{token}").status_code == 200
    session.expire_all()
    assert member(session, "charlene").lead_minutes == [180]
    answer = client.post(f"/u/{token}", {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
    assert client.post("/u/unknown", {}).status_code == 200
    post.deliver(at=EVENING)
    assert post.mailbox.to("charlene") == []
