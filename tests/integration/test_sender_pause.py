"""Faults of ours: the sender rests, says so, goes on by itself, and blames no member; over a real SMTP dialogue."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from groupsite.domain.bounces import Fault
from groupsite.mail.transport import transport_for
from groupsite.models import Account, Delivery, DeliveryState, Membership, SenderPause, Suppression
from groupsite.services import memberships, sender_pause
from groupsite.services.fair_line import UNCERTAIN_AT_MOST
from tests.browser import Browser
from tests.plugins.application import MORNING
from tests.post_office import EVENING, PostOffice, member
from tests.smtp_server import Server, smtp_server
from tests.weekly import new_account

MINUTE = timedelta(minutes=1)


@pytest.fixture
def server() -> Iterator[Server]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def due(post: PostOffice, server: Server, session: Session) -> list[Delivery]:
    """Mails to fifteen people, Charlene the first of them, that are due at EVENING and go out over the server."""
    post.transport = transport_for(f"smtp://notes:secret@127.0.0.1:{server.port}")
    post.plan()
    hers = session.scalars(select(Delivery).join(Account).where(Account.login == "charlene")).first()
    assert hers is not None
    people = [member(session, "charlene"), *(_another(session, post, number) for number in range(1, 15))]
    rows = [_copy(hers, one, number) for number, one in enumerate(people)]
    for row in session.scalars(select(Delivery)):
        session.delete(row)
    session.add_all(rows)
    session.commit()
    return rows


def _another(session: Session, post: PostOffice, number: int) -> Membership:
    """Somebody with Charlene's wishes and an address of her own."""
    hers, account = member(session, "charlene"), new_account(session, f"member-{number}")
    account.email_sealed = post.desk.vault.seal(f"{account.login}@example.org")
    another = memberships.enrol(
        session, hers.group_id, account.id, f"M. {number}", vault=post.desk.vault, now=hers.reminders_since
    )
    another.lead_minutes = hers.lead_minutes
    session.flush()
    return another


def _copy(row: Delivery, one: Membership, number: int) -> Delivery:
    due_at = EVENING - timedelta(minutes=1) + timedelta(seconds=number)
    kept = {
        name: getattr(row, name)
        for name in ("kind", "series_id", "original_local", "start_utc", "lead_minutes", "expires_at")
    }
    theirs = {"account_id": one.account_id, "membership_id": one.id}
    return Delivery(dedupe_key=f"copy:{number}", due_at=due_at, next_try_at=due_at, **kept, **theirs)


def states(session: Session) -> Counter[str]:
    session.expire_all()
    return Counter(row.value for row in session.scalars(select(Delivery.state)))


def resting(session: Session) -> tuple[Fault, int, datetime] | None:
    session.expire_all()
    row = session.scalars(select(SenderPause).where(SenderPause.resumed_at.is_(None))).one_or_none()
    return (row.fault, row.count, row.until) if row else None


def mail_is_well(client: Browser) -> bool:
    answer = client.get("/readyz").json or {}
    return bool(answer["mail"])


@pytest.mark.parametrize(
    ("command", "answer", "fault"),
    [
        ("AUTH", "535 5.7.8 Authentication credentials invalid", Fault.AUTHENTICATION),
        ("MAIL", "530 5.7.0 Authentication required", Fault.AUTHENTICATION),
        ("MAIL", "554 5.7.1 Sender address rejected", Fault.POLICY),
    ],
)
def test_fault_of_ours_lets_the_sender_rest_until_it_works_again(
    post: PostOffice,
    session: Session,
    client: Browser,
    server: Server,
    due: list[Delivery],
    command: str,
    answer: str,
    fault: Fault,
) -> None:
    assert mail_is_well(client)
    server.answers[command] = answer
    with capture_logs() as logged:
        assert post.deliver(at=EVENING) == {"deferred": 1}
    alarms = [one for one in logged if one["log_level"] == "error"]
    assert alarms == [{"event": "sender_paused", "log_level": "error", "reason": fault.value, "count": 1}]
    assert resting(session) == (fault, 1, EVENING + MINUTE)
    assert (mail_is_well(client), client.get("/readyz").status_code) == (False, 503)
    tried = len(server.commands)
    post.deliver(at=EVENING + timedelta(seconds=30))
    assert len(server.commands) == tried  # nobody knocks while it rests
    del server.answers[command]
    post.deliver(at=EVENING + 3 * MINUTE)
    post.deliver(at=EVENING + 6 * MINUTE)
    assert resting(session) is None
    assert mail_is_well(client)
    assert states(session) == {"sent": 15}
    assert len(server.taken) == len({taken[0] for taken in server.taken}) == 15  # each once
    assert session.scalars(select(Suppression)).all() == []


def test_rests_grow_and_what_becomes_useless_meanwhile_is_on_record(
    post: PostOffice, session: Session, server: Server, due: list[Delivery]
) -> None:
    server.answers["AUTH"] = "535 5.7.8 No"
    rests, at = [], EVENING
    for _ in range(6):
        post.deliver(at=at)
        found = resting(session)
        assert found
        rests.append((found[2] - at) / MINUTE)
        at = found[2] + 3 * MINUTE  # rows that were claimed are free again then
    assert rests == [1, 2, 5, 10, 15, 15]
    del server.answers["AUTH"]
    assert post.deliver(at=EVENING + timedelta(hours=4))["expired"] > 0
    assert (states(session), server.taken) == ({"expired": 15}, [])


def test_starttls_that_is_missing_lets_the_sender_rest(
    post: PostOffice, session: Session, server: Server, due: list[Delivery]
) -> None:
    post.transport = transport_for(f"{server.url}?tls=starttls")
    post.deliver(at=EVENING)
    assert resting(session) == (Fault.TLS, 1, EVENING + MINUTE)
    assert server.commands == []


def test_everything_refused_as_unwanted_is_our_fault(
    post: PostOffice, session: Session, server: Server, due: list[Delivery]
) -> None:
    server.answers["DATA"] = "554 5.7.1 Message rejected"
    assert post.deliver(at=EVENING) == {"deferred": UNCERTAIN_AT_MOST}
    assert resting(session) == (Fault.POLICY, 1, EVENING + MINUTE)
    assert session.scalars(select(Suppression)).all() == []
    del server.answers["DATA"]
    post.deliver(at=EVENING + 6 * MINUTE)
    assert (states(session), resting(session)) == ({"sent": 15}, None)
    assert len(server.taken) == 15


def test_one_mail_refused_as_unwanted_and_nothing_else_to_go_by_is_our_fault_too(
    post: PostOffice, session: Session, server: Server, due: list[Delivery]
) -> None:
    for row in due[1:]:
        session.delete(row)
    session.commit()
    server.answers["RCPT"] = "554 5.7.1 Client host blocked"
    post.deliver(at=EVENING)
    assert resting(session) == (Fault.POLICY, 1, EVENING + MINUTE)


def test_one_mail_refused_as_unwanted_among_others_that_are_taken_stops_none(
    post: PostOffice, session: Session, server: Server, due: list[Delivery]
) -> None:
    server.answers_once["DATA"] = "554 5.7.1 Message rejected"
    assert post.deliver(at=EVENING) == {"deferred": 1, "sent": 14}
    assert resting(session) is None
    post.deliver(at=EVENING + 6 * MINUTE)
    assert states(session) == {"sent": 15}


def test_unknown_recipient_is_spared_at_once_and_never_tried_again(
    post: PostOffice, session: Session, server: Server, client: Browser, due: list[Delivery]
) -> None:
    server.answers_once["RCPT"] = "550 5.1.1 <charlene@example.org>: Recipient address rejected"
    assert post.deliver(at=EVENING) == {"suppressed": 1, "sent": 14}
    session.expire_all()
    said = Counter((row.state, row.last_error_class) for row in session.scalars(select(Delivery)))
    assert said == {(DeliveryState.SUPPRESSED, "smtp_550_5.1.1"): 1, (DeliveryState.SENT, None): 14}
    due[0].state = DeliveryState.PLANNED
    session.commit()
    asked = server.commands.count("RCPT")
    assert post.deliver(at=EVENING + MINUTE) == {"suppressed": 1}
    assert server.commands.count("RCPT") == asked
    (row,) = session.scalars(select(Suppression))
    assert (row.fault, row.since) == (Fault.ADDRESS, EVENING)
    assert (resting(session), mail_is_well(client)) == (None, True)
    client.sign_in("charlene")
    assert "Mail to your address came back" in client.get("/account/email").text


def test_full_mailbox_costs_one_point_a_day(
    post: PostOffice, session: Session, server: Server, due: list[Delivery]
) -> None:
    for other in due[1:]:
        session.delete(other)
    for number in range(3):
        server.answers_once["RCPT"] = "552 5.2.2 Mailbox full"
        due[0].state = DeliveryState.PLANNED
        session.commit()
        assert post.deliver(at=EVENING + number * MINUTE) == {"failed": 1}
    (row,) = session.scalars(select(Suppression))
    assert (row.points, row.since, row.fault) == (1, None, Fault.MAILBOX)


@pytest.mark.parametrize("answer", ["421 4.3.2 Closing", "450 4.2.0 Greylisted", "452 4.2.2 Mailbox full"])
def test_refused_for_now_blames_nobody_and_rests_nobody(
    post: PostOffice, session: Session, server: Server, due: list[Delivery], answer: str
) -> None:
    server.answers["RCPT"] = answer
    assert post.deliver(at=EVENING) == {"deferred": 15}
    assert (resting(session), session.scalars(select(Suppression)).all()) == (None, [])
    del server.answers["RCPT"]
    post.deliver(at=EVENING + 6 * MINUTE)
    assert (states(session), len(server.taken)) == ({"sent": 15}, 15)


def test_operator_can_end_a_rest(app: Flask, post: PostOffice, session: Session) -> None:
    assert "was not resting" in app.test_cli_runner().invoke(args=["mail", "resume"]).output
    sender_pause.pause(session, Fault.TLS, now=MORNING)
    session.commit()
    assert "goes out" in app.test_cli_runner().invoke(args=["mail", "resume"]).output
    assert resting(session) is None


def test_old_trouble_that_nothing_has_tested_since_is_no_alarm(
    post: PostOffice, session: Session, client: Browser
) -> None:
    sender_pause.pause(session, Fault.TLS, now=MORNING)
    session.commit()
    seen = []
    for minutes in (0, 1, 5, 7):
        post.clock.now = MORNING + minutes * MINUTE
        seen.append(mail_is_well(client))
    assert seen == [False, False, False, True]


def test_workers_that_find_out_together_count_once(session: Session, sample: None) -> None:
    for seconds in (0, 10, 20):
        sender_pause.pause(session, Fault.TLS, now=MORNING + timedelta(seconds=seconds))
    assert resting(session) == (Fault.TLS, 1, MORNING + MINUTE)
