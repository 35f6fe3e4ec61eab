"""Written shares: posted, taken back, gone when their time is over. There is nothing else that can be done with one."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from groupsite.domain.permissions import Identity
from groupsite.domain.shares import checked_body, checked_content_note, ends_at
from groupsite.models import Group, WrittenShare
from groupsite.services import audit
from groupsite.services.memberships import own_membership


def post(
    session: Session, actor: Identity, group: Group, *, body: str, content_note: str, days: int, now: datetime
) -> WrittenShare:
    """Show the actor's words to the group for some days. Raises InvalidInput for `body`, `content_note`, `days`."""
    member = own_membership(session, actor, group.id)
    share = WrittenShare(
        group_id=group.id,
        membership_id=member.id,
        body=checked_body(body),
        content_note=checked_content_note(content_note),
        published_at=now,
        expires_at=ends_at(now, days),
    )
    session.add(share)
    session.flush()
    audit.record(session, actor, "share.posted", now=now, group_id=group.id, share=share.id)
    return share


def withdraw(session: Session, actor: Identity, share: WrittenShare, *, now: datetime) -> None:
    """Take the share back: its row is deleted, nothing of the text is kept."""
    session.delete(share)
    audit.record(session, actor, "share.withdrawn", now=now, group_id=share.group_id, share=share.id)
    session.flush()


def forget_expired(session: Session, *, now: datetime) -> int:
    """Delete the rows of shares that are over (no page showed them since then); returns how many."""
    gone = delete(WrittenShare).where(WrittenShare.expires_at <= now).returning(WrittenShare.id)
    return len(session.scalars(gone).all())
