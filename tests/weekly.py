"""A group with one weekly meeting, to change it and to look at what that stores."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.drafts import GroupDraft, SeriesDraft
from groupsite.domain.permissions import Belonging, Identity
from groupsite.domain.schedule import Schedule, Venue
from groupsite.domain.words import Attendance, Family, Kind, Modality, Notice, Role
from groupsite.mail.vault import Vault
from groupsite.models import (
    Account,
    AuditEntry,
    Base,
    Delivery,
    DeliveryKind,
    Group,
    MeetingSeries,
    Membership,
    OccurrenceRow,
)
from groupsite.services import date_changes, groups
from groupsite.services import series as meetings
from tests.plugins.application import MORNING

FIRST = datetime(2026, 11, 24, 19, 0)
SECOND, THIRD = FIRST + timedelta(weeks=1), FIRST + timedelta(weeks=2)
NOON = MORNING + timedelta(hours=3)
LISTING = GroupDraft("Window Seat", Family.INDEPENDENT, Attendance.OBSERVERS_WELCOME)
WEEKLY = Schedule(
    timezone="Europe/London",
    dtstart_local=FIRST,
    duration_minutes=75,
    rrule="FREQ=WEEKLY;BYDAY=TU",
    title="Tuesday evening",
    kind=Kind.SHARING,
    modality=Modality.IN_PERSON,
    venue=Venue("Reading Room"),
)


@dataclass
class House:
    """A group with one weekly meeting, the person who runs it, and a member who wants reminders and invites."""

    session: Session
    actor: Identity
    group: Group
    series: MeetingSeries

    def rows(self) -> list[dict[str, Any]]:
        self.session.flush()
        self.session.expire_all()
        table = Base.metadata.tables["occurrence"]
        ordered = select(table).order_by(table.c.series_id, table.c.original_local)
        return [dict(row._mapping) for row in self.session.execute(ordered)]

    def date(self, original: datetime) -> OccurrenceRow:
        row = self.session.get_one(OccurrenceRow, (self.series.id, original))
        self.session.refresh(row)
        return row

    def originals(self) -> list[datetime]:
        return [row["original_local"] for row in self.rows()]

    def owed(self) -> list[tuple[DeliveryKind, datetime | None, int | None]]:
        rows = self.session.scalars(select(Delivery).order_by(Delivery.kind, Delivery.original_local))
        return [(row.kind, row.original_local, row.revision) for row in rows]

    def verbs(self) -> list[str]:
        return list(self.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.at, AuditEntry.id)))

    def stored(self) -> dict[str, list[Any]]:
        """Every row of every table that a change may touch."""
        self.session.flush()
        names = ("meeting_series", "series_override", "series_pause", "occurrence", "delivery", "audit_entry")
        return {name: sorted(map(repr, self.session.execute(select(Base.metadata.tables[name])))) for name in names}


def new_account(session: Session, login: str) -> Account:
    made = Account(
        id=uuid4(),
        login=login,
        password_hash="x",
        adult_confirmed_at=MORNING,
        created_at=MORNING,
        email_confirmed_at=MORNING,
    )
    session.add(made)
    session.flush()
    return made


def secretary(account: Account, group_id: UUID | None = None) -> Identity:
    belonging = Belonging(uuid4(), "Robin", frozenset({Role.SECRETARY}))
    return Identity(account.id, account.login, belongings={group_id: belonging} if group_id else {})


def new_house(session: Session, vault: Vault) -> House:
    account = new_account(session, "robin")
    group = groups.create_group(session, secretary(account), LISTING, display_name="Robin", vault=vault, now=MORNING)
    actor = secretary(account, group.id)
    member = session.scalars(select(Membership).where(Membership.group_id == group.id)).one()
    series = meetings.create_series(session, actor, group, SeriesDraft(WEEKLY), now=MORNING)
    member.wants_invites, member.lead_minutes = True, [120]
    series.calendar_block, series.block_renews_at = b"BEGIN:VEVENT", NOON
    session.flush()
    return House(session, actor, group, series)


CHANGES: dict[str, Callable[[House], None]] = {
    "cancelled": lambda house: date_changes.cancel_date(
        house.session, house.actor, house.series, SECOND, notice=Notice.URGENT, public_note="Snow.", now=NOON
    ),
    "moved": lambda house: date_changes.move_date(
        house.session, house.actor, house.series, SECOND, SECOND + timedelta(days=1), now=NOON
    ),
    "relocated": lambda house: date_changes.relocate_date(
        house.session, house.actor, house.series, SECOND, Venue("Chapel"), now=NOON
    ),
}
