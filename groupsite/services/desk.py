"""What every letter needs."""

from dataclasses import dataclass

from groupsite.mail.vault import Vault
from groupsite.services.calendars import Site


@dataclass(frozen=True, slots=True)
class Desk:
    """How the site is named, its own address, its secrets."""

    site: Site
    sender: str
    vault: Vault
