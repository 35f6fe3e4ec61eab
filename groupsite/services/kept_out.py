"""Names that a member never wants to be let in with: kept so that nobody can read them, herself included.

Nothing is written into the audit trail: that somebody in the group is afraid of somebody is nobody else's to know.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from groupsite.domain.errors import Conflict, InvalidInput
from groupsite.domain.kept_out import MOST_NAMES, checked_forms, forms_of
from groupsite.domain.permissions import Identity
from groupsite.domain.words import MembershipState
from groupsite.mail.vault import Vault
from groupsite.models import Group, Membership, NameKeptOut
from groupsite.queries.joining import months_of_names
from groupsite.services.memberships import own_membership


def keep_out(session: Session, actor: Identity, group: Group, name: str, *, vault: Vault, now: datetime) -> None:
    """Somebody with this name is not let in without a second look. A name that is there already changes nothing.

    Raises InvalidInput for `name`, and Conflict when there is no room for one more.
    """
    forms = checked_forms(name)
    member = own_membership(session, actor, group.id)
    if len(months_of_names(session, member.id)) >= MOST_NAMES:
        raise Conflict(f"You have {MOST_NAMES} names here, and that is the most. Please remove one first.")
    row = insert(NameKeptOut).values(
        membership_id=member.id,
        name_mark=vault.name_mark(group.id, forms.whole),
        short_marks=sorted(vault.name_mark(group.id, form) for form in forms.short),
        added_month=date(now.year, now.month, 1),
    )
    session.execute(row.on_conflict_do_nothing(index_elements=["membership_id", "name_mark"]))


def remove(session: Session, actor: Identity, group: Group, name: str, *, vault: Vault) -> None:
    """Remove one of the actor's own names, by typing it again. Raises InvalidInput for `name`."""
    forms = checked_forms(name)
    mine = delete(NameKeptOut).where(
        NameKeptOut.membership_id == own_membership(session, actor, group.id).id,
        NameKeptOut.name_mark == vault.name_mark(group.id, forms.whole),
    )
    if session.scalar(mine.returning(NameKeptOut.id)) is None:
        raise InvalidInput("name", "This name is not among yours. Please type it as you did then.")


def remove_all(session: Session, actor: Identity, group: Group) -> None:
    member = own_membership(session, actor, group.id)
    session.execute(delete(NameKeptOut).where(NameKeptOut.membership_id == member.id))


def is_kept_out(session: Session, group_id: UUID, name: str, *, vault: Vault) -> bool:
    """Whether a member of the group keeps this name out. It is never said who, or which name it was. One query."""
    forms = forms_of(name)
    if forms is None:
        return False
    whole, short = vault.name_mark(group_id, forms.whole), [vault.name_mark(group_id, form) for form in forms.short]
    kept = (
        select(NameKeptOut.id)
        .join(Membership, Membership.id == NameKeptOut.membership_id)
        .where(Membership.group_id == group_id, Membership.state == MembershipState.ACTIVE)
        .where(or_(NameKeptOut.name_mark.in_([whole, *short]), NameKeptOut.short_marks.contains([whole])))
    )
    return session.scalar(kept.limit(1)) is not None
