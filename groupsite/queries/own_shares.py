"""What a member has written, wherever it is: shown, held, returned, or kept as a draft."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from groupsite.domain.errors import NotFound
from groupsite.domain.share_states import ShareState
from groupsite.models import Membership, ShareReport, WrittenShare
from groupsite.queries.shares import NO_SHARE, is_there


def my_shares(session: Session, account_id: UUID, *, now: datetime) -> Sequence[WrittenShare]:
    """Everything this account has written and that is still there, oldest first. One query."""
    mine = select(WrittenShare).join(Membership, Membership.id == WrittenShare.membership_id)
    there = mine.where(Membership.account_id == account_id, *is_there(now))
    return session.scalars(there.order_by(WrittenShare.published_at, WrittenShare.id)).all()


def my_reports(session: Session, account_id: UUID) -> Sequence[tuple[UUID, ShareReport]]:
    """What this account has asked a second look at, with the membership. One query."""
    mine = select(ShareReport.reporter_id, ShareReport).join(Membership, Membership.id == ShareReport.reporter_id)
    rows = session.execute(mine.where(Membership.account_id == account_id).order_by(ShareReport.id))
    return [(reporter_id, report) for reporter_id, report in rows]


def not_shown(session: Session, membership_id: UUID, *, now: datetime) -> Sequence[WrittenShare]:
    """What others cannot see, or not yet: held, returned, and what opens a day to come; the newest first. One query."""
    hidden = WrittenShare.state.in_((ShareState.HELD, ShareState.RETURNED))
    ahead = (WrittenShare.state == ShareState.PUBLISHED) & (WrittenShare.published_at > now)
    mine = select(WrittenShare).where(
        WrittenShare.membership_id == membership_id, WrittenShare.expires_at > now, or_(hidden, ahead)
    )
    return session.scalars(mine.order_by(WrittenShare.published_at.desc(), WrittenShare.id)).all()


def draft_of(session: Session, membership_id: UUID, *, now: datetime) -> WrittenShare | None:
    """The one draft that a member may keep, while it lasts. One query."""
    return session.scalar(
        select(WrittenShare).where(
            WrittenShare.membership_id == membership_id,
            WrittenShare.state == ShareState.DRAFT,
            WrittenShare.expires_at > now,
        )
    )


def one_of_group(session: Session, group_id: UUID, share_id: UUID, *, now: datetime) -> WrittenShare:
    """A share in whatever state, for its author alone: the caller asks whose it is. Raises NotFound."""
    joined = select(WrittenShare).join(Membership, Membership.id == WrittenShare.membership_id)
    share = session.scalar(joined.where(WrittenShare.id == share_id, WrittenShare.group_id == group_id, *is_there(now)))
    if share is None:
        raise NotFound(NO_SHARE)
    return share
