"""The pages of one's own account."""

from groupsite.web.accounts import addresses, confirming, copies, entry, recovery, reminders, security
from groupsite.web.accounts.blueprint import blueprint

__all__ = ["addresses", "blueprint", "confirming", "copies", "entry", "recovery", "reminders", "security"]
