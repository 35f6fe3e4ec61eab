"""What falls together comes in one mail; what is too much for a day waits; what changes at the last moment is read again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from groupsite.domain.disappearing import Extent
from groupsite.domain.permissions import VISITOR
from groupsite.domain.words import MembershipState, Notice
from groupsite.mail.refusals import Ambiguous
from groupsite.mail.transport import Leaving, unnoted
from groupsite.models import Account, Delivery, DeliveryKind, DeliveryState, Group, Membership
from groupsite.queries.groups import series_of
from groupsite.services import date_changes, memberships, stopping
from groupsite.services.disappearing import disappear
from tests.plugins.application import MORNING
from tests.post_office import EVENING, Mailbox, PostOffice, member, tonight, without_quiet_hours

NEXT_MORNING = datetime(2026, 11, 24, 13, 0, tzinfo=MORNING.tzinfo)
"""Eight o'clock in New York, where it is four now."""
WEEK = timedelta(weeks=1)


@pytest.fixture
def charlie(post: PostOffice, session: Session) -> Account:
    account = without_quiet_hours(session, "charlene")
    session.commit()
    return account


@pytest.fixture
def cancel(session: Session) -> Callable[..., None]:
    """Call off Tuesday Lantern so many weeks from tonight."""
    row = tonight(session)
    series = series_of(session, row.group_id, "main")

    def publish(weeks: int, notice: Notice = Notice.PLANNED) -> None:
        original = row.original_local + weeks * WEEK
        date_changes.cancel_date(session, VISITOR, series, original, notice=notice, now=MORNING)
        session.commit()

    return publish


def body(mail: EmailMessage) -> str:
    plain = mail.get_body(("plain",))
    assert plain is not None
    return str(plain.get_content())


def states(session: Session, login: str = "charlene") -> list[tuple[DeliveryKind, DeliveryState]]:
    session.expire_all()
    rows = session.scalars(select(Delivery).join(Account).where(Account.login == login).order_by(Delivery.created_at))
    return [(row.kind, row.state) for row in rows]


def test_planned_changes_come_together_in_the_morning(
    post: PostOffice, session: Session, charlie: Account, cancel: Callable[..., None]
) -> None:
    cancel(2)
    cancel(3)
    post.deliver(at=NEXT_MORNING - timedelta(minutes=1))
    assert post.mailbox.to("charlene") == []
    assert post.deliver(at=NEXT_MORNING)["sent"] >= 2
    (mail,) = post.mailbox.to("charlene")
    assert mail["Subject"] == "Library hour, and 1 more"
    assert body(mail).count("This date is cancelled:") == 2
    assert "Tuesday Lantern" not in mail.as_string()
    rows = session.scalars(select(Delivery).where(Delivery.account_id == charlie.id)).all()
    assert {row.carrier_id for row in rows} == {rows[0].carrier_id}
    assert mail["Message-ID"] == f"<{rows[0].carrier_id.hex}@dates.invalid>"


def test_what_was_not_told_yet_is_told_as_it_is_by_then(
    post: PostOffice, session: Session, charlie: Account, cancel: Callable[..., None]
) -> None:
    cancel(2)
    row = tonight(session)
    series = series_of(session, row.group_id, "main")
    date_changes.restore_date(session, VISITOR, series, row.original_local + 2 * WEEK, now=MORNING)
    session.commit()
    post.deliver(at=NEXT_MORNING)
    assert (post.mailbox.to("charlene"), states(session)) == ([], [(DeliveryKind.CHANGE, DeliveryState.CANCELLED)])


def test_change_that_was_not_planned_comes_at_once(
    post: PostOffice, session: Session, charlie: Account, cancel: Callable[..., None]
) -> None:
    cancel(1, Notice.TEMPORARY)
    post.deliver(at=MORNING + timedelta(seconds=1))
    assert len(post.mailbox.to("charlene")) == 1


def test_second_mail_of_a_day_with_a_budget_of_one_is_left_out_and_on_record(
    post: PostOffice, session: Session, charlie: Account, cancel: Callable[..., None]
) -> None:
    charlie.daily_budget = 1
    session.commit()
    post.plan()
    cancel(1, Notice.TEMPORARY)
    post.deliver(at=MORNING + timedelta(hours=5))
    post.deliver(at=EVENING)
    assert len(post.mailbox.to("charlene")) == 1
    assert (DeliveryKind.REMINDER, DeliveryState.CANCELLED) in states(session)
    why = session.scalars(select(Delivery.last_error_class).where(Delivery.state == DeliveryState.CANCELLED)).all()
    assert "budget" in why


def test_news_that_cannot_wait_come_whatever_the_budget(
    post: PostOffice, session: Session, charlie: Account, cancel: Callable[..., None]
) -> None:
    charlie.daily_budget = 1
    session.commit()
    cancel(1, Notice.TEMPORARY)
    post.deliver(at=MORNING + timedelta(hours=5))
    cancel(0)
    post.deliver(at=MORNING + timedelta(hours=6))
    assert len(post.mailbox.to("charlene")) == 2


def test_what_may_have_arrived_goes_again_as_it_went(
    post: PostOffice, session: Session, charlie: Account, cancel: Callable[..., None]
) -> None:
    """News that comes in between has a mail of its own."""
    cancel(2)
    cancel(3)

    class Breaks(Mailbox):
        def send(self, message: bytes, sender: str, recipient: str, leaving: Leaving = unnoted) -> None:
            super().send(message, sender, recipient, leaving)
            if recipient == "charlene@example.org" and len(self.to("charlene")) == 1:
                raise Ambiguous("broken")

    post.mailbox = Breaks()
    post.deliver(at=NEXT_MORNING)
    cancel(4, Notice.TEMPORARY)
    post.deliver(at=NEXT_MORNING + timedelta(minutes=6))
    first, *later = post.mailbox.to("charlene")
    assert sorted(mail["Message-ID"] == first["Message-ID"] for mail in later) == [False, True]
    assert all(state is DeliveryState.SENT for _, state in states(session))


class LastMoment(Mailbox):
    """Somebody does something just before the first mail to Charlie leaves."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__()
        self.act: Callable[[], None] | None = act

    def send(self, message: bytes, sender: str, recipient: str, leaving: Leaving = unnoted) -> None:
        if recipient == "charlene@example.org" and self.act:
            act, self.act = self.act, None
            act()
        super().send(message, sender, recipient, leaving)


def leave(session: Session, _post: PostOffice) -> None:
    person = member(session, "charlene")
    person.state = MembershipState.LEFT


def choose_another_lead(session: Session, _post: PostOffice) -> None:
    member(session, "charlene").lead_minutes = [60]


def go_elsewhere(session: Session, _post: PostOffice) -> None:
    row = tonight(session)
    session.execute(
        text("UPDATE occurrence SET start_utc = start_utc + interval '1 hour' WHERE series_id = :series").bindparams(
            series=row.series_id
        )
    )


def delete_account(session: Session, _post: PostOffice) -> None:
    session.execute(text("DELETE FROM account WHERE login = 'charlene'"))


def vanish(extent: Extent) -> Callable[[Session, PostOffice], None]:
    def act(session: Session, post: PostOffice) -> None:
        hers = member(session, "charlene").account_id
        disappear(session, VISITOR, session.get_one(Account, hers), extent, now=post.clock())

    return act


def never_write(session: Session, post: PostOffice) -> None:
    hers = session.get_one(Account, member(session, "charlene").account_id)
    stopping.never_contact(session, VISITOR, hers, is_on=True, now=post.clock())


ACTS = [leave, choose_another_lead, go_elsewhere, delete_account, never_write, *map(vanish, Extent)]


@pytest.mark.parametrize("act", ACTS)
def test_what_is_committed_before_a_mail_leaves_stops_it(
    post: PostOffice, session: Session, charlie: Account, act: Callable[[Session, PostOffice], None]
) -> None:
    def at_the_last_moment() -> None:
        act(session, post)
        session.commit()

    post.plan()
    post.mailbox = LastMoment(at_the_last_moment)
    post.deliver(at=EVENING)
    assert post.mailbox.to("charlene") == []
    assert all(state is not DeliveryState.SENT for _, state in states(session))


def test_note_without_consequence_at_the_last_moment_lets_the_mail_go_once(
    post: PostOffice, session: Session, charlie: Account
) -> None:
    def rename() -> None:
        member(session, "charlene").display_name = "C."
        session.commit()

    post.plan()
    post.mailbox = LastMoment(rename)
    post.deliver(at=EVENING)
    assert len(post.mailbox.to("charlene")) == 1


def test_mail_about_two_groups_stops_all_at_once(post: PostOffice, session: Session, charlie: Account) -> None:
    other = session.scalars(select(Group).where(Group.slug == "open-door-beginners")).one()
    enrolled = memberships.enrol(session, other.id, charlie.id, "C.", vault=post.desk.vault, now=MORNING)
    hers = member(session, "charlene")
    session.commit()
    post.plan()
    owed = select(Delivery).where(Delivery.membership_id == hers.id)
    reminder = session.scalars(owed.order_by(Delivery.due_at)).first()
    date = tonight(session, "open-door-beginners")
    assert reminder
    enrolled.lead_minutes = [180]
    session.add(
        Delivery(
            dedupe_key="other", kind=DeliveryKind.REMINDER, account_id=charlie.id, membership_id=enrolled.id,
            series_id=date.series_id, original_local=date.original_local, start_utc=date.start_utc, lead_minutes=180,
            due_at=reminder.due_at, next_try_at=reminder.due_at, expires_at=reminder.expires_at,
        )
    )  # fmt: skip
    session.commit()
    post.deliver(at=EVENING)
    (mail,) = post.mailbox.to("charlene")
    assert mail["List-Unsubscribe"].split(", ")[0].endswith("/all>")
    assert "subject=all%20" in mail["List-Unsubscribe"]
    assert "Stop these notes" not in body(mail)
    assert len(session.scalars(select(Membership).where(Membership.account_id == charlie.id)).all()) == 2


def test_mail_that_becomes_useless_while_others_leave_does_not_leave(
    post: PostOffice, session: Session, charlie: Account
) -> None:
    def dawdle() -> None:
        post.clock.now = EVENING + timedelta(minutes=91)

    post.plan()
    post.mailbox = LastMoment(dawdle)
    post.deliver(at=EVENING)
    post.deliver(at=EVENING + timedelta(minutes=95))
    assert post.mailbox.to("charlene") == []
    assert (DeliveryKind.REMINDER, DeliveryState.EXPIRED) in states(session)


def test_who_may_have_been_told_hears_that_it_takes_place_after_all(
    post: PostOffice, session: Session, charlie: Account, cancel: Callable[..., None]
) -> None:
    cancel(1, Notice.TEMPORARY)
    row = session.scalars(select(Delivery).where(Delivery.account_id == charlie.id)).one()
    row.ambiguous = True
    session.commit()
    date = tonight(session)
    series = series_of(session, date.group_id, "main")
    date_changes.restore_date(session, VISITOR, series, date.original_local + WEEK, now=MORNING)
    session.commit()
    post.deliver(at=MORNING + timedelta(minutes=1))
    (mail,) = post.mailbox.to("charlene")
    assert mail["Subject"].startswith("As usual after all")


def test_mail_over_budget_waits_for_the_morning_and_not_for_midnight(
    post: PostOffice, session: Session, charlie: Account, cancel: Callable[..., None]
) -> None:
    charlie.daily_budget = 1
    session.commit()
    cancel(3, Notice.TEMPORARY)
    post.deliver(at=MORNING + timedelta(minutes=1))
    cancel(2)
    post.deliver(at=NEXT_MORNING)
    waiting = session.scalars(select(Delivery).where(Delivery.state == DeliveryState.DEFERRED)).one()
    assert (waiting.next_try_at, waiting.last_error_class) == (NEXT_MORNING + timedelta(days=1), "budget")
