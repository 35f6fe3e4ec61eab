"""The demo: made-up people of the group file's `personas`, with accounts that anybody who runs `make run` can open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.errors import Conflict
from groupsite.domain.permissions import VISITOR
from groupsite.domain.words import Role
from groupsite.formats.group_file_values import Channel, GroupFile, PersonaRecord
from groupsite.mail.vault import Vault
from groupsite.models import Account, Group, WrittenShare
from groupsite.services import credentials, group_files, memberships

PASSWORD = "seven quiet lanterns"  # noqa: S105  printed by `demo show`; never on a real site
ADMIN = "keeper"
RUNS = {
    "marisol": "tuesday-lantern",
    "dev": "twelve-lamps-step-circle",
    "hine": "kowhai-women",
    "oisin": "after-the-late-shift",
}
SHARES = {
    ("charlene", "tuesday-lantern"): "I sat in the car for ten minutes. Then I went in. **Nobody asked me anything.**",
    ("dev", "always-on-circle"): "Today I noticed that I was about to fix something that was not mine.\n\nI made tea.",
}
SHARES_LAST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One line of `demo show`. `runs` is the slug of the group that this person runs, if any."""

    login: str
    display_name: str
    runs: str = ""
    is_admin: bool = False


def load(session: Session, document: GroupFile, *, now: datetime, vault: Vault) -> list[group_files.Loaded]:
    """Groups and people into an empty database. Raises Conflict when there is a group or an account already."""
    if session.scalar(select(Group.id).limit(1)) or session.scalar(select(Account.id).limit(1)):
        raise Conflict("There are groups or accounts already. The demo is only loaded into an empty database.")
    loaded = group_files.load(session, VISITOR, document, now=now)
    load_people(session, document, now=now, vault=vault)
    return loaded


def load_people(session: Session, document: GroupFile, *, now: datetime, vault: Vault) -> None:
    """Accounts, memberships and a few shares for the personas; their groups are there already."""
    groups = {group.slug: group for group in session.scalars(select(Group))}
    password_hash = credentials.hashed(PASSWORD)
    session.add(_account(ADMIN, password_hash, now, is_admin=True))
    for persona in document.personas:
        account = _account(persona.handle, password_hash, now)
        _wishes(account, persona, vault, now)
        session.add(account)
        session.flush()
        for slug in persona.memberships:
            _enrol(session, persona, account, groups[slug], vault=vault, now=now)
    session.flush()


def sign_ins(document: GroupFile) -> list[SignIn]:
    people = [SignIn(one.handle, one.display_name, RUNS.get(one.handle, "")) for one in document.personas]
    return [*people, SignIn(ADMIN, ADMIN, is_admin=True)]


def _account(login: str, password_hash: str, now: datetime, *, is_admin: bool = False) -> Account:
    return Account(login=login, password_hash=password_hash, is_admin=is_admin, adult_confirmed_at=now, created_at=now)


def _wishes(account: Account, persona: PersonaRecord, vault: Vault, now: datetime) -> None:
    account.timezone = persona.timezone
    wishes = persona.reminders
    if wishes is None:
        return
    account.discreet, account.discreet_title = wishes.discreet, wishes.discreet_title
    account.quiet_from, account.quiet_until = wishes.quiet_from, wishes.quiet_until
    if wishes.channel is Channel.EMAIL:
        account.email_sealed = vault.seal(f"{persona.handle}@example.org")
        account.email_confirmed_at, account.safe_on = now, now.date()


def _enrol(
    session: Session, persona: PersonaRecord, account: Account, group: Group, *, vault: Vault, now: datetime
) -> None:
    roles = (Role.SECRETARY,) if RUNS.get(persona.handle) == group.slug else ()
    member = memberships.enrol(session, group.id, account.id, persona.display_name, vault=vault, now=now, roles=roles)
    member.lead_minutes = list(persona.reminders.lead_minutes) if persona.reminders else []
    body = SHARES.get((persona.handle, group.slug))
    if body:
        session.add(
            WrittenShare(
                group_id=group.id, membership_id=member.id, body=body, published_at=now, expires_at=now + SHARES_LAST
            )
        )
