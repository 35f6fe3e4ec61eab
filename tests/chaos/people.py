"""A crowd of members who are owed one reminder each: known here first, so that nothing has to be asked of the planner."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from groupsite.domain.tokens import token_hash
from groupsite.domain.words import Attendance, Family, Kind, ListingState, MembershipState, Modality, OccurrenceStatus
from groupsite.mail.vault import Vault
from groupsite.models import Account, Group, MeetingSeries, Membership, OccurrenceRow
from groupsite.services.memberships import UNSUBSCRIBE

LEAD = 1440
"""Minutes: a reminder that is late by up to half a day is still of use, so that a slow machine loses none to its grace."""
PLAIN = "calm"
GUEST = "guest-"
"""Begins the addresses of those who come in the middle of a run and are owed no reminder."""
ZONES = ("Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia")
ROWS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Person:
    """`address` begins with a word that tells the letterbox how to behave (tests/chaos/moods.py)."""

    account: UUID
    membership: UUID
    group: UUID
    address: str
    due_at: datetime
    lead: int = LEAD

    @property
    def starts_at(self) -> datetime:
        return self.due_at + timedelta(minutes=self.lead)


def crowd(
    chance: random.Random,
    count: int,
    *,
    since: datetime,
    until: datetime,
    groups: int = 10,
    mood: str = PLAIN,
    lead: int = LEAD,
    tag: str = "",
) -> list[Person]:
    """So many people in groups whose reminders fall due one after the other in this span, at whole minutes or not."""
    ids = [UUID(int=chance.getrandbits(128), version=4) for _ in range(groups)]
    step = (until - since) / groups
    return [
        Person(
            account=UUID(int=chance.getrandbits(128), version=4),
            membership=UUID(int=chance.getrandbits(128), version=4),
            group=ids[number % groups],
            address=f"{mood}-{tag}{number}@chaos.invalid",
            due_at=since + step * (number % groups),
            lead=lead,
        )
        for number in range(count)
    ]


def settle(database_url: str, people: Sequence[Person], vault: Vault, *, now: datetime) -> None:
    """Write the crowd, its groups and its dates, as if they had been there for a day."""
    engine = create_engine(database_url)
    before = now - timedelta(days=2)
    dates = {person.group: person for person in people}
    with Session(engine) as session:
        session.execute(insert(Group), [_group(one, before) for one in dates])
        session.execute(
            insert(MeetingSeries), [_series(one, number, before) for number, one in enumerate(dates.values())]
        )
        session.execute(insert(OccurrenceRow), [_date(one, number) for number, one in enumerate(dates.values())])
        for some in _portions(people):
            session.execute(insert(Account), [_account(one, vault, before) for one in some])
            session.execute(insert(Membership), [_membership(one, vault, before) for one in some])
        session.commit()
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    engine.dispose()


def _portions(people: Sequence[Person]) -> Iterator[Sequence[Person]]:
    for begin in range(0, len(people), ROWS_AT_ONCE):
        yield people[begin : begin + ROWS_AT_ONCE]


def _zone(number: int) -> str:
    return ZONES[number % len(ZONES)]


def _group(group_id: UUID, before: datetime) -> dict[str, Any]:
    return {
        "id": group_id,
        "slug": f"storm-{group_id.hex[:12]}",
        "name": f"Storm {group_id.hex[:6]}",
        "family": Family.INDEPENDENT,
        "summary": "",
        "attendance": Attendance.OBSERVERS_WELCOME,
        "listing_state": ListingState.ACTIVE,
        "created_at": before,
        "changed_at": before,
    }


def _series(one: Person, number: int, before: datetime) -> dict[str, Any]:
    """A single date: what the planner may derive anew is the row that stands there already."""
    return {
        "id": one.group,
        "group_id": one.group,
        "slug": "main",
        "title": "Evening",
        "kind": Kind.SHARING,
        "modality": Modality.ONLINE,
        "timezone": _zone(number),
        "dtstart_local": _local(one, number),
        "duration_minutes": 60,
        "uid": one.group,
        "rule_raised_at": before,
        "rule_changed_at": before,
        "created_at": before,
        "changed_at": before,
    }


def _date(one: Person, number: int) -> dict[str, Any]:
    local = _local(one, number)
    return {
        "series_id": one.group,
        "group_id": one.group,
        "series_slug": "main",
        "original_local": local,
        "original_utc": one.starts_at,
        "start_local": local,
        "start_utc": one.starts_at,
        "end_utc": one.starts_at + timedelta(hours=1),
        "timezone": _zone(number),
        "status": OccurrenceStatus.SCHEDULED,
        "title": "Evening",
        "kind": Kind.SHARING,
        "modality": Modality.ONLINE,
    }


def _local(one: Person, number: int) -> datetime:
    return one.starts_at.astimezone(ZoneInfo(_zone(number))).replace(tzinfo=None)


def _account(one: Person, vault: Vault, before: datetime) -> dict[str, Any]:
    return {
        "id": one.account,
        "login": one.address.partition("@")[0],
        "password_hash": "-",
        "email_sealed": vault.seal(one.address),
        "email_confirmed_at": before,
        "adult_confirmed_at": before,
        "created_at": before,
        "timezone": _zone(one.account.int % len(ZONES)),
        "discreet": bool(one.account.int % 2),
    }


def _membership(one: Person, vault: Vault, before: datetime) -> dict[str, Any]:
    return {
        "id": one.membership,
        "group_id": one.group,
        "account_id": one.account,
        "display_name": f"S. {one.membership.hex[:12]}",
        "state": MembershipState.ACTIVE,
        "joined_month": date(before.year, before.month, 1),
        "lead_minutes": [one.lead],
        "reminders_since": before,
        "unsubscribe_hash": token_hash(vault.token(UNSUBSCRIBE, one.membership)),
    }
