"""Coming into a group: at once, by asking, or with a code; and what those who run it answer."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from groupsite.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from groupsite.domain.joining import may_ask_again_on, oldest_that_stands
from groupsite.domain.names import checked_display_name
from groupsite.domain.permissions import Identity
from groupsite.domain.wording import date_words
from groupsite.domain.words import Joining, MembershipState
from groupsite.mail.vault import Vault
from groupsite.models import Group, Membership
from groupsite.queries.apart import is_visible_to
from groupsite.queries.memberships import enrolment_problem
from groupsite.services import audit, invite_codes, kept_out, memberships
from groupsite.services.publishing import hold_group

NOBODY_WAITS = "Nobody waits here under this name any more."


def join(
    session: Session, actor: Identity, group: Group, display_name: str, *, code: str = "", vault: Vault, now: datetime
) -> Membership:
    """Make the actor a member under this name, or let the actor wait for those who run the group.

    Raises InvalidInput for `display_name` and `code`, and Conflict when the name is taken, when the group is full or closed for
    new people, and when the group has not taken up a request of the last 30 days.
    """
    if actor.account_id is None:
        raise NotAllowed("Please sign in first. Nothing was changed.")
    name = checked_display_name(display_name)
    hold_group(session, group)
    earlier = _own(session, actor, group)
    if earlier is not None and (earlier.state is MembershipState.ACTIVE or _stands(earlier, now)):
        return earlier
    problem = enrolment_problem(session, group, now=now)
    if problem:
        raise Conflict(problem)
    may_enter = _is_let_in(session, group, code, earlier, now=now)
    needs_care = kept_out.is_kept_out(session, group.id, name, vault=vault) or _needed_care(earlier, now)
    enter = memberships.enrol if may_enter and not needs_care else memberships.ask
    member = enter(session, group.id, actor.account_id, name, vault=vault, now=now)
    member.needs_care = needs_care
    session.flush()
    is_in = member.state is MembershipState.ACTIVE
    audit.record(session, actor, "membership.joined" if is_in else "membership.asked", now=now, group_id=group.id)
    return member


def choose_joining(session: Session, actor: Identity, group: Group, joining: Joining, *, now: datetime) -> None:
    """From now on people come in this way. Who waits already goes on waiting."""
    group.joining = joining
    session.flush()
    audit.record(session, actor, "group.joining_chosen", now=now, group_id=group.id, joining=joining)


def take_back(session: Session, actor: Identity, group: Group, *, now: datetime) -> None:
    """End the actor's own request; a new one can follow at once. Nothing happens if there is none."""
    member = _own(session, actor, group)
    if member is not None and member.state is MembershipState.REQUESTED:
        member.state, member.display_name = MembershipState.LEFT, ""
        session.flush()
        audit.record(session, actor, "membership.request_taken_back", now=now, group_id=group.id)


def admit(session: Session, actor: Identity, group: Group, request_id: UUID, *, now: datetime) -> None:
    """Let in somebody who waits. Raises NotFound, and Conflict when the group is full or closed for new people."""
    hold_group(session, group)
    member = _waiting(session, actor, group, request_id, now=now)
    problem = enrolment_problem(session, group, now=now)
    if problem:
        raise Conflict(problem)
    memberships.take_in(session, member, member.display_name, now=now)
    session.flush()
    audit.record(session, actor, "membership.admitted", now=now, group_id=group.id, membership=member.id)


def decline(session: Session, actor: Identity, group: Group, request_id: UUID, *, now: datetime) -> None:
    """Do not take a request up. No reason is asked or kept, and nothing is sent. Raises NotFound."""
    member = _waiting(session, actor, group, request_id, now=now)
    member.state, member.display_name, member.was_declined = MembershipState.LEFT, "", True
    session.flush()
    audit.record(session, actor, "membership.not_taken_up", now=now, group_id=group.id)


def forget_requests(session: Session, *, today: date) -> None:
    """Requests that nobody answered for 30 days fall away, and what was kept of others with them."""
    nothing_more = {"asked_on": None, "needs_care": False, "was_declined": False}
    old = update(Membership).where(
        Membership.state.in_((MembershipState.REQUESTED, MembershipState.LEFT)),
        Membership.asked_on < oldest_that_stands(today),
    )
    session.execute(old.values(state=MembershipState.LEFT, display_name="", **nothing_more))


def _is_let_in(session: Session, group: Group, code: str, earlier: Membership | None, *, now: datetime) -> bool:
    """Whether the door is open, or the code opens it. A request that was not taken up closes it for a while, except to a code."""
    if group.joining is not Joining.OPEN and (code.strip() or group.joining is Joining.BY_INVITE):
        invite_codes.redeem(session, group, code, now=now)
        return True
    if earlier is not None and earlier.was_declined and _is_recent(earlier, now):
        again = date_words(may_ask_again_on(earlier.asked_on or now.date()))
        raise InvalidInput("display_name", f"You can ask again from {again}.")
    return group.joining is Joining.OPEN


def _needed_care(earlier: Membership | None, now: datetime) -> bool:
    """Another name a moment later does not open the door that was closed to the first one."""
    return earlier is not None and earlier.needs_care and _is_recent(earlier, now)


def _stands(member: Membership, now: datetime) -> bool:
    return member.state is MembershipState.REQUESTED and _is_recent(member, now)


def _is_recent(member: Membership, now: datetime) -> bool:
    return member.asked_on is not None and member.asked_on >= oldest_that_stands(now.date())


def _own(session: Session, actor: Identity, group: Group) -> Membership | None:
    """The actor's membership in whatever state, locked for the change at hand."""
    mine = select(Membership).where(Membership.group_id == group.id, Membership.account_id == actor.account_id)
    return session.scalar(mine.with_for_update())


def _waiting(session: Session, actor: Identity, group: Group, request_id: UUID, *, now: datetime) -> Membership:
    member = session.scalar(
        select(Membership)
        .where(
            Membership.id == request_id,
            Membership.group_id == group.id,
            is_visible_to(actor.account_id, group_id=Membership.group_id, account_id=Membership.account_id),
        )
        .with_for_update()
    )
    if member is None or not _stands(member, now):
        raise NotFound(NOBODY_WAITS)
    return member
