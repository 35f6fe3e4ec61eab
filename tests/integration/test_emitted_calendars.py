"""Every calendar that leaves the house, as it leaves: by the letter, and the discreet ones without a word too many."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import cast

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from groupsite.domain.discretion import betrayals
from groupsite.domain.permissions import VISITOR, Identity
from groupsite.domain.words import Answer, FeedLevel, MembershipState, Notice
from groupsite.models import Account, CalendarFeed, Group, MeetingSeries, Membership, Rsvp
from groupsite.queries.groups import series_of
from groupsite.services import date_changes, feeds, outbox
from groupsite.services.feeds import FeedWishes
from tests.browser import Browser
from tests.conformance import faults
from tests.plugins.application import MORNING
from tests.post_office import PostOffice, tonight, without_quiet_hours
from tests.sample import sample_series

GROUPS = sorted({one.group for one in sample_series()})
LEVELS = list(FeedLevel)
BARE = {"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID",
        "SUMMARY", "CLASS", "STATUS", "TRANSP"}  # fmt: skip
"""What a discreet event may say at all."""
OF_TIME = {
    "SEQUENCE",
    "DTSTART",
    "DURATION",
    "RRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "STATUS",
    "TRANSP",
    "TRIGGER",
}
"""What two calendars of the same dates with the same alarm cannot help sharing."""


@pytest.mark.parametrize("slug", GROUPS)
def test_public_calendars_keep_to_the_letter(client: Browser, session: Session, sample: None, slug: str) -> None:
    slugs = session.scalars(select(MeetingSeries.slug).join(Group).where(Group.slug == slug)).all()
    paths = [f"/groups/{slug}/calendar.ics", *(f"/groups/{slug}/meetings/{one}.ics" for one in slugs)]
    assert [faults(client.get(path).data) for path in paths] == [[]] * len(paths)


def member_of_all(session: Session) -> Account:
    """Somebody who belongs to every group, and who goes tonight."""
    account = session.scalars(select(Account).where(Account.login == "marisol")).one()
    mine = select(Membership.group_id).where(Membership.account_id == account.id)
    for group in session.scalars(select(Group).where(Group.id.not_in(mine))):
        month = MORNING.date().replace(day=1)
        session.add(
            Membership(
                group_id=group.id,
                account_id=account.id,
                display_name="M.",
                state=MembershipState.ACTIVE,
                joined_month=month,
                reminders_since=MORNING,
                unsubscribe_hash=group.id.bytes,
            )
        )
    session.flush()
    row = tonight(session)
    member = session.scalars(
        select(Membership).where(Membership.group_id == row.group_id, Membership.account_id == account.id)
    ).one()
    session.add(Rsvp(membership_id=member.id, series_id=row.series_id, original_local=row.original_local,
                     answer=Answer.GOING, answered_at=MORNING, end_utc=row.end_utc))  # fmt: skip
    session.commit()
    return account


def own(session: Session, client: Browser, level: FeedLevel, **wishes: object) -> TestResponse:
    account = session.scalars(select(Account).where(Account.login == "marisol")).one()
    asked = FeedWishes(level=level, alarm_minutes=30, shows_answers=True, **wishes)  # type: ignore[arg-type]
    _, token = feeds.create_feed(session, Identity(account.id, account.login), asked, now=MORNING)
    session.commit()
    return client.get(f"/calendar/{token}.ics")


@pytest.mark.parametrize("shows_cancelled", [True, False])
@pytest.mark.parametrize("level", LEVELS)
def test_own_calendar_of_every_group_keeps_to_the_letter(
    client: Browser, session: Session, sample: None, level: FeedLevel, shows_cancelled: bool
) -> None:
    member_of_all(session)
    wire = own(session, client, level, shows_cancelled=shows_cancelled).data
    assert faults(wire) == []
    assert wire.count(b"\r\nTZID:") >= 10


@pytest.mark.parametrize("level", [FeedLevel.BUSY, FeedLevel.OWN_WORDS])
def test_discreet_calendar_gives_nothing_away(
    client: Browser, session: Session, sample: None, level: FeedLevel
) -> None:
    member_of_all(session)
    answer = own(session, client, level, title="Library hour" if level is FeedLevel.OWN_WORDS else "")
    full = own(session, client, FeedLevel.FULL)
    public = [client.get(f"/groups/{slug}/calendar.ics").data for slug in GROUPS]
    text = "\n".join([*(f"{name}: {value}" for name, value in answer.headers), unfolded(answer.data)])
    assert betrayals(text, names(session)) == []
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert {str(name) for event in events for name in event} <= BARE
    assert len(events) > len(GROUPS)
    others = {value for wire in (full.data, *public) for value in told(wire)}
    assert told(answer.data) & others == set()


def unfolded(wire: bytes) -> str:
    return wire.replace(b"\r\n ", b"").decode()


def told(wire: bytes) -> set[str]:
    """Every property value of every event that is not a time, as it is written."""
    events = unfolded(wire).split("BEGIN:VEVENT")[1:]
    lines = (line.partition(":") for event in events for line in event.partition("END:VEVENT")[0].splitlines())
    values = {value for name, _, value in lines if name.partition(";")[0] not in {*OF_TIME, "BEGIN", "END", "CLASS"}}
    return values - {"", "DISPLAY"}


def names(session: Session) -> list[str]:
    """Of every group, meeting and place."""
    found = [*session.scalars(select(Group.name)), *session.scalars(select(Group.slug))]
    for series in session.scalars(select(MeetingSeries)):
        found += [series.title, series.venue.name if series.venue else "", series.venue.address if series.venue else ""]
    return [one for one in found if one]


@pytest.fixture
def mails(post: PostOffice, session: Session) -> dict[str, EmailMessage]:
    """Every kind of mail about dates, to somebody who is discreet: an invite, its update, a date called off, an end."""
    account = without_quiet_hours(session, "marisol")
    account.discreet, account.discreet_title, account.daily_budget = True, "Library hour", None
    row = tonight(session)
    member = session.scalars(
        select(Membership).where(Membership.account_id == account.id, Membership.group_id == row.group_id)
    ).one()
    member.wants_invites, member.lead_minutes = True, [60]
    session.flush()
    series = series_of(session, row.group_id, "main")
    outbox.invites_chosen(session, membership_id=member.id, now=MORNING)
    session.commit()
    post.plan()
    steps: dict[str, Callable[[], object]] = {
        "invite": lambda: None,
        "move": lambda: date_changes.move_date(
            session, VISITOR, series, row.original_local, row.original_local + timedelta(hours=1), now=MORNING
        ),
        "cancel": lambda: date_changes.cancel_date(
            session,
            VISITOR,
            series,
            row.original_local + timedelta(weeks=1),
            notice=Notice.URGENT,
            now=MORNING,
            public_note="Snow.",
        ),
        "end": lambda: choose_no_invites(session, member),
    }
    found: dict[str, EmailMessage] = {}
    for number, (name, act) in enumerate(steps.items(), 1):
        act()
        session.commit()
        before = len(post.mailbox.to("marisol"))
        post.deliver(at=MORNING + timedelta(seconds=number))
        found |= {f"{name} {place}": mail for place, mail in enumerate(post.mailbox.to("marisol")[before:])}
    post.plan()
    post.deliver(at=row.start_utc - timedelta(minutes=45))
    return found | {"reminder": post.mailbox.to("marisol")[-1]}


def choose_no_invites(session: Session, member: Membership) -> None:
    member.wants_invites = False
    outbox.invites_declined(session, membership_id=member.id, now=MORNING)


def test_discreet_mails_give_nothing_away(mails: dict[str, EmailMessage], session: Session) -> None:
    assert {name.split()[0] for name in mails} == {"invite", "move", "cancel", "end", "reminder"}
    for mail in mails.values():
        parts = [part for part in mail.walk() if not part.is_multipart()]
        heads = [f"{name}: {value}" for part in mail.walk() for name, value in part.items() if name != "Content-Type"]
        kinds = [str(part.get_filename()) for part in parts]
        bodies = [cast("bytes", part.get_payload(decode=True)).replace(b"\r\n ", b"").decode() for part in parts]
        assert betrayals("\n".join([*heads, *kinds, *bodies]), names(session)) == []


def test_mails_hold_calendars_by_the_letter(mails: dict[str, EmailMessage]) -> None:
    seen = set()
    for mail in mails.values():
        parts = [part for part in mail.walk() if part.get_content_type() in {"text/calendar", "application/ics"}]
        for part in parts:
            method = str(parts[0].get_param("method"))
            assert faults(cast("bytes", part.get_payload(decode=True)), method=method) == []
            seen.add((part.get_content_type(), method))
    assert seen == {(kind, method) for kind in ("text/calendar", "application/ics") for method in ("REQUEST", "CANCEL")}


def test_discreet_message_shares_no_word_id_or_stamp_with_any_calendar(
    mails: dict[str, EmailMessage], client: Browser, session: Session, app: Flask
) -> None:
    """Else whoever has the message and the public calendar can tell what the one is about."""
    messages = [told(wire) for mail in mails.values() if (wire := calendar_in(mail))]
    assert {name.split()[0] for name in mails if calendar_in(mails[name])} == {"invite", "move", "cancel", "end"}
    calendars = [own(session, client, FeedLevel.FULL).data]
    calendars += [client.get(f"/groups/{slug}/calendar.ics").data for slug in GROUPS]
    others = {value for wire in calendars for value in told(wire)}
    assert [said & others for said in messages] == [set()] * len(messages)
    discreet = [own(session, client, level).data for level in (FeedLevel.BUSY, FeedLevel.OWN_WORDS)]
    ids = {value for wire in discreet for value in told(wire) if "@" in value}
    assert [said & ids for said in messages] == [set()] * len(messages)
    assert session.scalars(select(CalendarFeed)).first() is not None


def calendar_in(mail: EmailMessage) -> bytes:
    """The iTIP object of a mail, empty without one."""
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return cast("bytes", parts[0].get_payload(decode=True)) if parts else b""
