"""Whether a mail is still wanted, read again at the last moment: nothing goes to somebody who left a second ago."""

from datetime import datetime

from sqlalchemy.orm import Session

from groupsite.domain.words import Answer, MembershipState, OccurrenceStatus
from groupsite.models import ABOUT_THE_ACCOUNT, Delivery, DeliveryKind, DeliveryState, OccurrenceRow
from groupsite.queries.deliveries import is_going_on
from groupsite.queries.subjects import Subject

INVITES = (DeliveryKind.INVITE, DeliveryKind.INVITE_CANCEL, DeliveryKind.INVITE_WITHDRAW)


def still_wanted(subject: Subject, now: datetime) -> DeliveryState | None:
    """Read again at the last moment: None when it may go out, else the state that the row takes."""
    row, member, date = subject.delivery, subject.membership, subject.occurrence
    if row.expires_at <= now:
        return DeliveryState.EXPIRED
    if not _may_reach(subject):
        return DeliveryState.CANCELLED
    if row.kind in ABOUT_THE_ACCOUNT:
        return None if _says_something(subject, now) else DeliveryState.CANCELLED
    wants_invites = member is not None and member.state is MembershipState.ACTIVE and member.wants_invites
    if row.kind is DeliveryKind.INVITE_WITHDRAW:
        return None if subject.series is not None and not wants_invites else DeliveryState.CANCELLED
    if member is None or member.state is not MembershipState.ACTIVE:
        return DeliveryState.CANCELLED
    comes = subject.rsvp is None or subject.rsvp.answer is not Answer.NOT_THIS_TIME
    is_invited = wants_invites and (subject.invite is None or subject.invite.answer is not Answer.NOT_THIS_TIME)
    wanted = {
        DeliveryKind.REMINDER: comes and row.lead_minutes in member.lead_minutes and _is_as_planned(row, date),
        DeliveryKind.CHANGE: comes and bool(member.lead_minutes) and date is not None,
        DeliveryKind.INVITE: is_invited,
        DeliveryKind.INVITE_CANCEL: is_invited and _has_invite(subject) and _is_cancelled(date),
    }
    return None if wanted[row.kind] else DeliveryState.CANCELLED


def _says_something(subject: Subject, now: datetime) -> bool:
    """Whether the link in it still opens anything; a notice has none."""
    token = subject.token
    is_open = token is not None and token.used_at is None and token.expires_at > now
    return is_open or subject.delivery.kind is DeliveryKind.SIGN_IN_NOTICE


def _may_reach(subject: Subject) -> bool:
    """Whether she lets this kind of mail into her mailbox at all, whatever was chosen for the group."""
    account, kind = subject.account, subject.delivery.kind
    if kind is DeliveryKind.CONFIRM_EMAIL:
        return True
    channels = {DeliveryKind.REMINDER: account.takes_reminders, DeliveryKind.CHANGE: account.takes_changes}
    channels |= dict.fromkeys(INVITES, account.takes_invites)
    channels |= {DeliveryKind.SIGN_IN_LINK: account.takes_links, DeliveryKind.SIGN_IN_NOTICE: account.takes_notices}
    return channels.get(kind, True) and not account.never_contact


def _has_invite(subject: Subject) -> bool:
    """Whether the member's calendar program knows the series."""
    return subject.invite is not None and subject.invite.is_sent


def comes_too_late(session: Session, subject: Subject, now: datetime) -> DeliveryState | None:
    """Nobody is invited for the first time to what has no date to come any more."""
    is_first = subject.delivery.kind is DeliveryKind.INVITE and not _has_invite(subject)
    if not is_first or (subject.series is not None and is_going_on(session, subject.series.id, now=now)):
        return None
    return DeliveryState.CANCELLED


def _is_as_planned(row: Delivery, date: OccurrenceRow | None) -> bool:
    return date is not None and date.start_utc == row.start_utc and not _is_cancelled(date)


def _is_cancelled(date: OccurrenceRow | None) -> bool:
    return date is not None and date.status is OccurrenceStatus.CANCELLED
