"""Mail ends at once when somebody says so: from the mail, from the page, by a mail; also what a worker already holds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from groupsite.domain.permissions import VISITOR, Belonging, Identity
from groupsite.domain.words import Answer
from groupsite.mail.transport import Leaving, unnoted
from groupsite.models import Account, Delivery, DeliveryKind, DeliveryState, Group, Membership
from groupsite.queries.groups import series_of
from groupsite.services import answers, date_changes, inbound, memberships
from groupsite.services.inbound import Outcome
from tests.browser import Browser
from tests.plugins.application import MORNING
from tests.post_office import EVENING, Mailbox, PostOffice, member, tonight

HELD_UNTIL = EVENING + timedelta(seconds=90)


@pytest.fixture
def in_two_groups(post: PostOffice, session: Session) -> Membership:
    """Charlie's first membership; she is in a second group too, with reminders and invites in both."""
    first = member(session, "charlene")
    other = session.scalars(select(Group).where(Group.slug == "night-owls")).one()
    memberships.enrol(session, other.id, first.account_id, "C.", vault=post.desk.vault, now=MORNING)
    session.execute(
        update(Membership)
        .where(Membership.account_id == first.account_id)
        .values(lead_minutes=[180], wants_invites=True)
    )
    session.commit()
    post.plan()
    return first


@dataclass
class SlowMailbox(Mailbox):
    """Something happens between the connection and the body."""

    meanwhile: Callable[[], object] = field(default=lambda: None)

    def send(self, message: bytes, sender: str, recipient: str, leaving: Leaving = unnoted) -> None:
        self.meanwhile()
        super().send(message, sender, recipient, leaving)


def wishes(session: Session, account_id: object) -> set[tuple[tuple[int, ...], bool]]:
    session.expire_all()
    theirs = session.scalars(select(Membership).where(Membership.account_id == account_id))
    return {(tuple(one.lead_minutes), one.wants_invites) for one in theirs}


def states(session: Session, account_id: object) -> set[DeliveryState]:
    session.expire_all()
    return set(session.scalars(select(Delivery.state).where(Delivery.account_id == account_id)))


def held(session: Session, *, account_id: object, is_handed_over: bool = False) -> Delivery:
    """Tonight's reminder as a worker has claimed it."""
    row = session.scalars(
        select(Delivery)
        .where(Delivery.account_id == account_id, Delivery.kind == DeliveryKind.REMINDER)
        .order_by(Delivery.due_at)
    ).first()
    assert row is not None
    row.state, row.fence, row.lease_until = DeliveryState.SENDING, 7, HELD_UNTIL
    row.handed_over_at = EVENING if is_handed_over else None
    session.commit()
    return row


def token_of(post: PostOffice, owner: Membership) -> str:
    return post.desk.vault.token("unsubscribe", owner.id)


def test_page_of_the_mail_offers_both_and_changes_nothing(
    post: PostOffice, client: Browser, session: Session, in_two_groups: Membership
) -> None:
    page = client.get(f"/u/{token_of(post, in_two_groups)}")
    assert page.text.count("<form") == 2
    assert wishes(session, in_two_groups.account_id) == {((180,), True)}


def test_everything_stops_without_cookie_or_sign_in(
    post: PostOffice, client: Browser, session: Session, in_two_groups: Membership
) -> None:
    answer = client.post(f"/u/{token_of(post, in_two_groups)}/all", {})
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
    assert wishes(session, in_two_groups.account_id) == {((), False)}
    assert answer.text == client.post("/u/unknown/all", {}).text
    post.deliver(at=EVENING)
    assert post.mailbox.to("charlene") == []


def test_one_click_stops_the_one_group_alone(
    post: PostOffice, client: Browser, session: Session, in_two_groups: Membership
) -> None:
    client.post(f"/u/{token_of(post, in_two_groups)}", {"List-Unsubscribe": "One-Click"})
    assert wishes(session, in_two_groups.account_id) == {((), False), ((180,), True)}


def test_mail_to_the_stop_address_stops_everything_when_it_says_so(
    post: PostOffice, session: Session, in_two_groups: Membership
) -> None:
    asking = EmailMessage()
    asking["From"], asking["To"] = "charlene@example.org", "notes+stop@evenings.example"
    asking["Subject"] = f"Re: ALL {token_of(post, in_two_groups)}"
    assert inbound.receive(session, asking.as_bytes(), post.desk.vault, now=MORNING) is Outcome.STOPPED
    assert wishes(session, in_two_groups.account_id) == {((), False)}


def test_nobody_else_is_stopped(post: PostOffice, client: Browser, session: Session, in_two_groups: Membership) -> None:
    others = select(Membership.id, Membership.lead_minutes).where(Membership.account_id != in_two_groups.account_id)
    before = session.execute(others.order_by(Membership.id)).all()
    client.post(f"/u/{token_of(post, in_two_groups)}/all", {})
    session.expire_all()
    assert session.execute(others.order_by(Membership.id)).all() == before


def test_confirming_an_address_goes_on(
    post: PostOffice, client: Browser, session: Session, in_two_groups: Membership
) -> None:
    account_id = in_two_groups.account_id
    moments = {"due_at": MORNING, "expires_at": EVENING, "next_try_at": MORNING}
    session.add(Delivery(dedupe_key="c", kind=DeliveryKind.CONFIRM_EMAIL, account_id=account_id, **moments))
    session.commit()
    client.post(f"/u/{token_of(post, in_two_groups)}/all", {})
    assert states(session, account_id) == {DeliveryState.PLANNED}


@pytest.mark.parametrize("what", ["/all", ""])
def test_mail_that_a_worker_holds_is_taken_from_it(
    post: PostOffice, client: Browser, session: Session, in_two_groups: Membership, what: str
) -> None:
    row = held(session, account_id=in_two_groups.account_id)
    client.post(f"/u/{token_of(post, session.get_one(Membership, row.membership_id))}{what}", {})
    session.expire_all()
    assert (row.state, row.fence, row.lease_until) == (DeliveryState.CANCELLED, 8, None)


def test_body_does_not_leave_when_she_stops_just_before(
    post: PostOffice, client: Browser, session: Session, in_two_groups: Membership
) -> None:
    path = f"/u/{token_of(post, in_two_groups)}/all"
    post.transport = post.mailbox = SlowMailbox(meanwhile=lambda: client.post(path, {}))
    post.deliver(at=EVENING)
    assert post.mailbox.to("charlene") == []
    assert states(session, in_two_groups.account_id) == {DeliveryState.CANCELLED}


def test_mail_that_has_been_handed_over_keeps_its_record(
    post: PostOffice, client: Browser, session: Session, in_two_groups: Membership
) -> None:
    row = held(session, account_id=in_two_groups.account_id, is_handed_over=True)
    client.post(f"/u/{token_of(post, in_two_groups)}/all", {})
    session.expire_all()
    assert (row.state, row.fence) == (DeliveryState.SENDING, 7)


def test_leaving_takes_mail_from_a_worker(session: Session, in_two_groups: Membership) -> None:
    row = held(session, account_id=in_two_groups.account_id)
    group = session.get_one(Group, session.get_one(Membership, row.membership_id).group_id)
    memberships.leave(session, identity(session, in_two_groups.account_id), group, anyway=True, now=MORNING)
    session.expire_all()
    assert (row.state, row.fence) == (DeliveryState.CANCELLED, 8)


def test_lead_that_is_given_up_takes_mail_from_a_worker(session: Session, in_two_groups: Membership) -> None:
    row = held(session, account_id=in_two_groups.account_id)
    owner = session.get_one(Membership, row.membership_id)
    owner.lead_minutes, row.lead_minutes = [60], 60
    session.commit()
    group = session.get_one(Group, owner.group_id)
    who = identity(session, owner.account_id)
    memberships.choose_reminders(session, who, group, leads=[], wants_invites=True, now=MORNING)
    session.expire_all()
    assert (row.state, row.fence) == (DeliveryState.CANCELLED, 8)


def test_date_that_changes_is_written_anew(session: Session, in_two_groups: Membership) -> None:
    date = tonight(session)
    row = held_about(session, in_two_groups, date.series_id)
    series = series_of(session, date.group_id, "main")
    date_changes.cancel_date(session, VISITOR, series, date.original_local, now=MORNING)
    session.expire_all()
    assert (row.state, row.fence, row.lease_until) == (DeliveryState.PLANNED, 8, None)


def test_answer_has_the_mail_asked_again(session: Session, in_two_groups: Membership) -> None:
    date = tonight(session)
    row = held_about(session, in_two_groups, date.series_id)
    owner = session.get_one(Membership, row.membership_id)
    answers.give(session, owner, date, Answer.NOT_THIS_TIME, said_at=MORNING, now=MORNING)
    session.expire_all()
    assert (row.state, row.fence) == (DeliveryState.PLANNED, 8)


def held_about(session: Session, owner: Membership, series_id: object) -> Delivery:
    row = held(session, account_id=owner.account_id)
    assert row.series_id == series_id
    return row


def identity(session: Session, account_id: object) -> Identity:
    theirs = session.scalars(select(Membership).where(Membership.account_id == account_id))
    account = session.scalars(select(Account).where(Account.id == account_id)).one()
    return Identity(account.id, account.login, belongings={one.group_id: Belonging(one.id, "C.") for one in theirs})
