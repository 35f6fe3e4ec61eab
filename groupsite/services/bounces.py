"""Mail that came back: which of ours it was is proved by the address that it came back to, and never read from its text."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from groupsite.domain.bounces import Fault
from groupsite.logging import get_logger
from groupsite.mail.vault import TAG_LENGTH, Vault
from groupsite.models import Account, Delivery, DeliveryKind, SingleUseToken
from groupsite.services import suppression
from groupsite.services.desk import Desk

PURPOSE = "bounce"
ROLE = "b"
ROLE_LENGTH = len(ROLE) + TAG_LENGTH


def return_path(delivery_id: UUID, desk: Desk) -> str:
    """Where this delivery comes back to (VERP): nobody can make such an address but we."""
    local, _, domain = desk.sender.partition("@")
    return f"{local}+{ROLE}{desk.vault.tag(PURPOSE, delivery_id)}@{domain}"


def is_role(role: str) -> bool:
    """Whether this part behind the plus sign is that of a return path, proved or not."""
    return len(role) == ROLE_LENGTH and role.startswith(ROLE)


def delivery_of(role: str, vault: Vault) -> UUID | None:
    """The delivery whose return path has this role, or None for one that we never wrote."""
    return vault.tagged(PURPOSE, role.removeprefix(ROLE)) if is_role(role) else None


def note(session: Session, delivery_id: UUID, fault: Fault, vault: Vault, *, now: datetime) -> bool:
    """Keep why this delivery, and what its mail carried, came back, and blame its address if that is to blame.

    False if there is nothing to keep it for: the row is gone or never left, or its address has been confirmed, changed or
    removed since.
    """
    row = session.get(Delivery, delivery_id, with_for_update=True)
    address = _address(session, row, vault) if row is not None and row.attempt else None
    if row is None or address is None:
        return False
    row.came_back = fault
    carried = update(Delivery).where(Delivery.account_id == row.account_id, Delivery.carrier_id == row.id)
    session.execute(carried.values(came_back=fault))
    suppression.blame(session, vault.address_mark(address), fault, now=now)
    session.flush()
    get_logger().warning("mail_came_back", delivery_id=str(row.id), reason=fault.value)
    return True


def _address(session: Session, row: Delivery, vault: Vault) -> str | None:
    """Where it went, if that is still known and nobody has read mail there since."""
    if row.kind is DeliveryKind.CONFIRM_EMAIL:
        link = session.get(SingleUseToken, row.token_id) if row.token_id else None
        return vault.open(link.email_sealed) if link is not None and link.email_sealed else None
    account = session.get_one(Account, row.account_id)
    left_at = row.handed_over_at or row.sent_at or row.due_at
    if account.email_sealed is None or account.email_confirmed_at is None or account.email_confirmed_at > left_at:
        return None
    return vault.open(account.email_sealed)
