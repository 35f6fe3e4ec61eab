"""What an account keeps apart, for its own copy: counts, months and its own requests; nobody else's name."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groupsite.models import Group, HiddenFrom, Membership, NameKeptOut
from groupsite.queries.joining import my_requests


def apart(session: Session, account_id: UUID, *, today: date) -> dict[str, Any]:
    """Three queries."""
    hidden = (
        select(Group.name, func.count())
        .join(HiddenFrom, HiddenFrom.group_id == Group.id)
        .where(HiddenFrom.hider_id == account_id)
        .group_by(Group.id)
        .order_by(Group.name)
    )
    kept_out = (
        select(Group.name, NameKeptOut.added_month)
        .join(Membership, Membership.group_id == Group.id)
        .join(NameKeptOut, NameKeptOut.membership_id == Membership.id)
        .where(Membership.account_id == account_id)
        .order_by(Group.name, NameKeptOut.added_month)
    )
    return {
        "asked_to_join": [
            {"group": group.name, "display_name": member.display_name, "asked_on": str(member.asked_on)}
            for member, group in my_requests(session, account_id, today=today)
        ],
        "hides_from": [{"group": name, "people": people} for name, people in session.execute(hidden)],
        "names_kept_out": [
            {"group": name, "added_month": f"{month:%Y-%m}"} for name, month in session.execute(kept_out)
        ],
    }
