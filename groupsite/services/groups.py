"""Groups: begun, described, confirmed."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from groupsite.domain.drafts import GroupDraft
from groupsite.domain.errors import NotAllowed
from groupsite.domain.names import checked_display_name
from groupsite.domain.permissions import Identity
from groupsite.domain.slugs import free_slug, refuse_taken, slug_of
from groupsite.domain.words import ListingState, Role
from groupsite.mail.vault import Vault
from groupsite.models import Group, ListingConfirmation, MeetingSeries
from groupsite.services import audit, memberships
from groupsite.services.doorbell import Bell, ask_for_ring
from groupsite.services.page_addresses import add_or_refuse
from groupsite.services.publishing import hold_all


def create_group(
    session: Session, actor: Identity, draft: GroupDraft, *, display_name: str, vault: Vault, now: datetime
) -> Group:
    """Store the group; whoever starts it runs it. Raises InvalidInput, and Conflict for an address that is taken."""
    draft.check()
    if actor.account_id is None:
        raise NotAllowed("Please sign in first. Nothing was changed.")
    name = checked_display_name(display_name)
    wanted = draft.slug or slug_of(draft.name, "group")
    taken = set(session.scalars(select(Group.slug).where(Group.slug.startswith(wanted, autoescape=True))))
    if draft.slug:
        refuse_taken(draft.slug, taken)
    group = Group(
        id=uuid4(),
        slug=free_slug(wanted, taken),
        listing_state=ListingState.ACTIVE,
        confirmed_on=now.date(),
        audience=[],
        type_codes=[],
        created_at=now,
        **_listing(draft),
        changed_at=now,
    )
    add_or_refuse(session, group)
    memberships.enrol(session, group.id, actor.account_id, name, vault=vault, now=now, roles=(Role.SECRETARY,))
    audit.record(session, actor, "group.created", now=now, group_id=group.id)
    return group


def describe_group(session: Session, actor: Identity, group: Group, draft: GroupDraft, *, now: datetime) -> None:
    """Change what the listing says; its address stays. Raises InvalidInput."""
    draft.check()
    is_renamed = group.name != " ".join(draft.name.split())
    if is_renamed:
        hold_all(session, Group.id == group.id)
    for name, value in _listing(draft).items():
        setattr(group, name, value)
    group.changed_at = now
    session.flush()
    if is_renamed:
        renew_calendars(session, group, now=now)
    audit.record(session, actor, "group.described", now=now, group_id=group.id)


def renew_calendars(session: Session, group: Group, *, now: datetime) -> None:
    """The group has another name: calendars say it before each title, so their lines are written anew."""
    named_anew = {"calendar_block": None, "block_renews_at": None, "changed_at": now, "rule_changed_at": now}
    session.execute(update(MeetingSeries).where(MeetingSeries.group_id == group.id).values(named_anew))
    ask_for_ring(session, Bell.LINES)


def confirm_listing(session: Session, actor: Identity, group: Group, *, now: datetime) -> None:
    """Say that everything on the page is right today; a listing in doubt is sure again."""
    group.confirmed_on = now.date()
    group.changed_at = now
    if group.listing_state in {ListingState.UNCONFIRMED, ListingState.UNDER_REVIEW}:
        group.listing_state = ListingState.ACTIVE
    session.add(ListingConfirmation(group_id=group.id, by_role=Role.SECRETARY, confirmed_at=now))
    session.flush()
    audit.record(session, actor, "group.confirmed", now=now, group_id=group.id)


def _listing(draft: GroupDraft) -> dict[str, object]:
    return {
        "name": " ".join(draft.name.split()),
        "family": draft.family,
        "attendance": draft.attendance,
        "summary": draft.summary.strip(),
        "city": draft.city.strip(),
        "arrival_note": draft.arrival_note.strip(),
        "holidays": draft.holidays,
        "locale": draft.locale,
    }
