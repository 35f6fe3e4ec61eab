"""Whose account a page is about: always the viewer's own."""

from uuid import UUID

from groupsite.domain.errors import NotAllowed
from groupsite.domain.permissions import Identity


def own_id(identity: Identity) -> UUID:
    """The account's id. Raises NotAllowed for a visitor, whom the permission has turned away already."""
    if identity.account_id is None:
        raise NotAllowed("Please sign in first. Nothing was changed.")
    return identity.account_id
