"""What a page is about, in the words of the permission map."""

from groupsite.domain.permissions import Target
from groupsite.models import Group


def group_target(group: Group) -> Target:
    return Target(group_id=group.id, listing_state=group.listing_state, is_listing_only=group.origin is not None)
