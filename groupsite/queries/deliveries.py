"""What is owed and to whom: reminders that nobody has planned yet, rows that wait."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session, selectinload

from groupsite.domain.words import Answer, MembershipState, OccurrenceStatus
from groupsite.models import (
    Account,
    Delivery,
    DeliveryKind,
    DeliveryState,
    MeetingSeries,
    Membership,
    OccurrenceRow,
    Rsvp,
)

AT_ONCE = 1000
NOT_TAKEN = (DeliveryState.FAILED, DeliveryState.SUPPRESSED)

LEADS = func.unnest(Membership.lead_minutes).table_valued("minutes", joins_implicitly=True).render_derived("leads")
LEAD: ColumnElement[int] = LEADS.c.minutes
"""Each of a member's lead times as a row."""


def unplanned(session: Session, *, now: datetime, until: datetime) -> Iterator[Any]:
    """Pairs of date and lead that are owed to a member and have no row yet, streamed.

    Rows: key, series_id, original_local, start_utc, account_id, membership_id, lead, quiet_from, quiet_until, timezone.
    """
    is_planned = exists().where(Delivery.dedupe_key == _key(LEAD))
    return _streamed(session, _owed(now, until).where(~is_planned))


def owed_between(session: Session, *, now: datetime, until: datetime) -> Iterator[Any]:
    """As `unplanned`, planned ones too: for a preview."""
    return _streamed(session, _owed(now, until))


def link_came_back(session: Session, account_id: UUID) -> bool:
    """Whether the newest link to confirm an address did not arrive."""
    newest = (
        select(Delivery)
        .where(Delivery.account_id == account_id, Delivery.kind == DeliveryKind.CONFIRM_EMAIL)
        .order_by(Delivery.created_at.desc())
        .limit(1)
    )
    row = session.scalar(newest)
    return row is not None and (row.came_back is not None or row.state in NOT_TAKEN)


def _streamed(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    return iter(session.execute(query, execution_options={"yield_per": AT_ONCE}))


def _owed(now: datetime, until: datetime) -> Select[*tuple[Any, ...]]:
    nominal = OccurrenceRow.start_utc - LEAD * timedelta(minutes=1)
    return (
        select(
            _key(LEAD).label("key"),
            OccurrenceRow.series_id,
            OccurrenceRow.original_local,
            OccurrenceRow.original_utc,
            OccurrenceRow.start_utc,
            Membership.account_id,
            Membership.id.label("membership_id"),
            LEAD.label("lead"),
            Account.quiet_from,
            Account.quiet_until,
            func.coalesce(Account.timezone, OccurrenceRow.timezone).label("timezone"),
        )
        .select_from(OccurrenceRow)
        .join(Membership, Membership.group_id == OccurrenceRow.group_id)
        .join(Account, Account.id == Membership.account_id)
        .join(LEADS, literal(value=True))
        .where(
            OccurrenceRow.start_utc > now,
            OccurrenceRow.start_utc < until,
            OccurrenceRow.status != OccurrenceStatus.CANCELLED,
            Membership.state == MembershipState.ACTIVE,
            Account.email_confirmed_at.is_not(None),
            nominal >= Membership.reminders_since,
            ~exists().where(
                Rsvp.membership_id == Membership.id,
                Rsvp.series_id == OccurrenceRow.series_id,
                Rsvp.original_local == OccurrenceRow.original_local,
                Rsvp.answer == Answer.NOT_THIS_TIME,
            ),
        )
    )


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


def goes_on(now: datetime) -> ColumnElement[bool]:
    """Whether a series (MeetingSeries in the query around) still has a date to come, or a rule without an end."""
    is_to_come = exists().where(
        OccurrenceRow.series_id == MeetingSeries.id,
        OccurrenceRow.end_utc > now,
        OccurrenceRow.status != OccurrenceStatus.CANCELLED,
    )
    return or_(is_to_come, MeetingSeries.rrule.regexp_match("UNTIL|COUNT").is_(False))


def is_going_on(session: Session, series_id: UUID, *, now: datetime) -> bool:
    """The same of one series."""
    return session.scalar(select(goes_on(now)).where(MeetingSeries.id == series_id)) is True


def whole_series(session: Session, series_id: UUID) -> MeetingSeries:
    """The series with its exceptions and its group."""
    loaded = select(MeetingSeries).options(
        selectinload(MeetingSeries.overrides), selectinload(MeetingSeries.pauses), selectinload(MeetingSeries.group)
    )
    return session.scalars(loaded.where(MeetingSeries.id == series_id).execution_options(populate_existing=True)).one()
