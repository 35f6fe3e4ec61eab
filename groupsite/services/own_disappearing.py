"""Going out of sight from one's own page."""

from datetime import datetime

from sqlalchemy.orm import Session

from groupsite.domain.disappearing import Extent
from groupsite.domain.errors import InvalidInput
from groupsite.domain.permissions import Identity
from groupsite.models import Account
from groupsite.services import recovery
from groupsite.services.accounts import confirm_password, own_account
from groupsite.services.disappearing import disappear

NO_WAY_BACK = "You have no recovery codes left, and without one you could not come back. Please make some first."


def go(session: Session, actor: Identity, extent: Extent, *, password: str, now: datetime) -> None:
    """Out of sight, at once. The password is asked only for what cannot be taken back.

    Raises InvalidInput for `password`, and for `extent` as `check_way_back` does; then nothing has happened.
    """
    account = own_account(session, actor)
    check_way_back(session, account, extent)
    if extent is Extent.DELETE:
        confirm_password(account, password, field="password")
    disappear(session, actor, account, extent, now=now)


def check_way_back(session: Session, account: Account, extent: Extent) -> None:
    """Raises InvalidInput for `extent`: nobody goes into hiding who could not come out of it."""
    if extent is Extent.HIDE and not recovery.codes_left(session, account):
        raise InvalidInput("extent", NO_WAY_BACK)
