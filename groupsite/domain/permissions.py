"""Who may do what: one enum, one map to small pure predicates, one `permits` (domain.md, 4.5). Nothing is allowed by default."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from groupsite.domain.words import ListingState, Role


@dataclass(frozen=True, slots=True)
class Belonging:
    """One active membership as the identity carries it."""

    membership_id: UUID
    display_name: str
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks. A visitor has no `account_id` and belongs nowhere."""

    account_id: UUID | None = None
    login: str = ""
    is_admin: bool = False
    belongings: Mapping[UUID, Belonging] = field(default_factory=dict)
    """By group id; active memberships only."""

    def in_group(self, group_id: UUID | None) -> Belonging | None:
        return self.belongings.get(group_id) if group_id else None


VISITOR = Identity()
_TRUSTED_READERS = frozenset({Role.SHARE_READER, Role.SECRETARY})


def is_trusted_reader(identity: Identity, group_id: UUID | None) -> bool:
    """Whether this person reads what is for trusted readers alone, and sees what waits to be looked at."""
    belonging = identity.in_group(group_id)
    return belonging is not None and not belonging.roles.isdisjoint(_TRUSTED_READERS)


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for: a group, and for a member's own things the membership that owns it."""

    group_id: UUID | None = None
    listing_state: ListingState | None = None
    owner_membership_id: UUID | None = None
    is_listing_only: bool = False
    """Taken from a directory file: nobody can join or run it here."""


class Permission(StrEnum):
    SEE_PUBLIC = "see_public"
    SEE_LISTING = "see_listing"
    SEE_OWN_ACCOUNT = "see_own_account"
    JOIN_GROUP = "join_group"
    LEAVE_GROUP = "leave_group"
    CHOOSE_REMINDERS = "choose_reminders"
    ANSWER = "answer"
    READ_SHARES = "read_shares"
    POST_SHARE = "post_share"
    WITHDRAW_SHARE = "withdraw_share"
    LOOK_AT_SHARES = "look_at_shares"
    """Hold or return a share under the guidelines; which ones, and whose, is decided in queries/share_queue."""
    KEEP_APART = "keep_apart"
    """Hide from somebody, and name who must never be let in."""
    READ_TEXTS = "read_texts"
    """Those that the group shows to its members now."""
    FOLLOW_MEETING = "follow_meeting"
    """Look at the clocks of tonight's run sheet."""
    LEAD_MEETING = "lead_meeting"
    """Hold the run sheet, and read the group's formats and all of its texts."""
    CREATE_GROUP = "create_group"
    RUN_GROUP = "run_group"
    RUN_SITE = "run_site"


Predicate = Callable[[Identity, Target], bool]


def permits(identity: Identity, permission: Permission, target: Target | None = None) -> bool:
    """Whether `identity` has `permission` on `target`."""
    return _MAP[permission](identity, target or Target())


def needs_sign_in(permission: Permission) -> bool:
    """Whether a visitor can never have it, so that the page asks for a sign-in first."""
    return permission not in {Permission.SEE_PUBLIC, Permission.SEE_LISTING}


def _anybody(_identity: Identity, _target: Target) -> bool:
    return True


def _listed(identity: Identity, target: Target) -> bool:
    return target.listing_state is not ListingState.DRAFT or _secretary(identity, target) or identity.is_admin


def _signed_in(identity: Identity, _target: Target) -> bool:
    return identity.account_id is not None


def takes_members(target: Target) -> bool:
    """Whether anybody who is signed in can join."""
    is_open = target.listing_state in {ListingState.ACTIVE, ListingState.UNCONFIRMED, ListingState.PAUSED}
    return is_open and not target.is_listing_only


def _can_join(identity: Identity, target: Target) -> bool:
    return _signed_in(identity, target) and takes_members(target)


def _member(identity: Identity, target: Target) -> bool:
    return identity.in_group(target.group_id) is not None


def _owner(identity: Identity, target: Target) -> bool:
    belonging = identity.in_group(target.group_id)
    return belonging is not None and belonging.membership_id == target.owner_membership_id


def _secretary(identity: Identity, target: Target) -> bool:
    belonging = identity.in_group(target.group_id)
    return belonging is not None and Role.SECRETARY in belonging.roles


def _trusted_servant(identity: Identity, target: Target) -> bool:
    belonging = identity.in_group(target.group_id)
    return belonging is not None and bool({Role.TRUSTED_SERVANT, Role.SECRETARY} & belonging.roles)


def _looks_at_shares(identity: Identity, target: Target) -> bool:
    return is_trusted_reader(identity, target.group_id)


def _site_admin(identity: Identity, _target: Target) -> bool:
    return identity.is_admin


_MAP: Mapping[Permission, Predicate] = {
    Permission.SEE_PUBLIC: _anybody,
    Permission.SEE_LISTING: _listed,
    Permission.SEE_OWN_ACCOUNT: _signed_in,
    Permission.JOIN_GROUP: _can_join,
    Permission.LEAVE_GROUP: _member,
    Permission.CHOOSE_REMINDERS: _member,
    Permission.ANSWER: _member,
    Permission.READ_SHARES: _member,
    Permission.POST_SHARE: _member,
    Permission.WITHDRAW_SHARE: _owner,
    Permission.LOOK_AT_SHARES: _looks_at_shares,
    Permission.KEEP_APART: _member,
    Permission.READ_TEXTS: _member,
    Permission.FOLLOW_MEETING: _member,
    Permission.LEAD_MEETING: _trusted_servant,
    Permission.CREATE_GROUP: _signed_in,
    Permission.RUN_GROUP: _secretary,
    Permission.RUN_SITE: _site_admin,
}
