"""Which reminders are owed to whom: what makes one wanted, for the planner and for a preview alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    Text,
    Time,
    and_,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from groupsite.domain.reminders import A_MINUTE, SHORTEST_GRACE
from groupsite.domain.words import Answer, MembershipState, OccurrenceStatus
from groupsite.models import Account, Delivery, DeliveryKind, DeliveryState, Membership, OccurrenceRow, Rsvp
from groupsite.queries.wishes import Profile, Whom, profile_of

AT_ONCE = 1000
MOMENT = TIMESTAMP(timezone=True)

Columns = dict[str, tuple[TypeEngine[Any], list[Any]]]


@dataclass(frozen=True, slots=True)
class Moments:
    """Nominal moments of people with this profile, and when what falls there is due: at its own moment if None."""

    profile: Profile
    since: datetime
    until: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Starts:
    """With this lead, dates that start here (half-open) have their nominal moment where somebody may be owed something."""

    lead: int
    since: datetime
    until: datetime


def owed_between(session: Session, *, now: datetime, until: datetime) -> Iterator[Any]:
    """Pairs of date and lead that are owed to a member, for a preview, streamed.

    Rows: series_id, original_local, start_utc, account_id, membership_id, lead, quiet_from, quiet_until, safe_days, timezone.
    """
    leads = func.unnest(Membership.lead_minutes).table_valued("minutes", joins_implicitly=True).render_derived("leads")
    query = (
        select(
            OccurrenceRow.series_id,
            OccurrenceRow.original_local,
            OccurrenceRow.start_utc,
            Membership.account_id,
            Membership.id.label("membership_id"),
            leads.c.minutes.label("lead"),
            Account.quiet_from,
            Account.quiet_until,
            Account.safe_days,
            func.coalesce(Account.timezone, OccurrenceRow.timezone).label("timezone"),
        )
        .select_from(OccurrenceRow)
        .join(Membership, Membership.group_id == OccurrenceRow.group_id)
        .join(Account, Account.id == Membership.account_id)
        .join(leads, literal(value=True))
        .where(OccurrenceRow.start_utc > now, OccurrenceRow.start_utc < until, *_is_wanted(leads.c.minutes))
    )
    return iter(session.execute(query, execution_options={"yield_per": AT_ONCE}))


def owed_in(
    moments: Sequence[Moments], starts: Sequence[Starts], whom: Whom, *, now: datetime, counted_since: datetime
) -> Select[*tuple[Any, ...]]:
    """What is owed there as rows of `delivery`, in the order of their keys, so that two planners never wait for each other.

    What has become useless is among them as expired if it was due at `counted_since` or later; what was useless even
    then was seen by an earlier planning, or was never to be sent. Bounds of the starts stand in the statement twice: as
    an array to join with, and as plain conditions, without which PostgreSQL would think that nearly all dates are asked for.
    """
    span, start = _spans(moments), _starts(starts)
    due = func.coalesce(span.c.due_at, _nominal(start.c.lead))
    grace = func.greatest(start.c.lead * (A_MINUTE / 2), literal(SHORTEST_GRACE))
    expires = func.least(due + grace, OccurrenceRow.start_utc)
    state = case(
        (expires <= now, literal(DeliveryState.EXPIRED, Delivery.state.type)),
        else_=literal(DeliveryState.PLANNED, Delivery.state.type),
    )
    key = _key(start.c.lead)
    zone, begin, end, safe_days = profile_of(OccurrenceRow.timezone)
    is_of_span = (
        span.c.zone == zone,
        span.c.quiet_from == begin,
        span.c.quiet_until == end,
        span.c.safe_days == safe_days,
    )
    return (
        select(
            func.gen_random_uuid().label("id"),
            key.label("dedupe_key"),
            literal(DeliveryKind.REMINDER, Delivery.kind.type).label("kind"),
            state.label("state"),
            Membership.account_id,
            Membership.id.label("membership_id"),
            OccurrenceRow.series_id,
            OccurrenceRow.original_local,
            OccurrenceRow.start_utc,
            start.c.lead.label("lead_minutes"),
            due.label("due_at"),
            due.label("next_try_at"),
            expires.label("expires_at"),
        )
        .select_from(OccurrenceRow)
        .join(start, and_(OccurrenceRow.start_utc >= start.c.since, OccurrenceRow.start_utc < start.c.until))
        .join(Membership, Membership.group_id == OccurrenceRow.group_id)
        .join(Account, Account.id == Membership.account_id)
        .join(span, and_(*is_of_span))
        .where(
            or_(*(_starts_in(since, until) for since, until in merged((one.since, one.until) for one in starts))),
            whom.among(OccurrenceRow.series_id),
            start.c.lead == Membership.lead_minutes.any_(),
            _nominal(start.c.lead) >= span.c.since,
            _nominal(start.c.lead) < span.c.until,
            or_(due >= counted_since, expires > now),
            *_is_wanted(start.c.lead),
        )
        .order_by(key)
    )


def merged(spans: Iterator[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The same moments as few spans that do not overlap, in their order."""
    found: list[tuple[datetime, datetime]] = []
    for since, until in sorted(spans):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def _is_wanted(lead: ColumnElement[int]) -> list[ColumnElement[bool]]:
    return [
        OccurrenceRow.status != OccurrenceStatus.CANCELLED,
        Membership.state == MembershipState.ACTIVE,
        Account.email_confirmed_at.is_not(None),
        Account.takes_reminders.is_(True),
        Account.never_contact.is_(False),
        _nominal(lead) >= Membership.reminders_since,
        ~exists().where(
            Rsvp.membership_id == Membership.id,
            Rsvp.series_id == OccurrenceRow.series_id,
            Rsvp.original_local == OccurrenceRow.original_local,
            Rsvp.answer == Answer.NOT_THIS_TIME,
        ),
    ]


def _nominal(lead: ColumnElement[int]) -> ColumnElement[datetime]:
    return OccurrenceRow.start_utc - lead * A_MINUTE


def _starts_in(since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(OccurrenceRow.start_utc >= since, OccurrenceRow.start_utc < until)


def _spans(moments: Sequence[Moments]) -> FromClause:
    columns: Columns = {
        "zone": (Text(), [one.profile.timezone for one in moments]),
        "quiet_from": (Time(), [one.profile.begin for one in moments]),
        "quiet_until": (Time(), [one.profile.end for one in moments]),
        "safe_days": (Integer(), [one.profile.safe_days for one in moments]),
        "since": (MOMENT, [one.since for one in moments]),
        "until": (MOMENT, [one.until for one in moments]),
        "due_at": (MOMENT, [one.due_at for one in moments]),
    }
    return _table("span", columns)


def _starts(starts: Sequence[Starts]) -> FromClause:
    columns: Columns = {
        "lead": (Integer(), [one.lead for one in starts]),
        "since": (MOMENT, [one.since for one in starts]),
        "until": (MOMENT, [one.until for one in starts]),
    }
    return _table("start", columns)


def _table(name: str, columns: Columns) -> FromClause:
    """Arrays of equal length as a table to join with."""
    arrays = [bindparam(None, values, type_=ARRAY(kind), unique=True) for kind, values in columns.values()]
    table = func.unnest(*arrays).table_valued(*(column(key, kind) for key, (kind, _) in columns.items()))
    return table.render_derived(name)


def _key(lead: ColumnElement[int]) -> ColumnElement[str]:
    """The same date, person and lead give the same key; another start gives another."""
    return func.concat(
        "reminder:",
        cast(OccurrenceRow.series_id, String),
        ":",
        _stamp(OccurrenceRow.original_utc),
        ":",
        _stamp(OccurrenceRow.start_utc),
        ":",
        cast(Membership.id, String),
        ":",
        lead,
        ":email",
    )


def _stamp(moment: Any) -> ColumnElement[str]:
    return func.to_char(func.timezone("UTC", moment), 'YYYYMMDD"T"HH24MI')
