"""How she may be reached: which mail, on which days, or not at all; no other choice undoes that."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.permissions import VISITOR
from groupsite.domain.safe_days import as_bits
from groupsite.models import Delivery, DeliveryState, OccurrenceRow
from groupsite.queries.groups import series_of
from groupsite.services import date_changes
from groupsite.services.foresight import foresee
from tests.browser import Browser
from tests.members import account
from tests.plugins.application import MORNING
from tests.post_office import EVENING, PostOffice, member, tonight, without_quiet_hours

PAGE = "/account/reminders"
ERROR = re.compile(r'id="([a-z_]+)-error"')
WISHES = {"discreet": "y", "timezone": "America/New_York"}


@pytest.fixture
def charlene(client: Browser, post: PostOffice, session: Session) -> Browser:
    """Whose reminder for tonight is due a minute before EVENING."""
    client.sign_in("charlene")
    return client


def send(post: PostOffice) -> int:
    """How many mails have reached her by this evening."""
    post.plan()
    post.deliver(at=EVENING)
    return len(post.mailbox.to("charlene"))


def call_tonight_off(session: Session) -> None:
    row = tonight(session)
    series = series_of(session, row.group_id, row.series_slug)
    date_changes.cancel_date(session, VISITOR, series, row.original_local, now=MORNING)
    session.commit()


def test_reminder_reaches_her_as_usual(charlene: Browser, post: PostOffice) -> None:
    """So that the other tests prove something."""
    charlene.submit(PAGE, WISHES)
    assert send(post) == 1


def test_nothing_reaches_somebody_who_comes_by_herself(charlene: Browser, post: PostOffice, session: Session) -> None:
    post.plan()
    assert charlene.submit(f"{PAGE}/never", {"never": "yes"}, page=PAGE).headers["Location"] == f"{PAGE}?done=never"
    call_tonight_off(session)
    assert send(post) == 0
    hers = select(Delivery.state).where(Delivery.account_id == account(session, "charlene").id)
    assert set(session.scalars(hers)) <= {DeliveryState.CANCELLED}


def test_other_choices_do_not_undo_it(charlene: Browser, post: PostOffice, session: Session) -> None:
    charlene.submit(f"{PAGE}/never", {"never": "yes"}, page=PAGE)
    charlene.submit(PAGE, WISHES)
    charlene.submit("/groups/tuesday-lantern/reminders", {"leads": "60"})
    assert (account(session, "charlene").never_contact, send(post)) == (True, 0)


def test_her_choices_are_there_again_once_she_lifts_it(charlene: Browser, post: PostOffice, session: Session) -> None:
    charlene.submit(PAGE, WISHES)
    before = member(session, "charlene").lead_minutes
    for answer in ("yes", "no"):
        charlene.submit(f"{PAGE}/never", {"never": answer}, page=PAGE)
    session.expire_all()
    assert (member(session, "charlene").lead_minutes, send(post)) == (before, 1)


def test_invites_neither_come_nor_are_taken_back(charlene: Browser, post: PostOffice, session: Session) -> None:
    """A mail that says a date is gone tells as much as one that invites to it."""
    charlene.submit(f"{PAGE}/never", {"never": "yes"}, page=PAGE)
    charlene.submit("/groups/tuesday-lantern/reminders", {"wants_invites": "y"})
    charlene.submit("/groups/tuesday-lantern/leave", page="/account")
    assert send(post) == 0


def test_link_that_she_asks_for_still_comes(charlene: Browser, post: PostOffice) -> None:
    charlene.submit(f"{PAGE}/never", {"never": "yes"}, page=PAGE)
    charlene.submit("/account/email", {"email": "charlene@example.org"})
    post.deliver(at=MORNING + timedelta(minutes=1))
    assert len(post.mailbox.to("charlene")) == 1


@pytest.mark.parametrize(
    ("withheld", "kinds"), [("reminders", {"change"}), ("changes", {"reminder"}), ("invites", {"change"})]
)
def test_what_she_withholds_never_comes(
    charlene: Browser, post: PostOffice, session: Session, withheld: str, kinds: set[str]
) -> None:
    charlene.submit(PAGE, WISHES | {"withheld": withheld})
    if withheld != "changes":
        call_tonight_off(session)
    send(post)
    hers = select(Delivery.kind).where(
        Delivery.account_id == account(session, "charlene").id, Delivery.state == DeliveryState.SENT
    )
    assert {kind.value for kind in session.scalars(hers)} == kinds


def test_change_is_not_told_to_somebody_who_withholds_it(charlene: Browser, post: PostOffice, session: Session) -> None:
    charlene.submit(PAGE, WISHES | {"withheld": "changes"})
    call_tonight_off(session)
    assert send(post) == 0


def test_what_waits_is_asked_again_at_the_last_moment(charlene: Browser, post: PostOffice, session: Session) -> None:
    charlene.submit(PAGE, WISHES)
    post.plan()
    account(session, "charlene").takes_reminders = False
    session.commit()
    post.deliver(at=EVENING)
    assert post.mailbox.to("charlene") == []


def test_reminder_for_an_unsafe_day_comes_on_the_day_before(
    charlene: Browser, post: PostOffice, session: Session
) -> None:
    """Tuesday Lantern meets on Tuesdays in New York; on Tuesdays somebody else reads the mail."""
    charlene.submit(PAGE, WISHES | {"days_without": "1"})
    assert account(session, "charlene").safe_days == as_bits([0, 2, 3, 4, 5, 6])
    assert send(post) == 0
    row = next(one for one in _weeks(session) if one.start_utc > MORNING + timedelta(days=6))
    monday = row.start_utc.replace(hour=4, minute=59) - timedelta(days=1)
    foreseen = foresee(session, MORNING, MORNING + timedelta(days=8), post.desk)
    mine = account(session, "charlene")
    assert {one.send_at for one in foreseen if one.account_id == str(mine.id)} == {monday}
    post.clock.now = monday - timedelta(minutes=1)
    post.plan()
    post.deliver(at=monday)
    assert len(post.mailbox.to("charlene")) == 1


def _weeks(session: Session) -> list[OccurrenceRow]:
    return list(
        session.scalars(
            select(OccurrenceRow)
            .where(OccurrenceRow.series_id == tonight(session).series_id)
            .order_by(OccurrenceRow.start_utc)
        )
    )


def test_invite_waits_for_a_safe_day(charlene: Browser, post: PostOffice, session: Session) -> None:
    without_quiet_hours(session, "charlene")
    session.commit()
    charlene.submit(PAGE, WISHES | {"days_without": ["1", "2", "3", "4", "5", "6"]})
    charlene.submit("/groups/tuesday-lantern/reminders", {"wants_invites": "y"})
    post.deliver(at=MORNING + timedelta(minutes=1))
    assert post.mailbox.to("charlene") == []
    post.deliver(at=MORNING + timedelta(days=6))
    assert len(post.mailbox.to("charlene")) > 0


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"days_without": ["0", "1", "2", "3", "4", "5", "6"]}, ["days_without"]),
        ({"days_without": "7"}, ["days_without"]),
        ({"days_without": "1", "timezone": ""}, ["timezone"]),
        ({"withheld": "everything"}, ["withheld"]),
    ],
)
def test_wish_that_cannot_be_is_refused(charlene: Browser, fields: dict[str, object], wrong: list[str]) -> None:
    answer = charlene.submit(PAGE, WISHES | fields)
    assert (answer.status_code, ERROR.findall(answer.text)) == (400, wrong)


def test_page_shows_what_she_said(charlene: Browser) -> None:
    charlene.submit(PAGE, WISHES | {"days_without": ["1", "6"], "withheld": ["invites"]})
    ticked = re.findall(
        r'<input checked[^>]*name="(days_without|withheld)"[^>]*value="([^"]+)"', charlene.get(PAGE).text
    )
    assert ticked == [("days_without", "1"), ("days_without", "6"), ("withheld", "invites")]


def test_question_whether_mail_is_safe_is_not_put_to_somebody_who_gets_none(
    charlene: Browser, session: Session
) -> None:
    mine = account(session, "charlene")
    mine.safe_on = MORNING.date() - timedelta(days=91)
    session.commit()
    assert "Is it still safe" in charlene.get("/home").text
    charlene.submit(f"{PAGE}/never", {"never": "yes"}, page=PAGE)
    assert "Is it still safe" not in charlene.get("/home").text


def test_page_of_a_group_says_that_nothing_is_sent(charlene: Browser) -> None:
    words, page = "nothing is to be sent to you", "/groups/tuesday-lantern/reminders"
    assert words not in charlene.get(page).text
    charlene.submit(f"{PAGE}/never", {"never": "yes"}, page=PAGE)
    assert words in charlene.get(page).text
