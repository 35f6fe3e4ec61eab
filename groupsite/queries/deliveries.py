"""What is owed and to whom: reminders that nobody has planned yet, rows that wait, what a row speaks of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, literal, select
from sqlalchemy.orm import Session, selectinload

from groupsite.domain.words import Answer, MembershipState, OccurrenceStatus
from groupsite.models import (
    Account,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Group,
    Invite,
    MeetingSeries,
    Membership,
    OccurrenceRow,
    Rsvp,
    SingleUseToken,
)

AT_ONCE = 1000
NOT_TAKEN = (DeliveryState.FAILED, DeliveryState.SUPPRESSED)

LEADS = func.unnest(Membership.lead_minutes).table_valued("minutes", joins_implicitly=True).render_derived("leads")
LEAD: ColumnElement[int] = LEADS.c.minutes
"""Each of a member's lead times as a row."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything that one delivery may speak of, read in one go; what it does not concern is None."""

    delivery: Delivery
    account: Account
    membership: Membership | None
    group: Group | None
    series: MeetingSeries | None
    occurrence: OccurrenceRow | None
    token: SingleUseToken | None
    rsvp: Rsvp | None = None
    invite: Invite | None = None


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


def subject_of(session: Session, delivery_id: UUID) -> Subject | None:
    """The delivery with what it speaks of. One query; `whole_series` reads more of its series."""
    query = (
        select(Delivery, Account, Membership, Group, MeetingSeries, OccurrenceRow, SingleUseToken, Rsvp, Invite)
        .join(Account, Account.id == Delivery.account_id)
        .outerjoin(Membership, Membership.id == Delivery.membership_id)
        .outerjoin(MeetingSeries, MeetingSeries.id == Delivery.series_id)
        .outerjoin(Group, Group.id == Membership.group_id)
        .outerjoin(
            OccurrenceRow,
            (OccurrenceRow.series_id == Delivery.series_id) & (OccurrenceRow.original_local == Delivery.original_local),
        )
        .outerjoin(SingleUseToken, SingleUseToken.id == Delivery.token_id)
        .outerjoin(
            Rsvp,
            (Rsvp.membership_id == Delivery.membership_id)
            & (Rsvp.series_id == Delivery.series_id)
            & (Rsvp.original_local == Delivery.original_local),
        )
        .outerjoin(Invite, (Invite.membership_id == Delivery.membership_id) & (Invite.series_id == Delivery.series_id))
        .where(Delivery.id == delivery_id)
        .execution_options(populate_existing=True)
    )
    found = session.execute(query).one_or_none()
    return Subject(*found) if found else None


def whole_series(session: Session, series_id: UUID) -> MeetingSeries:
    """The series with its exceptions and its group."""
    loaded = select(MeetingSeries).options(
        selectinload(MeetingSeries.overrides), selectinload(MeetingSeries.pauses), selectinload(MeetingSeries.group)
    )
    return session.scalars(loaded.where(MeetingSeries.id == series_id).execution_options(populate_existing=True)).one()
