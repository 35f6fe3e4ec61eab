"""Invites to what is over, was called off as a whole, or goes on as another series."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.words import Answer
from groupsite.mail.vault import Vault
from groupsite.models import Account, Delivery, DeliveryKind, Invite, MeetingSeries, Membership
from groupsite.services import date_changes, invites, outbox, series_ends
from groupsite.services import series as meetings
from groupsite.services.series import SeriesWords
from tests.conformance import faults
from tests.integration.test_invites import calendar_of, uid_of, wire_of, with_calendar
from tests.plugins.application import MORNING
from tests.post_office import PostOffice
from tests.weekly import SECOND, THIRD, WEEKLY, House, new_house

A_DAY = timedelta(days=1)


@pytest.fixture
def house(post: PostOffice, session: Session, vault: Vault) -> House:
    """Whose meeting begins in two weeks, and whose member has an address."""
    house = new_house(session, vault)
    account = session.get_one(Account, house.actor.account_id)
    account.email_sealed = vault.seal("robin@example.org")
    later = replace(WEEKLY, dtstart_local=THIRD)
    house.series = meetings.create_series(session, house.actor, house.group, SeriesDraft(later), now=MORNING)
    session.commit()
    post.deliver(at=MORNING)
    return house


EMPTIED: dict[str, tuple[Callable[..., object], tuple[object, ...]]] = {
    "ended": (series_ends.end_series, (SECOND.date(),)),
    "succeeded": (series_ends.succeed, (SeriesDraft(replace(WEEKLY, dtstart_local=THIRD + A_DAY)), SECOND.date())),
}


@pytest.mark.parametrize("name", EMPTIED)
def test_series_that_ends_before_it_began_is_called_off_as_a_whole(post: PostOffice, house: House, name: str) -> None:
    series = house.session.get_one(MeetingSeries, house.series.id)
    invite = house.session.scalars(select(Invite).where(Invite.series_id == series.id)).one()
    act, arguments = EMPTIED[name]
    act(house.session, house.actor, series, *arguments, now=MORNING)
    house.session.commit()
    seen = len(post.mailbox.to("robin"))
    post.deliver(at=MORNING + timedelta(seconds=1))
    told = {uid_of(mail): mail for mail in post.mailbox.to("robin")[seen:]}
    mail = told.pop(invite.uid)
    read = calendar_of(mail)
    (event,) = read.walk("VEVENT")
    assert faults(wire_of(mail), method="CANCEL") == []
    assert (read["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert not {"RECURRENCE-ID", "RRULE", "EXDATE"} & set(event)
    assert {"DTSTART", "SUMMARY", "DURATION", "ORGANIZER", "ATTENDEE"} <= set(event)
    assert mail["Subject"] == "Appointment: called off"
    assert [calendar_of(one)["METHOD"] for one in told.values()] == ["REQUEST"] * (name == "succeeded")


def test_series_that_was_emptied_is_taken_back_from_who_wants_no_more_invites(post: PostOffice, house: House) -> None:
    session = house.session
    series_ends.end_series(session, house.actor, house.series, SECOND.date(), now=MORNING)
    (person,) = session.scalars(select(Membership).where(Membership.group_id == house.group.id))
    person.wants_invites = False
    outbox.invites_declined(session, membership_id=person.id, now=MORNING)
    session.commit()
    seen = len(post.mailbox.to("robin"))
    post.deliver(at=MORNING + timedelta(seconds=1))
    assert [faults(wire_of(mail), method="CANCEL") for mail in post.mailbox.to("robin")[seen:]] == [[]]


def test_only_date_that_is_called_off_takes_the_whole_invite_with_it(post: PostOffice, house: House) -> None:
    session, actor = house.session, house.actor
    once = SeriesDraft(replace(WEEKLY, dtstart_local=SECOND, rrule=None, title="Candles"))
    series = meetings.create_series(session, actor, house.group, once, now=MORNING)
    words = SeriesWords("Many candles", series.kind, series.modality, series.venue)
    steps: list[Callable[[], object]] = [
        lambda: None,
        lambda: date_changes.cancel_date(session, actor, series, SECOND, now=MORNING),
        lambda: meetings.reword(session, actor, series, words, now=MORNING),
        lambda: date_changes.restore_date(session, actor, series, SECOND, now=MORNING),
    ]
    told = []
    for number, act in enumerate(steps, 1):
        act()
        session.commit()
        seen = len(post.mailbox.to("robin"))
        post.deliver(at=MORNING + timedelta(seconds=number))
        (mail,) = with_calendar(post.mailbox.to("robin")[seen:])
        told.append(calendar_of(mail))
        assert faults(wire_of(mail), method=str(told[-1]["METHOD"])) == []
    events = [one.walk("VEVENT") for one in told]
    assert [str(one["METHOD"]) for one in told] == ["REQUEST", "CANCEL", "CANCEL", "REQUEST"]
    assert [str(one[0]["STATUS"]) for one in events] == ["CONFIRMED", "CANCELLED", "CANCELLED", "CONFIRMED"]
    assert [one[0]["SEQUENCE"] for one in events] == [0, 1, 1, 2]
    assert [{"RECURRENCE-ID", "RRULE", "EXDATE"} & set(event) for one in events for event in one] == [set()] * 4


def test_nobody_is_invited_to_what_is_over_and_nothing_unknown_is_taken_back(post: PostOffice, house: House) -> None:
    session, actor = house.session, house.actor
    (person,) = session.scalars(select(Membership).where(Membership.group_id == house.group.id))
    person.wants_invites = False
    session.flush()
    for title, rule in (("Gone", None), ("Emptied", WEEKLY.rrule), ("Soon", None)):
        first = (MORNING - A_DAY).replace(tzinfo=None) if title == "Gone" else THIRD
        draft = SeriesDraft(replace(WEEKLY, dtstart_local=first, rrule=rule, title=title))
        series = meetings.create_series(session, actor, house.group, draft, now=MORNING)
        if title == "Emptied":
            series_ends.end_series(session, actor, series, SECOND.date(), now=MORNING)
    known = set(session.scalars(select(Invite.series_id).where(Invite.membership_id == person.id)))
    assert len(known) == 1
    outbox.invites_declined(session, membership_id=person.id, now=MORNING)
    assert owed(session, DeliveryKind.INVITE_WITHDRAW) == {session.get_one(MeetingSeries, one).slug for one in known}
    session.execute(delete(Delivery))
    outbox.invites_chosen(session, membership_id=person.id, now=MORNING)
    assert owed(session, DeliveryKind.INVITE) == {"tuesday-evening", "tuesday-evening-2", "soon"}


def owed(session: Session, kind: DeliveryKind) -> set[str]:
    query = select(MeetingSeries.slug).join(Delivery, Delivery.series_id == MeetingSeries.id)
    return set(session.scalars(query.where(Delivery.kind == kind)))


def test_first_invite_to_a_series_that_has_ended_meanwhile_is_not_sent(post: PostOffice, house: House) -> None:
    session, actor = house.session, house.actor
    draft = SeriesDraft(replace(WEEKLY, dtstart_local=THIRD, title="Candles"))
    series = meetings.create_series(session, actor, house.group, draft, now=MORNING)
    series_ends.end_series(session, actor, series, SECOND.date(), now=MORNING)
    session.commit()
    assert post.deliver(at=MORNING + timedelta(seconds=1)) == {"cancelled": 2}


def test_declined_series_brings_no_invite_to_its_successor_until_invites_are_asked_for_again(
    post: PostOffice, house: House
) -> None:
    session = house.session
    invite = session.scalars(select(Invite).where(Invite.series_id == house.series.id)).one()
    invite.answer = Answer.NOT_THIS_TIME
    session.commit()
    later = SeriesDraft(replace(WEEKLY, dtstart_local=THIRD + 2 * A_DAY))
    new = series_ends.succeed(session, house.actor, house.series, later, THIRD.date() + A_DAY, now=MORNING)
    session.commit()
    seen = len(post.mailbox.to("robin"))
    assert post.deliver(at=MORNING + timedelta(seconds=1)) == {"cancelled": 2}
    outbox.invites_declined(session, membership_id=invite.membership_id, now=MORNING)
    assert owed(session, DeliveryKind.INVITE_WITHDRAW) == {house.series.slug}
    session.execute(delete(Delivery))
    invites.ask_again(session, invite.membership_id)
    outbox.invites_chosen(session, membership_id=invite.membership_id, now=MORNING)
    session.commit()
    post.deliver(at=MORNING + timedelta(seconds=2))
    uid = session.scalars(select(Invite.uid).where(Invite.series_id == new.id)).one()
    assert uid in {uid_of(mail) for mail in post.mailbox.to("robin")[seen:]}
