"""Where to go instead of a date that is not as usual: asked once for a date, whoever is told of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from groupsite.domain.recurrence import occurrence_key
from groupsite.domain.words import Kind, MembershipState, OccurrenceStatus
from groupsite.domain.zones import to_local
from groupsite.models import Group, Membership, OccurrenceRow
from groupsite.queries.finder import NEAR, alternatives, listed

WAKING = (time(7), time(22, 30))
"""When most people would rather begin something."""
MOST = 12
"""Of other groups' dates, before those that begin meanwhile are left out."""


@dataclass(frozen=True, slots=True)
class OtherDate:
    """As the public pages show it. `path` is of its page."""

    group: str
    title: str
    start_utc: datetime
    end_utc: datetime
    timezone: str
    path: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """`own` are dates of a person's own groups, by account; `others` those that anybody could go to. Both soonest first."""

    own: Mapping[UUID, tuple[OtherDate, ...]] = field(default_factory=dict)
    others: tuple[OtherDate, ...] = ()

    def for_member(self, account_id: UUID, timezone: str, *, now: datetime, limit: int = 2) -> tuple[OtherDate, ...]:
        """The first of those that still lie ahead: her own groups' before others, and of these what is not in her night."""
        others = sorted(self.others, key=lambda one: _is_at_night(one, timezone))
        found = dict.fromkeys((*self.own.get(account_id, ()), *others))
        return tuple(one for one in found if one.start_utc > now)[:limit]


def _is_at_night(date: OtherDate, timezone: str) -> bool:
    return not WAKING[0] <= to_local(date.start_utc, timezone).time() < WAKING[1]


def elsewhere(
    session: Session, row: OccurrenceRow, group: Group, account_ids: Collection[UUID], *, now: datetime
) -> Elsewhere:
    """What begins within 48 hours after this date would have, for these people. Two queries, however many they are."""
    others = alternatives(session, row, group, now=now, limit=MOST, before=timedelta())
    return Elsewhere(_of_own_groups(session, row, account_ids, now), tuple(_as_value(*one) for one in others))


def _of_own_groups(
    session: Session, row: OccurrenceRow, account_ids: Collection[UUID], now: datetime
) -> Mapping[UUID, tuple[OtherDate, ...]]:
    """By the account of each member of the date's group: dates of all groups that she is in."""
    told, hers = aliased(Membership), aliased(Membership)
    query = (
        select(told.account_id, OccurrenceRow, Group)
        .join(hers, hers.account_id == told.account_id)
        .join(OccurrenceRow, OccurrenceRow.group_id == hers.group_id)
        .join(Group, Group.id == hers.group_id)
        .where(
            told.group_id == row.group_id,
            told.account_id.in_(account_ids),
            told.state == MembershipState.ACTIVE,
            hers.state == MembershipState.ACTIVE,
            OccurrenceRow.start_utc >= max(now, row.original_utc),
            OccurrenceRow.start_utc <= row.original_utc + NEAR,
            OccurrenceRow.status != OccurrenceStatus.CANCELLED,
            OccurrenceRow.kind != Kind.BUSINESS,
            (OccurrenceRow.series_id != row.series_id) | (OccurrenceRow.original_local != row.original_local),
            *listed(now.date()),
        )
        .order_by(OccurrenceRow.start_utc, OccurrenceRow.series_id)
    )
    found: dict[UUID, list[OtherDate]] = defaultdict(list)
    for account_id, date, group in session.execute(query):
        found[account_id].append(_as_value(date, group))
    return {account_id: tuple(dates) for account_id, dates in found.items()}


def _as_value(row: OccurrenceRow, group: Group) -> OtherDate:
    path = f"/groups/{group.slug}/meetings/{row.series_slug}/{occurrence_key(row.original_local)}"
    return OtherDate(group.name, row.title, row.start_utc, row.end_utc, row.timezone, path)
