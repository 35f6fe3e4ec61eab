"""Looking at shares under the guidelines: asked for by any member, decided by a share reader with a code, never with words."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from groupsite.domain.errors import NotFound
from groupsite.domain.permissions import VISITOR, Identity
from groupsite.domain.share_states import Guideline, HeldFor, ReportReason, ShareState, Step, after, holds
from groupsite.domain.shares import RETURNED_KEPT, ends_at
from groupsite.mail.vault import Vault
from groupsite.models import ShareReport, WrittenShare
from groupsite.queries.shares import NO_SHARE, held_locked
from groupsite.services import audit
from groupsite.services.memberships import own_membership
from groupsite.services.sealed_words import seal

YOUR_OWN = "These words are your own. You can take them back."


def report(session: Session, actor: Identity, share: WrittenShare, reason: ReportReason, *, now: datetime) -> None:
    """Ask for a second look; what may harm is out of sight until then. A second time changes nothing.

    The audit trail says neither who asked nor why. Raises NotFound for what is not shown any more, and for the actor's own.
    """
    member = own_membership(session, actor, share.group_id)
    share = held_locked(session, share.id)
    if share.membership_id == member.id or share.state is not ShareState.PUBLISHED:
        raise NotFound(YOUR_OWN if share.membership_id == member.id else NO_SHARE)
    added = insert(ShareReport).values(share_id=share.id, reporter_id=member.id, reason=reason)
    if session.scalar(added.on_conflict_do_nothing().returning(ShareReport.id)) is None:
        return
    share.waits_since = share.waits_since or now
    if holds(_open_reasons(session, share), was_kept=share.was_kept):
        share.state, share.held_for = after(share.state, Step.HOLD), HeldFor.REPORTS
        audit.record(session, VISITOR, "share.held", now=now, group_id=share.group_id, share=share.id)
    session.flush()


def keep(session: Session, actor: Identity, share: WrittenShare, *, now: datetime) -> None:
    """Show the share, or leave it in place. Its days are counted from when it is first shown. `share` is locked."""
    held_for, state = share.held_for, share.state
    share.state = after(state, Step.SHOW)
    if state is ShareState.HELD and held_for is not HeldFor.REPORTS:
        share.published_at = max(now, share.published_at)
        share.expires_at = ends_at(share.published_at, share.stays_days)
    share.was_kept = held_for is not HeldFor.FIRST_LOOK
    share.guideline, share.decided_by_id = None, None
    _settle(session, share)
    audit.record(session, actor, "share.kept", now=now, group_id=share.group_id, share=share.id)


def give_back(
    session: Session, actor: Identity, share: WrittenShare, guideline: Guideline, *, vault: Vault, now: datetime
) -> None:
    """Return the share to its author with a guideline's code: from now on nobody else can read it. `share` is locked."""
    member = own_membership(session, actor, share.group_id)
    share.state = after(share.state, Step.RETURN)
    seal(share, vault, body=share.body, content_note=share.content_note)
    share.guideline, share.decided_by_id = guideline, member.id
    share.expires_at = now + RETURNED_KEPT
    _settle(session, share)
    audit.record(
        session, actor, "share.returned", now=now, group_id=share.group_id, share=share.id, guideline=guideline
    )


def _settle(session: Session, share: WrittenShare) -> None:
    share.waits_since, share.held_for = None, None
    session.execute(update(ShareReport).where(ShareReport.share_id == share.id).values(is_settled=True))
    session.flush()


def _open_reasons(session: Session, share: WrittenShare) -> list[ReportReason]:
    """One for each person."""
    is_open = ShareReport.share_id == share.id, ~ShareReport.is_settled
    return list(session.scalars(select(ShareReport.reason).where(*is_open)))
