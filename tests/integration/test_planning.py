"""The planner owes each reminder once, in the member's own hours, and none that nobody asked for."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.words import OccurrenceStatus
from groupsite.mail.vault import Vault
from groupsite.models import Account, Delivery, DeliveryState, Group, Membership, OccurrenceRow
from groupsite.services.calendars import Site
from groupsite.services.desk import Desk
from groupsite.services.foresight import foresee
from groupsite.services.planning import plan
from tests.plugins.application import MORNING

AHEAD = timedelta(days=15)
DAY = (MORNING.replace(hour=0), MORNING.replace(hour=0) + timedelta(days=1))


def owed(session: Session, login: str, span: tuple[datetime, datetime] = DAY) -> list[tuple[str, str]]:
    """Group and UTC time of sending of what is owed to this person within the span."""
    rows = session.execute(
        select(Group.slug, Delivery.due_at)
        .join(Account, Account.id == Delivery.account_id)
        .join(Membership, Membership.id == Delivery.membership_id)
        .join(Group, Group.id == Membership.group_id)
        .where(Account.login == login, Delivery.due_at >= span[0], Delivery.due_at < span[1])
        .order_by(Delivery.due_at)
    )
    return [(slug, f"{due.astimezone(UTC):%H:%M}") for slug, due in rows]


def test_everybody_gets_their_own_reminders(session: Session, sample: None) -> None:
    plan(session, now=MORNING, ahead=AHEAD)
    assert owed(session, "charlene") == [("tuesday-lantern", "21:00"), ("tuesday-lantern", "22:40")]
    assert owed(session, "oisin") == []
    assert owed(session, "dr-adeyemi") == []


def test_second_run_adds_nothing(session: Session, sample: None) -> None:
    first = plan(session, now=MORNING, ahead=AHEAD)
    assert first.planned > 0
    assert plan(session, now=MORNING, ahead=AHEAD).planned == 0


def test_cancelled_date_is_not_planned(session: Session, sample: None) -> None:
    rows = session.scalars(select(OccurrenceRow).where(OccurrenceRow.start_utc.between(*DAY)))
    for row in rows:
        row.status = OccurrenceStatus.CANCELLED
    session.flush()
    plan(session, now=MORNING, ahead=AHEAD)
    starts = set(session.scalars(select(Delivery.start_utc)))
    assert not [start for start in starts if start and DAY[0] <= start < DAY[1]]


def test_what_comes_too_late_is_recorded_as_expired(session: Session, sample: None) -> None:
    late = datetime(2026, 11, 24, 23, 50, tzinfo=UTC)
    assert plan(session, now=late, ahead=timedelta(hours=1)).expired > 0
    expired = session.scalars(select(Delivery).where(Delivery.state == DeliveryState.EXPIRED)).all()
    assert all(row.expires_at <= late < (row.start_utc or late) for row in expired)


def test_choice_made_after_the_moment_owes_nothing(session: Session, sample: None) -> None:
    late = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    for member in session.scalars(select(Membership)):
        member.reminders_since = late
    session.flush()
    plan(session, now=late, ahead=timedelta(hours=3))
    assert ("tuesday-lantern", "21:00") not in owed(session, "charlene")


def test_preview_agrees_with_the_plan_and_changes_nothing(session: Session, sample: None, vault: Vault) -> None:
    desk = Desk(Site("dates.invalid", "https://example.org", "Dates"), "notes@example.org", vault)
    foreseen = foresee(session, MORNING, DAY[1], desk)
    assert {one.subject for one in foreseen} >= {"Library hour today"}
    assert session.scalars(select(Delivery)).all() == []
    plan(session, now=MORNING, ahead=AHEAD)
    due = session.scalars(select(Delivery.due_at).where(Delivery.due_at >= MORNING, Delivery.due_at < DAY[1]))
    assert sorted(one.send_at for one in foreseen) == sorted(due)
