"""How a group writes, and who looks at shares for it."""

from datetime import datetime

from sqlalchemy.orm import Session

from groupsite.domain.permissions import Identity
from groupsite.domain.sharing import Sharing
from groupsite.domain.words import Role
from groupsite.models import Group, Membership
from groupsite.services import audit, hiding
from groupsite.services.memberships import own_membership


def choose(session: Session, actor: Identity, group: Group, sharing: Sharing, *, now: datetime) -> None:
    """From now on the group writes like this; what waits already goes on waiting. Raises InvalidInput."""
    group.sharing_chosen = sharing.checked()
    session.flush()
    audit.record(session, actor, "group.sharing_chosen", now=now, group_id=group.id)


def appoint_reader(session: Session, actor: Identity, group: Group, display_name: str, *, now: datetime) -> None:
    """Let a member look at shares. They can put it down in one step. Raises NotFound."""
    member = hiding.member_called(session, actor, group, display_name)
    if Role.SHARE_READER.value not in member.roles:
        member.roles = [*member.roles, Role.SHARE_READER.value]
    session.flush()
    audit.record(session, actor, "membership.may_read", now=now, group_id=group.id, membership=member.id)


def release_reader(session: Session, actor: Identity, group: Group, display_name: str, *, now: datetime) -> None:
    """This member looks at shares no longer. Raises NotFound."""
    member = hiding.member_called(session, actor, group, display_name)
    _put_down(session, actor, member, now=now)


def stop_reading(session: Session, actor: Identity, group: Group, *, now: datetime) -> None:
    """The actor looks at shares no longer; nobody asks why."""
    _put_down(session, actor, own_membership(session, actor, group.id), now=now)


def open_notes(session: Session, actor: Identity, group: Group, *, opens: bool) -> None:
    """Whether shares with a content note stand open for the actor."""
    own_membership(session, actor, group.id).opens_notes = opens
    session.flush()


def _put_down(session: Session, actor: Identity, member: Membership, *, now: datetime) -> None:
    member.roles = [role for role in member.roles if role != Role.SHARE_READER.value]
    session.flush()
    audit.record(session, actor, "membership.reads_no_more", now=now, group_id=member.group_id, membership=member.id)
