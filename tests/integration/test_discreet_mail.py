"""Every kind of mail about every date of the sample: what a discreet one shows anywhere tells nobody what this is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.discretion import betrayals
from groupsite.domain.schedule import Venue
from groupsite.domain.words import OccurrenceStatus
from groupsite.mail.message import to_bytes
from groupsite.models import (
    ABOUT_THE_ACCOUNT,
    Account,
    Delivery,
    DeliveryKind,
    Group,
    Invite,
    MeetingSeries,
    Membership,
    OccurrenceRow,
    SingleUseToken,
)
from groupsite.queries.subjects import Subject
from groupsite.services import answers, invites, memberships
from groupsite.services.letters import CALLED_OFF, words_of, write
from tests.plugins.application import MORNING
from tests.post_office import PostOffice

AS_IT_IS = (
    OccurrenceStatus.SCHEDULED,
    OccurrenceStatus.CANCELLED,
    OccurrenceStatus.MOVED,
    OccurrenceStatus.RELOCATED,
)
ABOUT_A_DATE = (DeliveryKind.REMINDER, DeliveryKind.CHANGE, DeliveryKind.INVITE_CANCEL)
OTHER_PLACE = Venue("Lower Hall", "3 Rope Walk")


@pytest.fixture
def reader(session: Session, post: PostOffice) -> Account:
    """Somebody who is in every group of the sample."""
    account = Account(
        login="reader", password_hash="", adult_confirmed_at=MORNING, created_at=MORNING, timezone="Europe/Paris"
    )
    session.add(account)
    session.flush()
    for group in session.scalars(select(Group)):
        memberships.enrol(session, group.id, account.id, "R.", vault=post.desk.vault, now=MORNING)
    return account


def names_of_the_sample(session: Session) -> list[str]:
    """Of groups, meetings and places; and what is only in these tests."""
    venues = [one.venue for one in session.scalars(select(MeetingSeries)) if one.venue]
    places = [part for venue in (*venues, OTHER_PLACE) for part in (venue.name, venue.address)]
    titles = [*session.scalars(select(MeetingSeries.title)), *session.scalars(select(OccurrenceRow.title).distinct())]
    slugs = [*session.scalars(select(Group.slug))]
    return [*session.scalars(select(Group.name)), *titles, *places, *slugs]


def subjects(session: Session, account: Account, kind: DeliveryKind) -> Iterator[Subject]:
    """One mail of this kind for each series, and for each way in which its next date may differ."""
    if kind in ABOUT_THE_ACCOUNT:
        token = SingleUseToken(id=uuid4())
        yield Subject(_delivery(kind, None), account, None, None, None, None, token)
        return
    for series, group, member in session.execute(
        select(MeetingSeries, Group, Membership)
        .join(Group, Group.id == MeetingSeries.group_id)
        .join(Membership, (Membership.group_id == Group.id) & (Membership.account_id == account.id))
    ).all():
        row = session.scalars(
            select(OccurrenceRow)
            .where(OccurrenceRow.series_id == series.id, OccurrenceRow.start_utc > MORNING)
            .order_by(OccurrenceRow.start_utc)
        ).first()
        assert row is not None
        whole = Subject(_delivery(kind, row), account, member, group, series, row, None)
        yield from (_as(whole, status) for status in (AS_IT_IS if kind in ABOUT_A_DATE else AS_IT_IS[:1]))


def _delivery(kind: DeliveryKind, row: OccurrenceRow | None) -> Delivery:
    return Delivery(id=uuid4(), kind=kind, due_at=MORNING, original_local=row.original_local if row else None)


def _as(whole: Subject, status: OccurrenceStatus) -> Subject:
    """The same mail about a date that differs so; nothing of it is stored."""
    row = whole.occurrence
    assert row is not None
    shift = timedelta(hours=1) if status is OccurrenceStatus.MOVED else timedelta()
    said = {column.key: getattr(row, column.key) for column in OccurrenceRow.__table__.columns}
    said |= {
        "status": status,
        "start_utc": row.original_utc + shift,
        "end_utc": row.end_utc - row.start_utc + row.original_utc + shift,
    }
    if status is OccurrenceStatus.RELOCATED:
        said["venue"] = OTHER_PLACE
    return replace(whole, occurrence=OccurrenceRow(**said | {"public_note": "Rope Walk is flooded."}))


def everything_shown(post: PostOffice, session: Session, subject: Subject) -> str:
    """Headers, bodies, calendar parts and names of files, as they are read; ids that only say which mail it is are left out."""
    message = write(session, [subject], "reader@example.org", post.desk, now=MORNING)
    mail = message_from_bytes(to_bytes(message), policy=policy.default)
    shown = "\n".join([*(f"{name}: {value}" for name, value in mail.items()), *_parts(mail)])
    for opaque in _opaque(post, session, subject):
        shown = shown.replace(opaque, "")
    return shown


def _parts(mail: EmailMessage) -> Iterator[str]:
    for part in mail.walk():
        if not part.is_multipart():
            yield part.get_filename() or ""
            yield part.get_payload(decode=True).decode().replace("\r\n ", "")


def _opaque(post: PostOffice, session: Session, subject: Subject) -> list[str]:
    """What chance has written: it may spell anything."""
    member, vault, delivery = subject.membership, post.desk.vault, subject.delivery
    found = [delivery.id.hex, answers.link_of(subject, vault)]
    if subject.token:
        found += [vault.token(purpose, subject.token.id) for purpose in ("confirm-email", "sign-in")]
    if member and subject.series:
        found.append(vault.token("unsubscribe", member.id))
        invite = session.get(Invite, (member.id, subject.series.id), populate_existing=True)
        found += [invites.organizer(subject, post.desk), *([invite.uid] if invite else [])]
    return found


@pytest.mark.parametrize("own_words", ["", "Library hour"])
@pytest.mark.parametrize("kind", DeliveryKind)
def test_discreet_mail_tells_nothing_anywhere(
    post: PostOffice, session: Session, reader: Account, kind: DeliveryKind, own_words: str
) -> None:
    reader.discreet, reader.discreet_title = True, own_words
    names = names_of_the_sample(session)
    told = {
        (
            str(subject.group and subject.group.slug),
            *betrayals(everything_shown(post, session, subject), [*names, "Rope Walk"]),
        )
        for subject in subjects(session, reader, kind)
    }
    assert {found for found in told if len(found) > 1} == set()
    assert told


@pytest.mark.parametrize("own_words", ["", "Library hour"])
def test_discreet_letter_of_what_is_called_off_tells_nothing(
    post: PostOffice, session: Session, reader: Account, own_words: str
) -> None:
    reader.discreet, reader.discreet_title = True, own_words
    names = names_of_the_sample(session)
    for subject in subjects(session, reader, DeliveryKind.INVITE):
        words = words_of([subject], post.desk, now=MORNING, letter=CALLED_OFF)
        shown = words.subject + words.text + words.html
        for opaque in _opaque(post, session, subject):
            shown = shown.replace(opaque, "")
        assert betrayals(shown, names) == []


@pytest.mark.parametrize("kind", [one for one in DeliveryKind if one not in ABOUT_THE_ACCOUNT])
def test_plain_mail_names_the_group(post: PostOffice, session: Session, reader: Account, kind: DeliveryKind) -> None:
    """The same look at the mail finds it where it is."""
    reader.discreet = False
    for subject in subjects(session, reader, kind):
        assert subject.group is not None
        assert betrayals(everything_shown(post, session, subject), [subject.group.name]) != []


@pytest.mark.parametrize("kind", DeliveryKind)
def test_mail_that_can_be_stopped_belongs_to_one_neutral_list(
    post: PostOffice, session: Session, reader: Account, kind: DeliveryKind
) -> None:
    subject = next(subjects(session, reader, kind))
    mail = message_from_bytes(
        to_bytes(write(session, [subject], "reader@example.org", post.desk, now=MORNING)), policy=policy.default
    )
    expected = None if kind in ABOUT_THE_ACCOUNT else "<notes.dates.invalid>"
    assert (mail["List-Id"], mail["List-Unsubscribe"] is None) == (expected, expected is None)


@pytest.mark.parametrize("kind", DeliveryKind)
@pytest.mark.parametrize("discreet", [True, False])
def test_first_words_stand_hidden_in_front(
    post: PostOffice, session: Session, reader: Account, kind: DeliveryKind, *, discreet: bool
) -> None:
    reader.discreet, reader.discreet_title = discreet, ""
    for subject in subjects(session, reader, kind):
        words = words_of([subject], post.desk, now=MORNING)
        hidden = words.html.split("<div hidden")[1].split(">", 1)[1].split("</div>")[0]
        assert hidden == escape(words.preheader) != ""


@pytest.mark.parametrize("own_words", ["", "Library hour"])
def test_discreet_mail_that_carries_everything_at_once_tells_nothing(
    post: PostOffice, session: Session, reader: Account, own_words: str
) -> None:
    reader.discreet, reader.discreet_title = True, own_words
    whole = [one for kind in (DeliveryKind.REMINDER, DeliveryKind.CHANGE) for one in subjects(session, reader, kind)]
    message = write(session, whole, "reader@example.org", post.desk, now=MORNING)
    shown = "\n".join([message.subject, message.text, message.html, *message.unsubscribe, message.list_id])
    for opaque in (found for one in whole for found in _opaque(post, session, one)):
        shown = shown.replace(opaque, "")
    assert betrayals(shown, [*names_of_the_sample(session), "Rope Walk"]) == []
    assert shown.count("cancelled") > len(AS_IT_IS)
