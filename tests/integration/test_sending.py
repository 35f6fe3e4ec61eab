"""From the plan to the mailbox, with the clock set: who gets what, once, and only while it is still true."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.discretion import betrayals
from groupsite.domain.permissions import VISITOR
from groupsite.domain.schedule import Venue
from groupsite.domain.words import MembershipState, Notice
from groupsite.mail.refusals import Ambiguous, Permanent, Temporary
from groupsite.mail.transport import Leaving, unnoted
from groupsite.models import Account, Delivery, DeliveryState
from groupsite.queries.groups import series_of
from groupsite.services import date_changes, ledger
from tests.browser import Browser
from tests.plugins.application import MORNING
from tests.post_office import EVENING, Mailbox, PostOffice, member, tonight, without_quiet_hours


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
    assert "Today" not in text
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
    date_changes.cancel_date(session, VISITOR, series, row.original_local, now=MORNING)
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
    date_changes.move_date(session, VISITOR, series, row.original_local, new_start, now=MORNING)
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


def changed_mail(post: PostOffice, session: Session, act: Callable[[], None]) -> EmailMessage:
    """What Charlie gets when this happens to the date in a week."""
    without_quiet_hours(session, "charlene")
    act()
    session.commit()
    post.deliver(at=post.clock.now + timedelta(seconds=1))
    return post.mailbox.to("charlene")[-1]


def test_change_of_the_place_alone_is_told_without_naming_it(post: PostOffice, session: Session) -> None:
    row = tonight(session)
    series, original = series_of(session, row.group_id, "main"), row.original_local + timedelta(weeks=1)
    mail = changed_mail(
        post, session,
        lambda: date_changes.relocate_date(
            session, VISITOR, series, original, Venue("Branch Library"), notice=Notice.TEMPORARY, now=MORNING
        ),
    )  # fmt: skip
    body = mail.get_body(("plain",))
    assert body is not None
    assert "The hour is the same; sign in to see what it is" in body.get_content()
    assert "Library hour" in mail["Subject"]
    assert "Branch" not in mail.as_string()


def test_undone_cancellation_says_that_it_takes_place_after_all(post: PostOffice, session: Session) -> None:
    row = tonight(session)
    series, original = series_of(session, row.group_id, "main"), row.original_local + timedelta(weeks=1)
    changed_mail(
        post, session,
        lambda: date_changes.cancel_date(session, VISITOR, series, original, notice=Notice.TEMPORARY, now=MORNING),
    )  # fmt: skip
    mail = changed_mail(
        post, session, lambda: date_changes.restore_date(session, VISITOR, series, original, now=MORNING)
    )
    body = mail.get_body(("plain",))
    assert body is not None
    assert mail["Subject"].startswith("As usual after all: Library hour")
    assert "It takes place after all, as usual:" in body.get_content()


def test_worker_that_slept_through_its_lease_sends_nothing(post: PostOffice, session: Session) -> None:
    """Another one may have the row by then: the body does not leave, and the row goes out once with the next run."""

    class Sleepy(Mailbox):
        def send(self, message: bytes, sender: str, recipient: str, leaving: Leaving = unnoted) -> None:
            post.clock.now += ledger.LEASE + timedelta(seconds=1)
            super().send(message, sender, recipient, leaving)

    awake, post.mailbox = post.mailbox, Sleepy()
    post.plan()
    post.deliver(at=EVENING)
    assert post.mailbox.to("charlene") == []
    post.mailbox = awake
    post.deliver(at=post.clock.now + timedelta(seconds=1))
    assert len(post.mailbox.to("charlene")) == 1
    row = session.scalars(select(Delivery).where(Delivery.state == DeliveryState.SENT)).one()
    assert (row.ambiguous, row.attempt) == (False, 1)


def test_refusal_before_the_body_leaves_no_doubt(post: PostOffice, session: Session) -> None:
    post.plan()
    post.mailbox.refusals = [Temporary("smtp_450")]
    post.deliver(at=EVENING)
    row = session.scalars(select(Delivery).where(Delivery.last_error_class == "smtp_450")).one()
    assert (row.state, row.attempt, row.handed_over_at, row.next_try_at) == (
        DeliveryState.DEFERRED, 1, None, EVENING + timedelta(minutes=5),
    )  # fmt: skip
