"""The pages of one's own account."""

from groupsite.web.accounts import (
    addresses,
    app_codes,
    coming_in,
    confirming,
    copies,
    entry,
    links,
    recovery,
    reminders,
    returning,
    security,
    ways,
)
from groupsite.web.accounts.blueprint import blueprint

__all__ = [
    "addresses", "app_codes", "blueprint", "coming_in", "confirming", "copies", "entry", "links", "recovery", "reminders",
    "returning", "security", "ways",
]  # fmt: skip
