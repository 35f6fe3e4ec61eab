"""Mail that came back: the address that it came back to is the proof, and only what it says is to blame is blamed."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from groupsite.domain.bounces import Fault
from groupsite.mail.vault import Vault
from groupsite.models import Account, Delivery, InboundCount, Suppression
from groupsite.services import bounces, inbound, upkeep
from groupsite.services.inbound import Outcome
from tests.browser import Browser
from tests.members import account, tables_that_hold
from tests.plugins.application import MORNING
from tests.post_office import EVENING, PostOffice

MAILS = Path(__file__).parents[1] / "data" / "bounces"
HER = "charlene@example.org"
LATER = EVENING + timedelta(minutes=30)
DAY = timedelta(days=1)


@pytest.fixture
def return_path(post: PostOffice) -> str:
    """Where Charlene's reminder of tonight comes back to."""
    post.plan()
    post.deliver(at=EVENING)
    return post.mailbox.return_paths[HER]


@pytest.fixture
def come_back(session: Session, vault: Vault, return_path: str) -> Callable[..., Outcome]:
    def receive(name: str, *, to: str = return_path, at: datetime = LATER) -> Outcome:
        raw = (MAILS / f"{name}.eml").read_bytes().replace(b"notes+bTOKEN@evenings.example", to.encode())
        outcome = inbound.receive(session, raw, vault, sent_to=to if "complaint" not in name else "", now=at)
        session.commit()
        return outcome

    return receive


def stopped(session: Session) -> list[Fault]:
    session.expire_all()
    return list(session.scalars(select(Suppression.fault).where(Suppression.since.is_not(None))))


def bad_days(session: Session) -> list[int]:
    session.expire_all()
    return list(session.scalars(select(Suppression.points)))


def next_reminder(post: PostOffice, *, weeks: int = 1) -> int:
    """How many mails Charlene gets about the meeting that many weeks later."""
    before, at = len(post.mailbox.to("charlene")), EVENING + timedelta(weeks=weeks)
    post.clock.now = at - timedelta(hours=12)
    post.plan()
    post.deliver(at=at)
    return len(post.mailbox.to("charlene")) - before


def test_each_delivery_has_a_return_path_of_its_own(session: Session, post: PostOffice, return_path: str) -> None:
    local, _, domain = return_path.partition("@")
    assert re.fullmatch(r"notes\+b[a-z2-7]{42}", local)
    assert (len(local) <= 64, domain) == (True, "evenings.example")
    owed = list(session.scalars(select(Delivery)))
    assert len({bounces.return_path(row.id, post.desk) for row in owed}) == len(owed) > 1
    assert post.mailbox.to("charlene")[0]["From"].addresses[0].addr_spec == "notes@evenings.example"


@pytest.mark.parametrize(
    ("name", "outcome", "blamed"),
    [
        ("postfix_unknown_user", Outcome.NO_ADDRESS, [Fault.ADDRESS]),
        ("outlook_not_found", Outcome.NO_ADDRESS, [Fault.ADDRESS]),
        ("qmail_unknown_user", Outcome.NO_ADDRESS, [Fault.ADDRESS]),
        ("yahoo_complaint", Outcome.COMPLAINED, [Fault.COMPLAINT]),
        ("complaint_with_copy_only", Outcome.COMPLAINED, [Fault.COMPLAINT]),
        ("postfix_mailbox_full", Outcome.NO_MAILBOX, []),
        ("postfix_spam", Outcome.NOT_WANTED, []),
        ("complaint_about_sign", Outcome.NOT_WANTED, []),
        ("postfix_delayed", Outcome.IGNORED, []),
        ("relayed", Outcome.IGNORED, []),
        ("out_of_office", Outcome.IGNORED, []),
        ("bounce_of_a_bounce", Outcome.IGNORED, []),
        ("complaint_taken_back", Outcome.IGNORED, []),
        ("complaint_about_nothing_of_ours", Outcome.UNKNOWN, []),
    ],
)
def test_what_comes_back_stops_mail_or_does_not(
    session: Session,
    post: PostOffice,
    come_back: Callable[..., Outcome],
    name: str,
    outcome: Outcome,
    blamed: list[Fault],
) -> None:
    owed, sent = len(session.scalars(select(Delivery)).all()), len(post.mailbox.taken)
    assert (come_back(name), stopped(session)) == (outcome, blamed)
    assert session.scalars(select(InboundCount.outcome)).all() == [outcome.value]
    post.deliver(at=LATER + timedelta(seconds=1))
    assert (len(session.scalars(select(Delivery)).all()), len(post.mailbox.taken)) == (
        owed,
        sent,
    )  # nothing is answered
    assert next_reminder(post) == (0 if blamed else 1)


def test_suppressed_reminder_is_on_record(
    session: Session, post: PostOffice, come_back: Callable[..., Outcome]
) -> None:
    come_back("postfix_unknown_user")
    assert next_reminder(post) == 0
    hers = select(Delivery.state, Delivery.came_back).where(Delivery.account_id == account(session, "charlene").id)
    assert ("sent", Fault.ADDRESS) in [tuple(row) for row in session.execute(hers)]
    assert ("suppressed", None) in [tuple(row) for row in session.execute(hers)]


def test_same_report_twice_and_in_capitals_changes_nothing_more(
    session: Session, return_path: str, come_back: Callable[..., Outcome]
) -> None:
    assert [come_back("postfix_mailbox_full") for _ in range(3)] == [Outcome.NO_MAILBOX] * 3
    local, _, domain = return_path.partition("@")
    assert come_back("postfix_mailbox_full", to=f"{local.upper()}@{domain}") is Outcome.NO_MAILBOX
    assert bad_days(session) == [1]


def test_full_mailbox_four_days_running_stops_mail(
    session: Session, post: PostOffice, come_back: Callable[..., Outcome]
) -> None:
    for day in range(3):
        come_back("postfix_mailbox_full", at=LATER + day * DAY)
    assert (bad_days(session), stopped(session)) == ([3], [])
    come_back("postfix_gave_up", at=LATER + 3 * DAY)
    assert (bad_days(session), stopped(session)) == ([4], [Fault.MAILBOX])
    assert next_reminder(post) == 0


def test_bad_days_decay_after_thirty_good_ones(session: Session, come_back: Callable[..., Outcome]) -> None:
    for day in range(3):
        come_back("postfix_mailbox_full", at=LATER + day * DAY)
    come_back("postfix_mailbox_full", at=LATER + 33 * DAY)
    assert (bad_days(session), stopped(session)) == ([1], [])


def test_bad_days_that_count_no_more_are_forgotten_and_stops_are_not(
    session: Session, come_back: Callable[..., Outcome]
) -> None:
    come_back("postfix_mailbox_full")
    upkeep.forget(session, now=LATER + 20 * DAY)
    assert bad_days(session) == [1]
    upkeep.forget(session, now=LATER + 31 * DAY)
    assert bad_days(session) == []
    session.rollback()
    come_back("postfix_unknown_user")
    upkeep.forget(session, now=LATER + 29 * DAY)
    upkeep.forget(session, now=LATER + 400 * DAY)
    assert stopped(session) == [Fault.ADDRESS]


def test_forged_and_unknown_return_paths_change_nothing(
    session: Session, vault: Vault, return_path: str, come_back: Callable[..., Outcome]
) -> None:
    local, _, domain = return_path.partition("@")
    other = "a" if local[-2] != "a" else "b"
    stranger = Vault("another secret").tag(bounces.PURPOSE, session.scalars(select(Delivery.id)).first())  # type: ignore[arg-type]  # there is one
    other_purpose = vault.tag("stop", session.scalars(select(Delivery.id)).first())  # type: ignore[arg-type]  # there is one
    forged = [f"{local[:-2]}{other}{local[-1]}", f"notes+b{stranger}", f"notes+b{other_purpose}", f"notes+b{'a' * 42}"]
    forged.append(f"notes+b{'é' * 42}")
    for path in forged:
        assert come_back("postfix_unknown_user", to=f"{path}@{domain}") is Outcome.FORGED
    for path in (local[:-1], f"{local}a", "notes+b", "notes"):
        assert come_back("postfix_unknown_user", to=f"{path}@{domain}") is Outcome.UNKNOWN
    assert stopped(session) == []
    session.execute(delete(Delivery))
    assert come_back("postfix_unknown_user") is Outcome.UNKNOWN
    assert (stopped(session), bad_days(session)) == ([], [])


def test_return_path_of_a_mail_that_never_left_changes_nothing(
    session: Session, post: PostOffice, come_back: Callable[..., Outcome]
) -> None:
    waiting = session.scalars(select(Delivery).where(Delivery.attempt == 0)).first()
    assert waiting is not None
    assert come_back("postfix_unknown_user", to=bounces.return_path(waiting.id, post.desk)) is Outcome.UNKNOWN
    assert stopped(session) == []


def test_report_does_not_say_whom_it_is_about(session: Session, vault: Vault, return_path: str) -> None:
    raw = (MAILS / "postfix_unknown_user.eml").read_bytes().replace(HER.encode(), b"marisol@example.org")
    assert inbound.receive(session, raw, vault, sent_to=return_path, now=LATER) is Outcome.NO_ADDRESS
    marks = list(session.scalars(select(Suppression.address_mark)))
    assert marks == [vault.address_mark(HER)]


def test_what_comes_back_from_an_address_confirmed_since_changes_nothing(
    session: Session, come_back: Callable[..., Outcome]
) -> None:
    hers = account(session, "charlene")
    hers.email_confirmed_at = EVENING + timedelta(minutes=10)
    session.commit()
    assert come_back("postfix_unknown_user") is Outcome.UNKNOWN
    assert stopped(session) == []


def test_stop_outlives_the_account_and_holds_for_the_next_one(
    session: Session, post: PostOffice, vault: Vault, come_back: Callable[..., Outcome]
) -> None:
    come_back("postfix_unknown_user")
    gone = account(session, "charlene")
    session.execute(delete(Account).where(Account.id == gone.id))
    session.commit()
    assert stopped(session) == [Fault.ADDRESS]
    heir = account(session, "marisol")
    heir.email_sealed = vault.seal("Charlene@Example.org")
    session.commit()
    sent = len(post.mailbox.taken)
    assert next_reminder(post) == 0
    assert all(recipient.lower() != HER for recipient, _ in post.mailbox.taken[sent:])


def test_page_says_so_and_a_confirmed_address_is_written_to_again(
    session: Session, post: PostOffice, client: Browser, vault: Vault, come_back: Callable[..., Outcome]
) -> None:
    words = "Mail to your address came back"
    client.sign_in("charlene")
    pages = ("/account/email", "/account/reminders")
    assert [words in client.get(page).text for page in pages] == [False, False]
    come_back("postfix_unknown_user")
    assert [words in client.get(page).text for page in pages] == [True, True]
    assert (client.get("/account/export").json or {})["account"]["mail_stopped_because"] == "address"
    client.submit("/account/email", {"email": HER})
    post.deliver(at=LATER + timedelta(minutes=1))
    text = post.mailbox.to("charlene")[-1].get_body(("plain",)).get_content()
    link = re.search(r"/account/email/[\w-]+", text)
    assert link
    assert stopped(session) == [Fault.ADDRESS]
    assert client.submit(link[0]).status_code == 200
    assert stopped(session) == []
    assert [words in client.get(page).text for page in pages] == [False, False]
    assert (
        come_back("postfix_unknown_user", at=LATER + timedelta(minutes=2)) is Outcome.UNKNOWN
    )  # about the time before
    assert next_reminder(post) == 1


def test_link_that_came_back_is_told_on_the_page(
    session: Session, post: PostOffice, client: Browser, vault: Vault
) -> None:
    client.sign_up("charlotte")
    client.submit("/account/email", {"email": "charlote@example.org"})
    post.deliver(at=MORNING + timedelta(minutes=1))
    words = "could not be delivered"
    assert words not in client.get("/account/email").text
    path = post.mailbox.return_paths["charlote@example.org"].encode()
    raw = (MAILS / "gmail_unknown_user.eml").read_bytes().replace(b"notes+bTOKEN@evenings.example", path)
    assert inbound.receive(session, raw, vault, now=MORNING + timedelta(minutes=2)) is Outcome.NO_ADDRESS
    session.commit()
    assert words in client.get("/account/email").text
    client.submit("/account/email", {"email": "charlotte@example.org"})
    assert words not in client.get("/account/email").text


def test_nothing_that_came_back_is_kept_or_logged(
    session: Session, come_back: Callable[..., Outcome], caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as logged:
        for path in sorted(MAILS.iterdir()):
            come_back(path.stem)
    for words in (HER, "example.org", "mailbox table", "postmaster"):
        assert tables_that_hold(session, words) in ([], ["group"], ["group", "meeting_series"]), words
    written = str(logged) + caplog.text
    assert "mail_came_back" in written
    assert [words for words in (HER, "example.org", "User unknown", "@") if words in written] == []


def test_mail_server_hands_in_what_came_back(app: Flask, session: Session, return_path: str) -> None:
    raw = (
        (MAILS / "postfix_unknown_user.eml")
        .read_bytes()
        .replace(b"To: notes+bTOKEN@evenings.example", b"To: undisclosed")
    )
    handed_in = app.test_cli_runner().invoke(args=["mail", "receive", "--recipient", return_path], input=raw)
    assert (handed_in.exit_code, handed_in.output) == (0, "no_address\n")
    assert stopped(session) == [Fault.ADDRESS]
