"""Opening an account from the page: the account, and a link to the address if one was given."""

from datetime import datetime

from sqlalchemy.orm import Session

from groupsite.mail.vault import Vault
from groupsite.models import Account
from groupsite.queries.identities import identity_of
from groupsite.services import accounts, addresses


def sign_up(
    session: Session, *, login: str, password: str, email: str, is_adult: bool, vault: Vault, now: datetime
) -> Account:
    """A new account. Raises InvalidInput for the field that is wrong, Conflict when the login is taken."""
    address = addresses.checked_address(email) if email else ""
    account = accounts.create(session, login=login, password=password, is_adult=is_adult, now=now)
    if address:
        addresses.ask(session, identity_of(session, account), address, vault=vault, now=now)
    return account
