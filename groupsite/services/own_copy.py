"""What an account holds, to take along: one's own things only, nobody else's words or names."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.cadence import DAYS
from groupsite.domain.permissions import Identity
from groupsite.domain.safe_days import weekdays_in
from groupsite.mail.vault import Vault
from groupsite.models import (
    Account,
    CalendarFeed,
    Group,
    Invite,
    MeetingSeries,
    Membership,
    Rsvp,
    ShareReport,
    WrittenShare,
)
from groupsite.queries.memberships import my_memberships
from groupsite.queries.own_shares import my_reports, my_shares
from groupsite.services import suppression
from groupsite.services.accounts import own_account
from groupsite.services.own_copy_apart import apart
from groupsite.services.own_record import moment, own_record
from groupsite.services.own_ways import own_ways
from groupsite.services.sealed_words import words_of


def own_copy(session: Session, actor: Identity, *, vault: Vault, now: datetime) -> dict[str, Any]:
    """Everything as plain values for JSON; moments in UTC (RFC 3339). No password hash, no token."""
    account = own_account(session, actor)
    written = my_shares(session, account.id, now=now)
    reports = my_reports(session, account.id)
    return {
        "written_at": moment(now),
        "account": _account(account, vault)
        | {"mail_stopped_because": suppression.why_stopped(session, account, vault)},
        "groups": [
            _membership(member, group) | _shares(member, written, vault, reports) | _answers(session, member)
            for member, group in my_memberships(session, account.id)
        ],
        "calendar_addresses": _feeds(session, account),
        **apart(session, account.id, today=now.date()),
        **own_record(session, account),
        "ways_to_sign_in": own_ways(session, account),
    }


def _account(account: Account, vault: Vault) -> dict[str, Any]:
    return {
        "login": account.login,
        "email": vault.open(account.email_sealed) if account.email_sealed else None,
        "email_confirmed_at": moment(account.email_confirmed_at),
        "timezone": account.timezone,
        "language": account.locale,
        "created_at": moment(account.created_at),
        "adult_confirmed_at": moment(account.adult_confirmed_at),
        "discreet": account.discreet,
        "discreet_title": account.discreet_title,
        "quiet_from": account.quiet_from.isoformat("minutes") if account.quiet_from else None,
        "quiet_until": account.quiet_until.isoformat("minutes") if account.quiet_until else None,
        "rest_until": account.rest_until.isoformat() if account.rest_until else None,
        "allows_urgent": account.allows_urgent,
        "daily_budget": account.daily_budget,
        "mail_is_safe_since": account.safe_on.isoformat() if account.safe_on else None,
        "safe_days": [DAYS[weekday].lower() for weekday in weekdays_in(account.safe_days)],
        "never_contact": account.never_contact,
        "takes": {
            "reminders": account.takes_reminders,
            "changes": account.takes_changes,
            "invites": account.takes_invites,
            "news_of_the_ways_to_sign_in": account.takes_notices,
            "links_that_sign_in": account.takes_links,
        },
        "runs_the_site": account.is_admin,
    }


def _membership(member: Membership, group: Group) -> dict[str, Any]:
    return {
        "group": group.name,
        "display_name": member.display_name,
        "roles": list(member.roles),
        "joined_month": member.joined_month.strftime("%Y-%m"),
        "reminders_minutes_before": list(member.lead_minutes),
        "wants_invites": member.wants_invites,
        "opens_content_notes": member.opens_notes,
    }


def _shares(
    member: Membership, written: Sequence[WrittenShare], vault: Vault, reports: Sequence[tuple[UUID, ShareReport]]
) -> dict[str, Any]:
    return {
        "shares": [_share(share, vault) for share in written if share.membership_id == member.id],
        "asked_for_a_second_look_because": [one.reason.value for reporter, one in reports if reporter == member.id],
    }


def _answers(session: Session, member: Membership) -> dict[str, Any]:
    """About single dates (as clocks show them), and what the member's calendar program said of a whole series."""
    by_date = select(Rsvp, MeetingSeries.title).join(MeetingSeries, MeetingSeries.id == Rsvp.series_id)
    invites = select(Invite, MeetingSeries.title).join(MeetingSeries, MeetingSeries.id == Invite.series_id)
    return {
        "answers": [
            {
                "meeting": title,
                "date": one.original_local.isoformat(),
                "answer": one.answer.value,
                "answered_at": moment(one.answered_at),
            }
            for one, title in session.execute(
                by_date.where(Rsvp.membership_id == member.id).order_by(Rsvp.original_local, Rsvp.series_id)
            )
        ],
        "answers_for_every_date": [
            {
                "meeting": title,
                "answer": one.answer.value if one.answer else None,
                "answered_at": moment(one.answered_at),
                "invited_at": moment(one.invited_at),
            }
            for one, title in session.execute(
                invites.where(Invite.membership_id == member.id).order_by(MeetingSeries.position, MeetingSeries.id)
            )
        ],
    }


def _share(share: WrittenShare, vault: Vault) -> dict[str, Any]:
    body, content_note = words_of(share, vault)
    return {
        "state": share.state.value,
        "for": share.audience.value,
        "content_note": content_note,
        "body": body,
        "published_at": moment(share.published_at),
        "expires_at": moment(share.expires_at),
        "returned_under": share.guideline.value if share.guideline else None,
    }


def _feeds(session: Session, account: Account) -> list[dict[str, Any]]:
    feeds = session.scalars(
        select(CalendarFeed).where(CalendarFeed.account_id == account.id).order_by(CalendarFeed.created_at)
    )
    return [
        {
            "name": feed.name,
            "says": feed.level.value,
            "own_words": feed.title,
            "alarm_minutes_before": feed.alarm_minutes,
            "shows_cancelled": feed.shows_cancelled,
            "shows_answers": feed.shows_answers,
            "meetings": "all" if feed.is_of_everything else _picked(session, feed),
            "created_at": moment(feed.created_at),
            "revoked_at": moment(feed.revoked_at),
            "last_used_on": feed.last_used_on.isoformat() if feed.last_used_on else None,
        }
        for feed in feeds
    ]


def _picked(session: Session, feed: CalendarFeed) -> list[dict[str, str]]:
    query = select(Group.name, MeetingSeries.title).join(MeetingSeries, MeetingSeries.group_id == Group.id)
    picked = query.where(MeetingSeries.id.in_(feed.series_ids)).order_by(Group.name, MeetingSeries.position)
    return [{"group": name, "meeting": title} for name, title in session.execute(picked)]
