"""Hide from somebody, in one group: at once, both ways, and told to nobody.

Nothing is written into the audit trail: facilitators may read there what happens in a group, and must not learn of this.
"""

from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from groupsite.domain.errors import InvalidInput, NotAllowed, NotFound
from groupsite.domain.names import checked_display_name
from groupsite.domain.permissions import Identity
from groupsite.domain.words import MembershipState
from groupsite.models import Group, HiddenFrom, Membership
from groupsite.queries.apart import is_visible_to

NOBODY = "Nobody in this group goes by this name now."
GONE = "This is not on your list any more."


def hide_from(session: Session, actor: Identity, member: Membership) -> None:
    """From now on the actor and this member do not see each other in their group. Doing it twice changes nothing.

    Raises NotFound for oneself, NotAllowed for somebody who is not in the group.
    """
    hider = _in_group(actor, member.group_id)
    if member.account_id == hider:
        raise NotFound("These words are your own.")
    pair = {"group_id": member.group_id, "hider_id": hider, "other_id": member.account_id}
    statement = insert(HiddenFrom).values(pair)
    named_again = {"index_elements": ["hider_id", "other_id", "group_id"], "set_": {"is_named": True}}
    session.execute(statement.on_conflict_do_update(**named_again))  # type: ignore[arg-type]  # one keyword each


def show_again(session: Session, actor: Identity, group: Group, hiding_id: UUID) -> None:
    """Take one hiding back. If the other one hides too, nothing can be seen of it. Raises NotFound."""
    mine = delete(HiddenFrom).where(
        HiddenFrom.id == hiding_id,
        HiddenFrom.group_id == group.id,
        HiddenFrom.hider_id == _in_group(actor, group.id),
    )
    if session.scalar(mine.returning(HiddenFrom.id)) is None:
        raise NotFound(GONE)


def forget_name(session: Session, member: Membership) -> None:
    """The member leaves: whoever hides from them is not told under which name they come back."""
    session.execute(
        update(HiddenFrom)
        .where(HiddenFrom.group_id == member.group_id, HiddenFrom.other_id == member.account_id)
        .values(is_named=False)
    )


def member_called(session: Session, actor: Identity, group: Group, name: str) -> Membership:
    """The member of this name, as somebody typed it, whom the actor can see. Raises NotFound."""
    try:
        name = checked_display_name(name)
    except InvalidInput:
        raise NotFound(NOBODY) from None
    member = session.scalar(
        select(Membership)
        .where(
            Membership.group_id == group.id,
            Membership.state == MembershipState.ACTIVE,
            func.lower(Membership.display_name) == func.lower(name),
            is_visible_to(actor.account_id, group_id=Membership.group_id, account_id=Membership.account_id),
        )
        .with_for_update()
    )
    if member is None:
        raise NotFound(NOBODY)
    return member


def _in_group(actor: Identity, group_id: UUID) -> UUID:
    if actor.account_id is None or actor.in_group(group_id) is None:
        raise NotAllowed("You are not in this group.")
    return actor.account_id
