"""Mail that a change owes: rows written in the transaction of their cause, one for each person.

A row holds ids and moments. Whether the message is still wanted, and what it says, is decided when it is sent.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from groupsite.domain.digest import can_wait, digest_moment
from groupsite.domain.reminders import quiet_hours
from groupsite.domain.safe_days import EVERY_DAY
from groupsite.domain.words import Answer, MembershipState, OccurrenceStatus
from groupsite.domain.zones import is_known
from groupsite.models import (
    Account,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Invite,
    MeetingSeries,
    Membership,
    OccurrenceRow,
)
from groupsite.queries.deliveries import goes_on
from groupsite.services import waiting
from groupsite.services.doorbell import ask_for_ring

INVITES_LAST = timedelta(days=2)
"""An invite or its update that could not be sent for so long is given up: the next change sends the newest state."""

WAIT_FOR_A_SAFE_DAY = timedelta(days=7)
WANTS_INVITES = and_(Membership.wants_invites.is_(True), Account.takes_invites.is_(True))


def confirm_email(session: Session, *, account_id: UUID, token_id: UUID, expires_at: datetime, now: datetime) -> None:
    """Ask whether an address belongs to the account; of no use once its link has expired."""
    row = _row(DeliveryKind.CONFIRM_EMAIL, f"confirm:{token_id}", account_id, now=now, expires_at=expires_at)
    _owe(session, [row | {"token_id": token_id}])


def sign_in_notice(session: Session, account: Account, change_id: UUID, *, now: datetime) -> None:
    """The ways to sign in have changed: for those alone who asked to be told."""
    if account.takes_notices and account.email_confirmed_at is not None and not account.never_contact:
        key = f"notice:{change_id}"
        _owe(session, [_row(DeliveryKind.SIGN_IN_NOTICE, key, account.id, now=now, lasts=_lasts(account))])


def occurrence_changed(
    session: Session, *, series_id: UUID, original_local: datetime, revision: int, now: datetime
) -> None:
    """One date was cancelled, moved or put elsewhere: a note for those with reminders, an update for those with invites.

    What was not told yet is told as it is now. That it takes place as usual is news only for those who had heard otherwise.
    """
    date_row = session.get(OccurrenceRow, (series_id, original_local), populate_existing=True)
    if date_row is None or date_row.start_utc <= now:
        return
    waiting.take_back_news(session, date_row)
    is_off = date_row.status is OccurrenceStatus.CANCELLED
    invite_kind = DeliveryKind.INVITE_CANCEL if is_off else DeliveryKind.INVITE
    key = f"{series_id}:{original_local:%Y%m%dT%H%M}:{revision}"
    date = {
        "series_id": series_id,
        "original_local": original_local,
        "start_utc": date_row.start_utc,
        "revision": revision,
    }
    listening = and_(Membership.lead_minutes != [], Account.takes_changes.is_(True))
    if date_row.status is OccurrenceStatus.SCHEDULED:
        listening &= _was_told(date_row)
    told = [
        _news(f"change:{key}:{member.id}", member, date_row, now=now) | date
        for member in _members(session, series_id, listening)
    ]
    invited = [
        _row(invite_kind, f"invite:{key}:{member.id}", member.account_id, member.id, now=now, lasts=_lasts(member))
        | date
        for member in _members(session, series_id, WANTS_INVITES)
    ]
    _owe(session, told + invited)


def _news(key: str, member: Any, date: OccurrenceRow, *, now: datetime) -> dict[str, Any]:
    """At once, or with the other news of the day."""
    row = _row(DeliveryKind.CHANGE, key, member.account_id, member.id, now=now, expires_at=date.start_utc)
    timezone = member.timezone or date.timezone
    if not is_known(timezone):
        return row
    quiet = quiet_hours(member.quiet_from, member.quiet_until, timezone, member.safe_days)
    moment = digest_moment(quiet, timezone, now)
    waits = can_wait(date.notice, (date.start_utc, date.original_utc), moment)
    return row | {"due_at": moment, "next_try_at": moment} if waits else row


def _was_told(date: OccurrenceRow) -> ColumnElement[bool]:
    """Whether the member has, or may have, a note that this date is not as usual."""
    return exists().where(
        Delivery.membership_id == Membership.id,
        Delivery.series_id == date.series_id,
        Delivery.original_local == date.original_local,
        Delivery.kind == DeliveryKind.CHANGE,
        or_(Delivery.handed_over_at.is_not(None), Delivery.ambiguous),
    )


def series_changed(session: Session, *, series_id: UUID, revision: int, now: datetime) -> None:
    """The rule, a pause or the end changed: an update of the whole series for those with invites."""
    _owe(
        session,
        [_invite(series_id, revision, member, now=now) for member in _members(session, series_id, WANTS_INVITES)],
    )


def invites_chosen(session: Session, *, membership_id: UUID, now: datetime) -> None:
    """The member asked for invites: one for each series of the group that has a date to come."""
    _owe(
        session,
        [
            _invite(series_id, revision, member, now=now)
            for series_id, revision, member in _series_of(session, membership_id, goes_on(now))
        ],
    )


def words_changed(session: Session, *, account_id: UUID, now: datetime) -> None:
    """The member says otherwise what dates are called: what invites put into her calendar is replaced in place.

    Programs take it for newer, although no date has changed.
    """
    lasts = _lasts(session.get_one(Account, account_id))
    told_anew = (
        update(Invite)
        .where(
            Invite.membership_id == Membership.id,
            Invite.series_id == MeetingSeries.id,
            Invite.answer.is_distinct_from(Answer.NOT_THIS_TIME),
            Membership.account_id == account_id,
            Membership.state == MembershipState.ACTIVE,
            Membership.wants_invites.is_(True),
        )
        .values(raised=Invite.raised + 1)
        .returning(Invite.series_id, Invite.raised, MeetingSeries.revision, Membership.id, Membership.account_id)
    )
    rows = [
        _row(
            DeliveryKind.INVITE,
            f"invite:{row.series_id}:words:{row.raised}:{row.id}",
            row.account_id,
            row.id,
            now=now,
            lasts=lasts,
        )
        | {"series_id": row.series_id, "revision": row.revision}
        for row in session.execute(told_anew, execution_options={"synchronize_session": False})
    ]
    _owe(session, rows)


def invites_declined(session: Session, *, membership_id: UUID, now: datetime) -> None:
    """The member wants no more invites: each series is taken out of her calendar again."""
    _withdraw(session, membership_id, now=now)


def member_left(session: Session, *, membership_id: UUID, now: datetime) -> None:
    """The member left: what invites put into her calendar is taken out; nothing else is sent."""
    member = session.get(Membership, membership_id)
    if member is not None and member.wants_invites:
        _withdraw(session, membership_id, now=now)


def _withdraw(session: Session, membership_id: UUID, *, now: datetime) -> None:
    rows = [
        _row(DeliveryKind.INVITE_WITHDRAW, f"withdraw:{series_id}:{revision}:{member.id}:{now:%Y%m%dT%H%M%S%f}",
             member.account_id, member.id, now=now, lasts=_lasts(member)) | {"series_id": series_id, "revision": revision}
        for series_id, revision, member in _series_of(session, membership_id, _may_be_known())
    ]  # fmt: skip
    _owe(session, rows)


def _invite(series_id: UUID, revision: int, member: Any, *, now: datetime) -> dict[str, Any]:
    key = f"invite:{series_id}:all:{revision}:{member.id}:{member.reminders_since:%Y%m%dT%H%M%S%f}"
    row = _row(DeliveryKind.INVITE, key, member.account_id, member.id, now=now, lasts=_lasts(member))
    return row | {"series_id": series_id, "revision": revision}


def _row(
    kind: DeliveryKind,
    dedupe_key: str,
    account_id: UUID,
    membership_id: UUID | None = None,
    *,
    now: datetime,
    expires_at: datetime | None = None,
    lasts: timedelta = INVITES_LAST,
) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "kind": kind,
        "dedupe_key": dedupe_key,
        "account_id": account_id,
        "membership_id": membership_id,
        "due_at": now,
        "next_try_at": now,
        "expires_at": expires_at or now + lasts,
    }


def _lasts(member: Any) -> timedelta:
    """What may have to wait for one day of the week is of use for longer."""
    return INVITES_LAST if member.safe_days == EVERY_DAY else INVITES_LAST + WAIT_FOR_A_SAFE_DAY


def _members(session: Session, series_id: UUID, wanting: ColumnElement[bool]) -> Sequence[Any]:
    """Active members of the series' group with a confirmed address who want this kind of mail."""
    return session.execute(
        select(
            Membership.id,
            Membership.account_id,
            Membership.reminders_since,
            Account.timezone,
            Account.quiet_from,
            Account.quiet_until,
            Account.safe_days,
        )
        .join(MeetingSeries, MeetingSeries.group_id == Membership.group_id)
        .join(Account, Account.id == Membership.account_id)
        .where(
            MeetingSeries.id == series_id,
            Membership.state == MembershipState.ACTIVE,
            Account.email_confirmed_at.is_not(None),
            Account.never_contact.is_(False),
            wanting,
        )
    ).all()


def _may_be_known() -> ColumnElement[bool]:
    """Whether the member's calendar program has the series, or is just being sent it."""
    is_invited = exists().where(
        Invite.membership_id == Membership.id, Invite.series_id == MeetingSeries.id, Invite.uid != ""
    )
    is_on_its_way = exists().where(
        Delivery.membership_id == Membership.id,
        Delivery.series_id == MeetingSeries.id,
        Delivery.kind == DeliveryKind.INVITE,
        Delivery.state == DeliveryState.SENDING,
    )
    return or_(is_invited, is_on_its_way)


def _series_of(session: Session, membership_id: UUID, which: ColumnElement[bool]) -> list[tuple[UUID, int, Any]]:
    rows = session.execute(
        select(
            MeetingSeries.id.label("series_id"),
            MeetingSeries.revision,
            Membership.id,
            Membership.account_id,
            Membership.reminders_since,
            Account.safe_days,
        )
        .join(Membership, Membership.group_id == MeetingSeries.group_id)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.id == membership_id,
            Account.email_confirmed_at.is_not(None),
            Account.takes_invites.is_(True),
            Account.never_contact.is_(False),
            which,
        )
    )
    return [(row.series_id, row.revision, row) for row in rows]


def _owe(session: Session, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(Delivery).on_conflict_do_nothing(index_elements=["dedupe_key"]), rows)
        ask_for_ring(session)
