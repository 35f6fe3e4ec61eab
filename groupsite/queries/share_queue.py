"""What waits for a share reader: never the reader's own, never what the reader has reported, never what they returned before."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from groupsite.domain.errors import NotFound
from groupsite.domain.permissions import Belonging, Identity
from groupsite.domain.share_states import (
    CHANGED_MEANWHILE,
    OVERDUE_AFTER,
    Guideline,
    HeldFor,
    ReportReason,
    ShareState,
    is_overdue,
)
from groupsite.domain.shares import ShareAudience
from groupsite.domain.words import BELONGING, Role
from groupsite.models import Membership, ShareReport, WrittenShare
from groupsite.queries.apart import is_visible_to
from groupsite.queries.shares import is_there, visible_author

AT_ONCE = 30


@dataclass(frozen=True, slots=True)
class WaitingShare:
    """One share that waits. `reasons` are those of reports, without who or how many."""

    id: UUID
    display_name: str
    content_note: str
    body: str
    audience: ShareAudience
    is_shown: bool
    held_for: HeldFor | None
    guideline: Guideline | None
    is_overdue: bool
    reasons: tuple[ReportReason, ...] = ()


def queue_of(session: Session, group_id: UUID, *, reader: Identity, now: datetime) -> tuple[list[WaitingShare], bool]:
    """What waits for this reader, the longest first, and whether there is more. Two queries."""
    waiting = _waiting(group_id, reader, now).order_by(WrittenShare.waits_since, WrittenShare.id).limit(AT_ONCE + 1)
    rows = session.execute(waiting).all()
    reasons = _reasons(session, [share.id for share, _ in rows], reader)
    lines = [_line(share, name, reasons.get(share.id, set()), now) for share, name in rows[:AT_ONCE]]
    return lines, len(rows) > AT_ONCE


def waiting_share(session: Session, group_id: UUID, share_id: UUID, *, reader: Identity, now: datetime) -> WrittenShare:
    """One share that waits for this reader, locked. Raises NotFound, also for one that somebody has just decided."""
    one = _waiting(group_id, reader, now).where(WrittenShare.id == share_id)
    locked = one.with_for_update(of=WrittenShare).execution_options(populate_existing=True)
    found = session.execute(locked).one_or_none()
    if found is None:
        raise NotFound(CHANGED_MEANWHILE)
    return found[0]


def share_readers(session: Session, group_id: UUID, *, reader: Identity) -> list[str]:
    """Names of the group's share readers who are there for this reader. One query."""
    query = select(Membership.display_name).where(
        Membership.group_id == group_id,
        Membership.state.in_(BELONGING),
        Membership.roles.contains([Role.SHARE_READER.value]),
        is_visible_to(reader.account_id, group_id=Membership.group_id, account_id=Membership.account_id),
    )
    return list(session.scalars(query.order_by(Membership.display_name)))


def _waiting(group_id: UUID, reader: Identity, now: datetime) -> Select[WrittenShare, str]:
    both = select(WrittenShare, Membership.display_name).join(Membership, Membership.id == WrittenShare.membership_id)
    return both.where(
        WrittenShare.group_id == group_id,
        WrittenShare.waits_since.is_not(None),
        *is_there(now),
        visible_author(reader),
        *_is_open_to(reader.in_group(group_id), now),
        or_(WrittenShare.state == ShareState.HELD, _is_reported(reader)),
    )


def _is_open_to(own: Belonging | None, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The rules that keep a decision apart from whoever it is about."""
    own_id = own.membership_id if own else None
    has_reported = exists().where(ShareReport.share_id == WrittenShare.id, ShareReport.reporter_id == own_id)
    has_returned = WrittenShare.decided_by_id == own_id
    apart = WrittenShare.membership_id != own_id, ~has_reported, has_returned.is_not(True)
    is_reader = own is not None and Role.SHARE_READER in own.roles
    return apart if is_reader else (*apart, _is_for_others_too(now))


def _is_for_others_too(now: datetime) -> ColumnElement[bool]:
    """Overdue, or an appeal: then those who run the group see it as well."""
    return or_(WrittenShare.waits_since <= now - OVERDUE_AFTER, WrittenShare.held_for == HeldFor.APPEAL)


def _is_reported(reader: Identity) -> ColumnElement[bool]:
    """That there is an open report by somebody who is there for this reader."""
    reporter = aliased(Membership)
    report = select(ShareReport.id).join(reporter, reporter.id == ShareReport.reporter_id)
    seen = is_visible_to(reader.account_id, group_id=reporter.group_id, account_id=reporter.account_id)
    return report.where(ShareReport.share_id == WrittenShare.id, ~ShareReport.is_settled, seen).exists()


def _reasons(session: Session, share_ids: list[UUID], reader: Identity) -> dict[UUID, set[ReportReason]]:
    query = (
        select(ShareReport.share_id, ShareReport.reason)
        .join(Membership, Membership.id == ShareReport.reporter_id)
        .where(
            ShareReport.share_id.in_(share_ids),
            ~ShareReport.is_settled,
            is_visible_to(reader.account_id, group_id=Membership.group_id, account_id=Membership.account_id),
        )
    )
    found: dict[UUID, set[ReportReason]] = {}
    for share_id, reason in session.execute(query):
        found.setdefault(share_id, set()).add(reason)
    return found


def _line(share: WrittenShare, name: str, reasons: set[ReportReason], now: datetime) -> WaitingShare:
    return WaitingShare(
        id=share.id,
        display_name=name,
        content_note=share.content_note,
        body=share.body,
        audience=share.audience,
        is_shown=share.state is ShareState.PUBLISHED,
        held_for=share.held_for,
        guideline=share.guideline,
        is_overdue=share.waits_since is not None and is_overdue(share.waits_since, now),
        reasons=tuple(one for one in ReportReason if one in reasons),
    )
