"""What a page is about, in the words of the permission map."""

from groupsite.domain.errors import NotFound
from groupsite.domain.permissions import Permission, Target, permits
from groupsite.extensions import db
from groupsite.models import Group
from groupsite.queries.groups import NO_GROUP, group_named
from groupsite.web.auth import viewer


def group_target(group: Group) -> Target:
    return Target(group_id=group.id, listing_state=group.listing_state, is_listing_only=group.origin is not None)


def group_at(slug: str) -> Group:
    """The group at this address. Raises NotFound, also for one that the viewer must not know of.

    Whatever else the address names is looked up after this, so that nothing shows whether there is such a group.
    """
    group = group_named(db.session(), slug)
    if not permits(viewer(), Permission.SEE_LISTING, group_target(group)):
        raise NotFound(NO_GROUP)
    return group
