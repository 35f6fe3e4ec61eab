"""Stopping mail from the mail itself: the link's token says which membership, and nothing else is asked."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.permissions import VISITOR
from groupsite.domain.tokens import token_hash
from groupsite.models import Membership
from groupsite.services import audit, waiting

ROLE = "stop"
"""Behind the plus sign of our address: mail sent there asks to stop."""


def stop_mail(session: Session, token: str, *, now: datetime) -> bool:
    """No reminders and no invites any more for this membership, what waits included.

    An unknown token changes nothing; says whether there was one.
    """
    member = session.scalar(
        select(Membership).where(Membership.unsubscribe_hash == token_hash(token)).with_for_update()
    )
    if member is None:
        return False
    member.lead_minutes, member.wants_invites = [], False
    waiting.take_back_all(session, member)
    session.flush()
    audit.record(session, VISITOR, "membership.mail_stopped", now=now, group_id=member.group_id)
    return True
