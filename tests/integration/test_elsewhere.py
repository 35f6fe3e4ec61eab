"""Where to go instead: two dates within two days, her own groups' first, asked once for a date whoever is told."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from groupsite.domain.permissions import VISITOR
from groupsite.domain.schedule import Venue
from groupsite.domain.words import Notice
from groupsite.domain.zones import to_local
from groupsite.models import Account, Group, Membership, OccurrenceRow
from groupsite.queries.elsewhere import Elsewhere, OtherDate, elsewhere
from groupsite.queries.finder import NEAR
from groupsite.queries.groups import series_of
from groupsite.services import date_changes, memberships
from tests.browser import Browser
from tests.members import statements
from tests.plugins.application import MORNING
from tests.post_office import PostOffice, tonight, without_quiet_hours

IN_A_WEEK = timedelta(weeks=1)
PAGE = re.compile(r"https://evenings\.example/groups/([\w-]+)/meetings/([\w-]+)/(\S+)")
DISCREET = "There are other dates within two days: sign in to see them."


def plain(session: Session, login: str = "charlene") -> Account:
    account = without_quiet_hours(session, login)
    account.discreet, account.timezone = False, "Europe/Paris"
    session.commit()
    return account


def told(post: PostOffice) -> EmailMessage:
    post.deliver(at=post.clock.now + timedelta(seconds=1))
    return post.mailbox.to("charlene")[-1]


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def cancel(session: Session, row: OccurrenceRow) -> None:
    _change(session, row, date_changes.cancel_date)


def _change(session: Session, row: OccurrenceRow, change: Callable[..., None], *values: object) -> None:
    series = series_of(session, row.group_id, "main")
    change(session, VISITOR, series, row.original_local + IN_A_WEEK, *values, notice=Notice.TEMPORARY, now=MORNING)
    session.commit()


def others_in(session: Session, text: str) -> list[OccurrenceRow]:
    """The dates that the mail leads to, apart from the one it is about."""
    found = []
    for group, series, key in PAGE.findall(text):
        original = datetime.strptime(key, "%Y-%m-%dT%H%M")
        row = session.scalars(
            select(OccurrenceRow)
            .join(Group, Group.id == OccurrenceRow.group_id)
            .where(Group.slug == group, OccurrenceRow.series_slug == series, OccurrenceRow.original_local == original)
        ).one()
        found.append(row)
    return [row for row in found if row.group_id != tonight(session).group_id]


def test_cancelled_date_is_told_with_two_others_within_two_days(post: PostOffice, session: Session) -> None:
    plain(session)
    row = tonight(session)
    cancel(session, row)
    text = body(told(post))
    offered = others_in(session, text.split("Instead, within two days:")[1])
    assert len(offered) == 2
    off = row.original_utc + IN_A_WEEK
    assert [off <= one.start_utc <= off + NEAR for one in offered] == [True, True]
    for one in offered:
        assert f"{to_local(one.start_utc, 'Europe/Paris'):%H:%M}" in text


@pytest.mark.parametrize(
    ("change", "value", "subject"),
    [
        (date_changes.move_date, tonight, "Moved: "),
        (date_changes.relocate_date, Venue("Branch Library"), "Elsewhere: "),
    ],
)
def test_moved_and_relocated_dates_offer_others_too(
    post: PostOffice, session: Session, change: Callable[..., None], value: object, subject: str
) -> None:
    plain(session)
    row = tonight(session)
    new = row.original_local + IN_A_WEEK + timedelta(hours=1) if callable(value) else value
    _change(session, row, change, new)
    mail = told(post)
    assert mail["Subject"].startswith(subject)
    assert len(others_in(session, body(mail).split("If that does not suit you, within two days:")[1])) == 2


def test_her_own_groups_come_first(post: PostOffice, session: Session) -> None:
    account = plain(session)
    row = tonight(session)
    off = row.original_utc + IN_A_WEEK
    last = session.scalars(
        select(OccurrenceRow)
        .where(OccurrenceRow.start_utc.between(off, off + NEAR), OccurrenceRow.group_id != row.group_id)
        .order_by(OccurrenceRow.start_utc.desc())
    ).first()
    assert last is not None
    memberships.enrol(session, last.group_id, account.id, "C.", vault=post.desk.vault, now=MORNING)
    cancel(session, row)
    assert others_in(session, body(told(post)))[0].group_id == last.group_id


def test_discreet_mail_says_only_that_there_are_others(post: PostOffice, session: Session) -> None:
    without_quiet_hours(session, "charlene")
    cancel(session, tonight(session))
    text = body(told(post))
    assert DISCREET in text
    assert PAGE.findall(text) == []


def test_date_without_others_offers_none(post: PostOffice, session: Session) -> None:
    plain(session)
    row = tonight(session)
    cancel(session, row)
    session.execute(update(Group).where(Group.id != row.group_id).values(listing_state="closed"))
    session.commit()
    assert "within two days" not in body(told(post))


def test_date_that_has_begun_meanwhile_is_left_out() -> None:
    first, second = (
        OtherDate("A", "A", MORNING + timedelta(hours=hour), MORNING + timedelta(hours=hour + 1), "UTC", f"/{hour}")
        for hour in (1, 2)
    )
    found = Elsewhere(others=(first, second))
    assert found.for_member(uuid4(), "UTC", now=MORNING + timedelta(hours=1)) == (second,)


def test_what_falls_into_her_night_comes_last_unless_it_is_of_her_own_groups() -> None:
    account, (early, late, own) = (
        uuid4(),
        (
            OtherDate("A", "A", MORNING + timedelta(hours=hour), MORNING + timedelta(hours=hour + 1), "UTC", f"/{hour}")
            for hour in (1, 12, 2)
        ),
    )
    found = Elsewhere({account: (own,)}, (early, late))
    assert found.for_member(account, "America/New_York", now=MORNING, limit=3) == (own, late, early)
    assert found.for_member(account, "Europe/London", now=MORNING, limit=3) == (own, early, late)


def test_asking_takes_two_queries_however_many_are_told(
    connection: Connection, post: PostOffice, session: Session, app: Flask
) -> None:
    row = tonight(session)
    group = session.get_one(Group, row.group_id)
    for number in range(20):
        account = Account(login=f"crowd-{number}", password_hash="", adult_confirmed_at=MORNING, created_at=MORNING)
        session.add(account)
        session.flush()
        memberships.enrol(session, group.id, account.id, f"C{number}", vault=post.desk.vault, now=MORNING)
    session.commit()
    session.refresh(row)
    session.refresh(group)
    people = set(session.scalars(select(Membership.account_id).where(Membership.group_id == group.id)))
    with statements(connection) as made:
        elsewhere(session, row, group, people, now=MORNING)
    assert len(made) == 2


def test_page_of_a_moved_date_shows_others(post: PostOffice, session: Session, client: Browser) -> None:
    row = tonight(session)
    _change(session, row, date_changes.move_date, row.original_local + IN_A_WEEK + timedelta(hours=1))
    key = f"{row.original_local + IN_A_WEEK:%Y-%m-%dT%H%M}"
    assert "Around that time, elsewhere" in client.get(f"/groups/tuesday-lantern/meetings/main/{key}").text


def test_sender_asks_once_for_a_date_however_many_are_told(
    connection: Connection, post: PostOffice, session: Session
) -> None:
    row = tonight(session)
    session.execute(update(Membership).where(Membership.group_id == row.group_id).values(lead_minutes=[60]))
    session.execute(update(Account).values(quiet_from=None, quiet_until=None))
    email = session.scalars(select(Account.email_sealed).where(Account.login == "charlene")).one()
    session.execute(update(Account).values(email_sealed=email, email_confirmed_at=MORNING))
    cancel(session, row)
    with statements(connection) as made:
        post.deliver(at=post.clock.now + timedelta(seconds=1))
    assert len(post.mailbox.to("charlene")) > 1
    assert sum("membership_2" in one for one in made) == 1
