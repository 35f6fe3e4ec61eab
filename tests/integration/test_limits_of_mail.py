"""Rest, quiet hours and sudden changes, from the page to the mailbox; and the question whether mail is still safe."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.permissions import VISITOR
from groupsite.domain.words import Answer, Notice
from groupsite.models import Account, Delivery, DeliveryKind, DeliveryState, Rsvp
from groupsite.queries.groups import series_of
from groupsite.queries.identities import identity_of
from groupsite.services import date_changes
from groupsite.services.accounts import ReminderWishes, set_reminder_wishes
from groupsite.services.doorbell import Bell, take_rings
from tests.browser import Browser
from tests.plugins.application import MORNING, Clock
from tests.post_office import EVENING, PostOffice, member, tonight

PAGE = "/account/reminders"
LIGHTS_OUT = EVENING + timedelta(hours=5, minutes=30)
"""Half past nine in the evening, New York time: Charlie's quiet hours have begun."""


@pytest.fixture
def charlie(session: Session, post: PostOffice) -> Account:
    return session.scalars(select(Account).where(Account.login == "charlene")).one()


@pytest.fixture
def call_off(session: Session) -> Callable[[Notice], None]:
    """The date in a week, at half past nine in the evening."""
    row = tonight(session)

    def publish(notice: Notice) -> None:
        series, original = series_of(session, row.group_id, "main"), row.original_local + timedelta(weeks=1)
        date_changes.cancel_date(session, VISITOR, series, original, notice=notice, now=LIGHTS_OUT)
        session.commit()

    return publish


def goes_in_a_week(session: Session) -> None:
    row, person = tonight(session), member(session, "charlene")
    session.add(
        Rsvp(
            membership_id=person.id,
            series_id=row.series_id,
            original_local=row.original_local + timedelta(weeks=1),
            answer=Answer.GOING,
            answered_at=MORNING,
            end_utc=row.end_utc + timedelta(weeks=1),
        )
    )
    session.commit()


def states(session: Session, kind: DeliveryKind, login: str) -> list[DeliveryState]:
    session.expire_all()
    query = select(Delivery.state).join(Account, Account.id == Delivery.account_id)
    return list(session.scalars(query.where(Account.login == login, Delivery.kind == kind)))


def test_rest_leaves_reminders_out_and_says_so_in_the_table(
    charlie: Account, session: Session, post: PostOffice
) -> None:
    charlie.rest_until = date(2026, 11, 24)
    session.commit()
    post.plan()
    post.deliver(at=EVENING)
    assert post.mailbox.to("charlene") == []
    assert DeliveryState.CANCELLED in states(session, DeliveryKind.REMINDER, "charlene")


def test_change_at_night_comes_in_the_morning(
    charlie: Account, session: Session, post: PostOffice, call_off: Callable[[Notice], None]
) -> None:
    call_off(Notice.TEMPORARY)
    post.deliver(at=LIGHTS_OUT)
    assert (post.mailbox.to("charlene"), states(session, DeliveryKind.CHANGE, "charlene")) == (
        [],
        [DeliveryState.DEFERRED],
    )
    post.deliver(at=LIGHTS_OUT + timedelta(hours=10, minutes=29))
    assert (len(post.mailbox.to("charlene")), states(session, DeliveryKind.CHANGE, "charlene")) == (
        1,
        [DeliveryState.SENT],
    )


@pytest.mark.parametrize(
    ("quiet", "comes"),
    [
        ((None, None), True),
        ((time(23), time(8)), True),
        ((time(20), time(9)), False),
    ],
)
def test_change_that_was_held_comes_as_soon_as_no_hours_hold_it(
    charlie: Account, session: Session, post: PostOffice, call_off: Callable[[Notice], None],
    quiet: tuple[time | None, time | None], comes: bool,
) -> None:  # fmt: skip
    call_off(Notice.TEMPORARY)
    post.deliver(at=LIGHTS_OUT)
    wishes = ReminderWishes(discreet=True, quiet_from=quiet[0], quiet_until=quiet[1], timezone="America/New_York")
    moment = LIGHTS_OUT + timedelta(minutes=10)
    take_rings(session)
    set_reminder_wishes(session, identity_of(session, charlie), wishes, now=moment)
    assert take_rings(session) == [Bell.MAIL]
    session.commit()
    post.deliver(at=moment)
    assert (bool(post.mailbox.to("charlene")), states(session, DeliveryKind.CHANGE, "charlene")) == (
        comes,
        [DeliveryState.SENT if comes else DeliveryState.DEFERRED],
    )


@pytest.mark.parametrize(
    ("goes", "allows", "notice", "comes"),
    [
        (True, True, Notice.URGENT, True),
        (True, False, Notice.URGENT, False),
        (False, True, Notice.URGENT, False),
        (True, True, Notice.PLANNED, False),
    ],
)
def test_sudden_change_comes_at_night_only_to_who_goes_and_allows_it(
    charlie: Account, session: Session, post: PostOffice, call_off: Callable[[Notice], None],
    goes: bool, allows: bool, notice: Notice, comes: bool,
) -> None:  # fmt: skip
    charlie.allows_urgent, charlie.rest_until = allows, date(2027, 1, 1)
    session.commit()
    if goes:
        goes_in_a_week(session)
    call_off(notice)
    post.deliver(at=LIGHTS_OUT)
    assert bool(post.mailbox.to("charlene")) is comes


def test_rest_and_sudden_changes_are_chosen_on_the_page(client: Browser, sample: None, session: Session) -> None:
    client.sign_in("charlene")
    wishes = {"discreet": "y", "rest_until": "2026-12-12", "allows_urgent": "y", "daily_budget": "3"}
    assert client.submit(PAGE, wishes).status_code == 303
    account = session.scalars(select(Account).where(Account.login == "charlene")).one()
    chosen = account.rest_until, account.allows_urgent, account.daily_budget
    assert chosen == (date(2026, 12, 12), True, 3)
    assert 'value="2026-12-12"' in client.get(PAGE).text
    client.submit(PAGE, {"discreet": "y"})
    session.expire_all()
    assert (account.rest_until, account.allows_urgent, account.daily_budget) == (None, False, None)
    answer = client.submit(PAGE, wishes | {"rest_until": "2027-12-12"})
    assert (answer.status_code, "rest_until-error" in answer.text) == (400, True)


def test_question_whether_mail_is_safe_comes_on_the_page_after_three_months(
    client: Browser, sample: None, session: Session, clock: Clock
) -> None:
    asked = "Is it still safe to write to your mailbox?"
    client.sign_in("charlene")
    assert asked not in client.get("/home").text
    clock.now = MORNING + timedelta(days=91)
    client.sign_in("charlene")
    assert asked in client.get("/home").text
    answer = client.submit("/account/reminders/safe", page="/home")
    page = client.get(answer.headers["Location"]).text
    assert ("You are asked again in three months" in page, asked in page) == (True, False)
