"""Stopping mail from the mail itself: the link's token says which membership, and nothing else is asked."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from groupsite.domain.permissions import VISITOR, Identity
from groupsite.domain.tokens import token_hash
from groupsite.models import Account, Membership
from groupsite.queries.subjects import Subject
from groupsite.services import audit, waiting
from groupsite.services.desk import Desk

ROLE = "stop"
"""Behind the plus sign of our address: mail sent there asks to stop."""
EVERYTHING = "all"
"""Before the token in such a mail, and behind it in an address: not this group alone."""


def links(subjects: Sequence[Subject], desk: Desk) -> dict[str, str]:
    """Where a reader can stop this mail, and all mail. Empty addresses for mail that belongs to no membership."""
    tokens = _tokens(subjects, desk)
    if not tokens:
        return {"stop": "", "stop_all": ""}
    page = f"{desk.site.base_url}/u/{tokens[0]}"
    return {"stop": page if len(tokens) == 1 else "", "stop_all": f"{page}/{EVERYTHING}"}


def one_click(subjects: Sequence[Subject], desk: Desk) -> tuple[str, ...]:
    """Where a mail program can stop it, with one POST (RFC 8058) and by a mail (RFC 2369): what is about several groups, all."""
    tokens = _tokens(subjects, desk)
    if not tokens:
        return ()
    found, written = links(subjects, desk), tokens[0] if len(tokens) == 1 else f"{EVERYTHING}%20{tokens[0]}"
    local, _, domain = desk.sender.partition("@")
    return (found["stop"] or found["stop_all"], f"mailto:{local}+{ROLE}@{domain}?subject={written}")


def _tokens(subjects: Sequence[Subject], desk: Desk) -> list[str]:
    """One for each membership that the mail is about."""
    members = dict.fromkeys(one.membership.id for one in subjects if one.membership is not None)
    return [desk.vault.token("unsubscribe", one) for one in members]


def stop_mail(session: Session, token: str, *, everything: bool = False, now: datetime) -> bool:
    """No reminders and no invites any more for this membership, or for all of its account, what waits included.

    An unknown token changes nothing; says whether there was one.
    """
    member = session.scalar(
        select(Membership).where(Membership.unsubscribe_hash == token_hash(token)).with_for_update(key_share=True)
    )
    if member is None:
        return False
    if everything:
        stop_all(session, member.account_id)
    else:
        member.lead_minutes, member.wants_invites = [], False
        waiting.take_back_all(session, member)
    session.flush()
    event, group_id = ("account.mail_stopped", None) if everything else ("membership.mail_stopped", member.group_id)
    audit.record(session, VISITOR, event, now=now, group_id=group_id)
    return True


def stop_own_mail(session: Session, actor: Identity, account: Account, *, now: datetime) -> None:
    """The same, asked for on the page."""
    stop_all(session, account.id)
    session.flush()
    audit.record(session, actor, "account.mail_stopped", now=now)


def never_contact(session: Session, actor: Identity, account: Account, *, is_on: bool, now: datetime) -> None:
    """Nothing is sent to this account, whatever else it has chosen or will choose; or again as it has chosen."""
    account.never_contact = is_on
    if is_on:
        waiting.take_back_all(session, account)
    else:
        waiting.owe_anew(session, account, now=now)
    audit.record(session, actor, "account.never_contact_set", now=now, is_on=is_on)
    session.flush()


def stop_all(session: Session, account_id: UUID) -> None:
    """No reminders and no invites of any group, what waits included."""
    stopped = update(Membership).where(Membership.account_id == account_id)
    session.execute(stopped.values(lead_minutes=[], wants_invites=False))
    waiting.take_back_of_all_groups(session, account_id)
