"""Answers from calendar programs: the invited person's count, everybody else's change nothing, and none is answered."""

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from groupsite.domain.permissions import VISITOR
from groupsite.domain.words import Answer
from groupsite.formats.incoming import LARGEST_MAIL
from groupsite.models import Delivery, InboundCount, Rsvp
from groupsite.queries.groups import series_of
from groupsite.services import date_changes
from groupsite.services.inbound import Outcome
from tests.members import tables_that_hold
from tests.plugins.application import MORNING, Clock
from tests.post_office import PostOffice, member, tonight
from tests.replies import HER, LATER, STYLES, TONIGHT, Invitation, event_lines, for_tonight, google, reply


def kept(session: Session) -> list[Answer]:
    return list(session.scalars(select(Rsvp.answer)))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("partstat", "answers"),
    [("ACCEPTED", [Answer.GOING]), ("DECLINED", [Answer.NOT_THIS_TIME]), ("TENTATIVE", [])],
)
def test_answer_about_one_date_is_kept(
    session: Session,
    invitation: Invitation,
    take: Callable[..., Outcome],
    style: Callable[..., bytes],
    partstat: str,
    answers: list[Answer],
) -> None:
    mail = style(for_tonight(invitation, partstat), HER, invitation.recipient)
    assert (take(mail), kept(session)) == (Outcome.ANSWERED, answers)
    assert tables_that_hold(session, "he must not know") == []


@pytest.mark.parametrize(
    "recurrence_id",
    [TONIGHT, ":20261125T000000Z", ";TZID=Europe/London:20261125T000000", ":20261124T190000"],
)
def test_date_is_found_however_it_is_written(
    session: Session, invitation: Invitation, take: Callable[..., Outcome], recurrence_id: str
) -> None:
    calendar = reply(invitation, event_lines(invitation, "ACCEPTED", LATER, RECURRENCE_ID=recurrence_id))
    assert (take(google(calendar, HER, invitation.recipient)), kept(session)) == (Outcome.ANSWERED, [Answer.GOING])


def test_answer_without_organizer_or_sequence_is_taken(
    session: Session, invitation: Invitation, take: Callable[..., Outcome]
) -> None:
    calendar = for_tonight(invitation, "ACCEPTED", ORGANIZER="", SEQUENCE="", COMMENT="")
    assert (take(google(calendar, HER, invitation.recipient)), kept(session)) == (Outcome.ANSWERED, [Answer.GOING])


def test_envelope_tells_the_recipient_when_the_header_does_not(
    session: Session, invitation: Invitation, take: Callable[..., Outcome]
) -> None:
    mail = google(for_tonight(invitation, "ACCEPTED"), HER, "notes@evenings.example")
    assert take(mail) is Outcome.UNKNOWN
    assert take(mail, sent_to=invitation.recipient) is Outcome.ANSWERED


def test_newest_answer_counts_in_whatever_order_they_come(
    session: Session, invitation: Invitation, take: Callable[..., Outcome]
) -> None:
    newer, older = (
        google(for_tonight(invitation, partstat, MORNING + timedelta(minutes=minutes)), HER, invitation.recipient)
        for partstat, minutes in (("DECLINED", 5), ("ACCEPTED", 2))
    )
    assert [take(newer), take(older), take(newer)] == [Outcome.ANSWERED, Outcome.STALE, Outcome.ANSWERED]
    assert kept(session) == [Answer.NOT_THIS_TIME]


def test_answer_to_a_date_as_it_was_before_it_moved_is_stale(
    session: Session, invitation: Invitation, take: Callable[..., Outcome]
) -> None:
    row = tonight(session)
    series = series_of(session, row.group_id, "main")
    date_changes.move_date(
        session, VISITOR, series, row.original_local, row.original_local + timedelta(hours=1), now=MORNING
    )
    session.commit()
    stale, current = (
        google(for_tonight(invitation, "ACCEPTED", SEQUENCE=sequence), HER, invitation.recipient)
        for sequence in (":0", ":1")
    )
    assert [take(stale), kept(session)] == [Outcome.STALE, []]
    assert [take(current), kept(session)] == [Outcome.ANSWERED, [Answer.GOING]]


def test_answers_of_others_change_nothing(
    session: Session, invitation: Invitation, take: Callable[..., Outcome]
) -> None:
    good = for_tonight(invitation, "ACCEPTED")
    forwarded = for_tonight(invitation, "ACCEPTED", ATTENDEE=";PARTSTAT=ACCEPTED:mailto:him@example.org")
    other_uid = for_tonight(invitation, "ACCEPTED", UID=":another@dates.invalid")
    assert take(google(good, "him@example.org", invitation.recipient)) is Outcome.FORGED
    assert take(google(forwarded, "him@example.org", invitation.recipient)) is Outcome.FORGED
    assert take(google(forwarded, HER, invitation.recipient)) is Outcome.FORGED
    assert take(google(other_uid, HER, invitation.recipient)) is Outcome.UNKNOWN
    assert take(google(good, HER, "notes+0123456789abcdef@evenings.example")) is Outcome.UNKNOWN
    assert kept(session) == []


def test_sender_whom_our_own_server_condemns_changes_nothing(
    session: Session, invitation: Invitation, take: Callable[..., Outcome]
) -> None:
    mail = google(for_tonight(invitation, "ACCEPTED"), HER, invitation.recipient)
    condemned = b"Authentication-Results: mx.example.net; spf=pass; dmarc=fail header.from=example.org\r\n" + mail
    passed = condemned.replace(b"dmarc=fail", b"dmarc=pass")
    assert take(condemned, trusted_server="mx.example.net") is Outcome.FORGED
    assert kept(session) == []
    assert take(passed, trusted_server="mx.example.net") is Outcome.ANSWERED
    assert take(condemned, trusted_server="elsewhere.example") is Outcome.ANSWERED


TOO_MUCH = {
    "deep": b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
    + b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 400,
    "many headers": b"X-A: b\r\n" * 20_000 + b"\r\n",
}
HOSTILE = {
    "nothing": b"",
    "noise": bytes(range(256)) * 40,
    "no calendar": b"From: a@example.org\r\nTo: b@example.org\r\n\r\nHello",
    "cut in half": b"Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEV",
    "long sender": b"From: " + b"marisol" * 1000 + b"@example.org\r\n\r\n",
    "another charset": b"Content-Type: text/calendar; charset=utf-7; method=REPLY\r\n\r\n+AD4-",
}


@pytest.mark.parametrize("name", [*HOSTILE, *TOO_MUCH])
def test_junk_changes_nothing_and_is_counted(
    session: Session, sample: None, take: Callable[..., Outcome], name: str
) -> None:
    outcome = Outcome.TOO_LARGE if name in TOO_MUCH else Outcome.UNREADABLE
    assert take((HOSTILE | TOO_MUCH)[name]) is outcome
    (counted,) = session.scalars(select(InboundCount))
    assert (counted.day, counted.outcome, counted.count) == (MORNING.date(), outcome.value, 1)


@pytest.mark.parametrize(
    "said",
    [
        {"ATTENDEE": ""}, {"ATTENDEE": ":mailto:marisol@example.org"}, {"UID": ""}, {"DTSTAMP": ""}, {"DTSTAMP": ":soon"},
        {"ATTENDEE": ";PARTSTAT=DELEGATED:mailto:marisol@example.org"}, {"RECURRENCE_ID": ";VALUE=DATE:20261124"},
        {"RECURRENCE_ID": ":99999999T999999"}, {"SEQUENCE": ":many"}, {"ATTENDEE": ";PARTSTAT=ACCEPTED:tel:+1202"},
    ],
)  # fmt: skip
def test_reply_that_says_nothing_clear_changes_nothing(
    session: Session, invitation: Invitation, take: Callable[..., Outcome], said: dict[str, str]
) -> None:
    calendar = reply(invitation, event_lines(invitation, "ACCEPTED", LATER, **({"RECURRENCE_ID": TONIGHT} | said)))
    assert (take(google(calendar, HER, invitation.recipient)), kept(session)) == (Outcome.UNREADABLE, [])


def test_other_methods_and_too_much_change_nothing(
    session: Session, invitation: Invitation, take: Callable[..., Outcome]
) -> None:
    event = event_lines(invitation, "ACCEPTED", LATER, RECURRENCE_ID=TONIGHT)
    assert take(google(reply(invitation, event, method="REQUEST"), HER, invitation.recipient)) is Outcome.UNREADABLE
    large = for_tonight(invitation, "ACCEPTED", COMMENT=":" + "x" * 70_000)
    assert take(google(large, HER, invitation.recipient)) is Outcome.TOO_LARGE
    assert take(b"x" * (LARGEST_MAIL + 1)) is Outcome.TOO_LARGE
    assert take(google(reply(invitation, *[event] * 51), HER, invitation.recipient)) is Outcome.UNREADABLE
    assert kept(session) == []


def test_mail_that_makes_us_stumble_is_counted_and_ends_well(
    app: Flask, session: Session, invitation: Invitation, clock: Clock
) -> None:
    """Here over a table that is not there."""
    clock.now = LATER
    raw = google(for_tonight(invitation, "ACCEPTED"), HER, invitation.recipient)
    session.execute(text("ALTER TABLE invite RENAME TO gone"))
    session.commit()
    with capture_logs() as logged:
        taken = app.test_cli_runner().invoke(args=["mail", "receive"], input=raw)
    assert (taken.exit_code, taken.output, kept(session)) == (0, "unreadable\n", [])
    assert logged == [{"event": "mail_failed", "error": "ProgrammingError", "log_level": "error"}]
    assert [(one.outcome, one.count) for one in session.scalars(select(InboundCount))] == [("unreadable", 1)]


def test_nothing_is_answered_automatically(
    session: Session, post: PostOffice, invitation: Invitation, take: Callable[..., Outcome]
) -> None:
    owed, sent = len(session.scalars(select(Delivery)).all()), len(post.mailbox.taken)
    take(google(for_tonight(invitation, "DECLINED"), HER, invitation.recipient))
    take(google(for_tonight(invitation, "ACCEPTED"), "him@example.org", invitation.recipient))
    post.deliver(at=LATER)
    assert (len(session.scalars(select(Delivery)).all()), len(post.mailbox.taken)) == (owed, sent)


def test_mail_that_a_program_sends_to_unsubscribe_stops_everything(
    session: Session, post: PostOffice, invitation: Invitation, take: Callable[..., Outcome]
) -> None:
    header = post.mailbox.to("marisol")[0]["List-Unsubscribe"]
    assert re.fullmatch(
        r"<https://evenings\.example/u/[\w-]+>, <mailto:notes\+stop@evenings\.example\?subject=[\w-]+>", header
    )
    address, _, token = header.split("<mailto:")[1].rstrip(">").partition("?subject=")
    asking = EmailMessage()
    asking["From"], asking["To"], asking["Subject"] = HER, address, "not the token"
    assert (take(asking.as_bytes()), member(session, "marisol").wants_invites) == (Outcome.UNKNOWN, True)
    asking.replace_header("Subject", f"Re: {token}")
    assert (take(asking.as_bytes()), member(session, "marisol").wants_invites) == (Outcome.STOPPED, False)
    assert take(asking.as_bytes()) is Outcome.STOPPED
