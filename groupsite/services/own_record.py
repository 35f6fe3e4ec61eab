"""What the site has written down about an account without being asked to: browsers, codes, mail, what was done."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.models import Account, AuditEntry, Delivery, Group, MeetingSeries, SingleUseToken, WebSession


def own_record(session: Session, account: Account) -> dict[str, Any]:
    """As plain values for JSON, oldest first; moments in UTC (RFC 3339). No hash, nobody else's id."""
    return {
        "signed_in_browsers": _browsers(session, account),
        "links_and_codes": _links(session, account),
        "mail": _mail(session, account),
        "what_was_done": _done(session, account),
    }


def moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _browsers(session: Session, account: Account) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(WebSession).where(WebSession.account_id == account.id).order_by(WebSession.created_at)
    )
    return [
        {
            "browser": one.device,
            "others_use_it_too": one.is_shared,
            "ways_to_sign_in_changed_here": one.made_change,
            "signed_in_at": moment(one.created_at),
            "password_given_at": moment(one.confirmed_at),
            "last_seen_at": moment(one.last_seen_at),
            "ends_at": moment(one.expires_at),
        }
        for one in rows
    ]


def _links(session: Session, account: Account) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(SingleUseToken)
        .where(SingleUseToken.account_id == account.id)
        .order_by(SingleUseToken.created_at, SingleUseToken.purpose)
    )
    return [
        {
            "for": one.purpose,
            "made_at": moment(one.created_at),
            "ends_at": moment(one.expires_at),
            "used_at": moment(one.used_at),
        }
        for one in rows
    ]


def _mail(session: Session, account: Account) -> list[dict[str, Any]]:
    query = select(Delivery, MeetingSeries.title).outerjoin(MeetingSeries, MeetingSeries.id == Delivery.series_id)
    rows = session.execute(query.where(Delivery.account_id == account.id).order_by(Delivery.due_at, Delivery.id))
    return [
        {
            "kind": one.kind.value,
            "meeting": title,
            "date": one.original_local.isoformat() if one.original_local else None,
            "state": one.state.value,
            "due_at": moment(one.due_at),
            "sent_at": moment(one.sent_at),
            "answered_at": moment(one.answered_at),
            "came_back": one.came_back.value if one.came_back else None,
            "left_out_because": one.last_error_class,
        }
        for one, title in rows
    ]


def _done(session: Session, account: Account) -> list[dict[str, Any]]:
    query = select(AuditEntry.at, AuditEntry.verb, AuditEntry.actor_role, Group.name)
    mine = query.outerjoin(Group, Group.id == AuditEntry.group_id).where(AuditEntry.actor_id == account.id)
    return [
        {"at": moment(at), "what": verb, "as": role, "group": name}
        for at, verb, role, name in session.execute(mine.order_by(AuditEntry.id))
    ]
