"""Being in a group under a name, choosing what to be told, leaving: each one step, none with a reason."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from groupsite.domain.errors import Conflict, InvalidInput, NotAllowed
from groupsite.domain.permissions import Identity
from groupsite.domain.tokens import token_hash
from groupsite.domain.words import ListingState, MembershipState, Role
from groupsite.mail.vault import Vault
from groupsite.models import OPEN, Account, Delivery, Group, Membership, NameKeptOut, ShareReport, WrittenShare
from groupsite.queries.apart import is_visible_to
from groupsite.services import audit, hiding, invites, outbox, waiting

OFFERED_LEADS = (1440, 60)
"""Minutes before a meeting that pages offer; other leads that somebody has are kept."""
UNSUBSCRIBE = "unsubscribe"


class LastSecretary(Conflict):
    """Nobody would be left to run a group that still has members; the page says so and asks again."""


def enrol(
    session: Session,
    group_id: UUID,
    account_id: UUID,
    display_name: str,
    *,
    vault: Vault,
    now: datetime,
    roles: Collection[Role] = (),
) -> Membership:
    """An active membership of this account, new or come back, under a checked name. Raises Conflict if it is taken."""
    member = _own_row(session, group_id, account_id, vault=vault)
    if member.state is MembershipState.ACTIVE:
        return member
    take_in(session, member, display_name, now=now)
    member.roles = [str(role) for role in roles]
    session.flush()
    return member


def ask(
    session: Session, group_id: UUID, account_id: UUID, display_name: str, *, vault: Vault, now: datetime
) -> Membership:
    """A membership that waits to be let in, under a checked name. Raises Conflict if it is taken."""
    member = _own_row(session, group_id, account_id, vault=vault)
    _call(session, member, display_name)
    member.state, member.roles, member.was_declined = MembershipState.REQUESTED, [], False
    member.asked_on, member.joined_month, member.reminders_since = now.date(), date(now.year, now.month, 1), now
    session.add(member)
    session.flush()
    return member


def take_in(session: Session, member: Membership, display_name: str, *, now: datetime) -> None:
    """Make it an active membership from today on; nothing of a request is kept. Raises Conflict if the name is taken."""
    _call(session, member, display_name)
    member.state = MembershipState.ACTIVE
    member.asked_on, member.needs_care, member.was_declined = None, False, False
    member.joined_month, member.reminders_since = date(now.year, now.month, 1), now
    session.add(member)


def _own_row(session: Session, group_id: UUID, account_id: UUID, *, vault: Vault) -> Membership:
    """The account's membership in the group in whatever state, or a new one that is not stored yet."""
    member = session.scalar(
        select(Membership).where(Membership.group_id == group_id, Membership.account_id == account_id)
    )
    if member is None:
        member = Membership(id=uuid4(), group_id=group_id, account_id=account_id, lead_minutes=[], wants_invites=False)
        member.needs_care, member.unsubscribe_hash = False, token_hash(vault.token(UNSUBSCRIBE, member.id))
    return member


def _call(session: Session, member: Membership, display_name: str) -> None:
    if name_is_taken(session, member.group_id, display_name, apart_from=member.id):
        raise Conflict("Somebody in this group has this name already. Please choose another one.")
    member.display_name = display_name


def name_is_taken(session: Session, group_id: UUID, display_name: str, *, apart_from: UUID | None = None) -> bool:
    """Whether somebody else in the group goes by this name, however it is written in capitals."""
    same = select(Membership.id).where(
        Membership.group_id == group_id,
        Membership.state != MembershipState.LEFT,
        func.lower(Membership.display_name) == func.lower(display_name),
    )
    return any(found != apart_from for found in session.scalars(same))


def leave(session: Session, actor: Identity, group: Group, *, anyway: bool = False, now: datetime) -> None:
    """End the membership: the name is free again, shares are gone, nothing more is sent.

    Raises LastSecretary when nobody else could run a group that has other members, unless `anyway`.
    """
    member = own_membership(session, actor, group.id)
    _let_go(session, member, anyway=anyway)
    member.state, member.display_name, member.roles = MembershipState.LEFT, "", []
    session.execute(delete(WrittenShare).where(WrittenShare.membership_id == member.id))
    session.execute(delete(ShareReport).where(ShareReport.reporter_id == member.id))
    session.execute(delete(NameKeptOut).where(NameKeptOut.membership_id == member.id))
    hiding.forget_name(session, member)
    waiting.take_back_all(session, member)
    session.flush()
    outbox.member_left(session, membership_id=member.id, now=now)
    member.wants_invites, member.lead_minutes = False, []
    session.flush()
    audit.record(session, actor, "membership.left", now=now, group_id=group.id)


def let_run(session: Session, actor: Identity, group: Group, display_name: str, *, now: datetime) -> None:
    """Let another member run the group too. It asks nothing of them, and they can put it down in one step."""
    member = hiding.member_called(session, actor, group, display_name)
    if Role.SECRETARY.value not in member.roles:
        member.roles = [*member.roles, Role.SECRETARY.value]
    session.flush()
    audit.record(session, actor, "membership.may_run", now=now, group_id=group.id, membership=member.id)


def step_down(session: Session, actor: Identity, group: Group, *, anyway: bool = False, now: datetime) -> None:
    """Stop running the group and stay in it. Raises LastSecretary as `leave` does."""
    member = own_membership(session, actor, group.id)
    _let_go(session, member, anyway=anyway)
    member.roles = [role for role in member.roles if role != Role.SECRETARY.value]
    session.flush()
    audit.record(session, actor, "membership.stepped_down", now=now, group_id=group.id)


def choose_reminders(
    session: Session, actor: Identity, group: Group, *, leads: Collection[int], wants_invites: bool, now: datetime
) -> None:
    """Set which of the offered leads (minutes before the start) and whether invites are wanted. Raises InvalidInput."""
    member = own_membership(session, actor, group.id)
    if not set(leads) <= set(OFFERED_LEADS):
        raise InvalidInput("leads", "Please choose from the times on the page.")
    kept = {lead for lead in member.lead_minutes if lead not in OFFERED_LEADS}
    wanted = sorted(kept | set(leads), reverse=True)
    if not set(wanted) <= set(member.lead_minutes) or (wants_invites and not member.wants_invites):
        member.reminders_since = now
    member.lead_minutes = wanted
    waiting.follow_leads(session, member, now=now)
    had_invites, member.wants_invites = member.wants_invites, wants_invites
    session.flush()
    if wants_invites and not had_invites:
        invites.ask_again(session, member.id)
        outbox.invites_chosen(session, membership_id=member.id, now=now)
    if had_invites and not wants_invites:
        outbox.invites_declined(session, membership_id=member.id, now=now)
    audit.record(session, actor, "membership.reminders_chosen", now=now, group_id=group.id)


def mark_groups_left_alone(session: Session, account_id: UUID) -> None:
    """Listings that this account alone runs are shown as unconfirmed: nobody vouches for them any more."""
    run = select(Membership).where(
        Membership.account_id == account_id,
        Membership.state == MembershipState.ACTIVE,
        Membership.roles.contains([Role.SECRETARY.value]),
    )
    alone = [member.group_id for member in session.scalars(run) if _is_left_alone(session, member)]
    _ask_for_confirmation(session, alone)


def forget_left(session: Session) -> int:
    """Remove memberships that have ended, are owed no more message and were not asked for lately; returns how many.

    Those of deleted accounts have much that hangs on them, and go in batches (services/erasure.py).
    """
    owed = select(Delivery.id).where(Delivery.membership_id == Membership.id, Delivery.state.in_(OPEN))
    deleted = select(Account.id).where(Account.id == Membership.account_id, Account.deleted_at.is_not(None))
    over = Membership.state == MembershipState.LEFT, Membership.asked_on.is_(None), ~owed.exists(), ~deleted.exists()
    gone = delete(Membership).where(*over).returning(Membership.id)
    return len(session.scalars(gone).all())


def own_membership(session: Session, actor: Identity, group_id: UUID) -> Membership:
    """The actor's active membership, locked for the change at hand. Raises NotAllowed."""
    belonging = actor.in_group(group_id)
    member = (
        session.get(Membership, belonging.membership_id, with_for_update={"key_share": True}) if belonging else None
    )
    if member is None or member.state is not MembershipState.ACTIVE:
        raise NotAllowed("You are not in this group.")
    return member


def _let_go(session: Session, member: Membership, *, anyway: bool) -> None:
    """A group that nobody else could run is not left by accident, and its listing says so afterwards.

    The question counts those whom the member can see: one who hides must not be given away by it. The listing tells the truth.
    """
    seen = is_visible_to(member.account_id, group_id=Membership.group_id, account_id=Membership.account_id)
    if not anyway and _is_left_alone(session, member, seen) and _others(session, member, seen):
        raise LastSecretary("You are the only one who runs this group.")
    if _is_left_alone(session, member):
        _ask_for_confirmation(session, [member.group_id])


def _is_left_alone(session: Session, member: Membership, *among: ColumnElement[bool]) -> bool:
    """Whether nobody else (`among` these) runs the group that this member runs."""
    if Role.SECRETARY.value not in member.roles:
        return False
    return _others(session, member, Membership.roles.contains([Role.SECRETARY.value]), *among) == 0


def _others(session: Session, member: Membership, *among: ColumnElement[bool]) -> int:
    """How many other people (`among` these) are in the member's group."""
    others = select(func.count()).where(
        Membership.group_id == member.group_id,
        Membership.id != member.id,
        Membership.state == MembershipState.ACTIVE,
        *among,
    )
    return session.scalar(others) or 0


def _ask_for_confirmation(session: Session, group_ids: Collection[UUID]) -> None:
    session.execute(
        update(Group)
        .where(Group.id.in_(group_ids), Group.listing_state == ListingState.ACTIVE)
        .values(listing_state=ListingState.UNCONFIRMED)
    )
