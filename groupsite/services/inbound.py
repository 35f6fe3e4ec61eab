"""Incoming mail: an answer from a calendar program, a wish to stop, or a mail of ours that came back. Each changes what it may.

Nothing is ever answered automatically, and of each mail only how it ended is counted.
"""

import re
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from groupsite.domain.bounces import Fault
from groupsite.domain.words import Answer, MembershipState
from groupsite.domain.zones import to_local
from groupsite.formats import bounce, incoming
from groupsite.formats.imip_reply import DateReply, NotAReply, PartStat, Reply, read_reply
from groupsite.formats.incoming import Incoming, TooLarge, Unreadable, roles_of
from groupsite.mail.vault import Vault
from groupsite.models import Account, InboundCount, Invite, MeetingSeries, Membership, OccurrenceRow, SeriesOverride
from groupsite.services import answers, bounces, feeds, stopping
from groupsite.services.invites import invite_of

DMARC = re.compile(r"\bdmarc\s*=\s*(\w+)", re.IGNORECASE)
ANSWERS = {PartStat.ACCEPTED: Answer.GOING, PartStat.DECLINED: Answer.NOT_THIS_TIME, PartStat.TENTATIVE: None}


class Outcome(StrEnum):
    """How an incoming mail ended."""

    ANSWERED = "answered"
    STOPPED = "stopped"
    NO_ADDRESS = "no_address"
    NO_MAILBOX = "no_mailbox"
    COMPLAINED = "complained"
    NOT_WANTED = "not_wanted"
    NOT_TAKEN = "not_taken"
    IGNORED = "ignored"
    STALE = "stale"
    FORGED = "forged"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"


CAME_BACK = {
    Fault.ADDRESS: Outcome.NO_ADDRESS,
    Fault.MAILBOX: Outcome.NO_MAILBOX,
    Fault.COMPLAINT: Outcome.COMPLAINED,
    Fault.POLICY: Outcome.NOT_WANTED,
}


def receive(
    session: Session, raw: bytes, vault: Vault, *, sent_to: str = "", trusted_server: str = "", now: datetime
) -> Outcome:
    """Take one mail. `sent_to` is the envelope's recipient if known, `trusted_server` whose verdict on senders counts."""
    try:
        mail = incoming.read(raw, sent_to=sent_to)
        if mail.is_report or any(map(bounces.is_role, mail.roles)):
            outcome = _came_back(session, raw, mail, vault, now)
        else:
            outcome = _taken(session, mail, vault, trusted_server, now)
    except TooLarge:
        outcome = Outcome.TOO_LARGE
    except (Unreadable, NotAReply):
        outcome = Outcome.UNREADABLE
    count(session, outcome, now=now)
    return outcome


def count(session: Session, outcome: Outcome, *, now: datetime) -> None:
    """Note by day that a mail ended so. Nothing else is kept of it."""
    row = insert(InboundCount).values(day=now.date(), outcome=outcome.value, count=1)
    session.execute(
        row.on_conflict_do_update(index_elements=["day", "outcome"], set_={"count": InboundCount.count + 1})
    )


def _taken(session: Session, mail: Incoming, vault: Vault, trusted_server: str, now: datetime) -> Outcome:
    if stopping.ROLE in mail.roles:
        return _stop(session, mail, now)
    if mail.calendar is None:
        raise NotAReply
    return _answer(session, mail, read_reply(mail.calendar), vault, trusted_server, now)


def _came_back(session: Session, raw: bytes, mail: Incoming, vault: Vault, now: datetime) -> Outcome:
    """The address that it was sent to proves which mail it was; of a complaint, the address that our mail came from."""
    tags = list(filter(bounces.is_role, mail.roles))
    if tags and not any(bounces.delivery_of(tag, vault) for tag in tags):
        return Outcome.FORGED
    returned = bounce.read(raw)
    tags += filter(bounces.is_role, roles_of(returned.return_paths))
    ours = [found for tag in tags if (found := bounces.delivery_of(tag, vault))]
    if returned.fault is None:
        return Outcome.IGNORED
    if not ours:
        return Outcome.FORGED if tags else Outcome.UNKNOWN
    is_kept = bounces.note(session, ours[0], returned.fault, vault, now=now)
    return CAME_BACK.get(returned.fault, Outcome.NOT_TAKEN) if is_kept else Outcome.UNKNOWN


def _stop(session: Session, mail: Incoming, now: datetime) -> Outcome:
    """The token in the subject is the proof (RFC 2369): mail programs write it there when somebody unsubscribes.

    With the word `all` beside it, all mail stops.
    """
    words = mail.subject.split()
    everything = any(word.lower() == stopping.EVERYTHING for word in words)
    for word in words:
        if stopping.stop_mail(session, word, everything=everything, now=now):
            return Outcome.STOPPED
    return Outcome.UNKNOWN


def _answer(
    session: Session, mail: Incoming, reply: Reply, vault: Vault, trusted_server: str, now: datetime
) -> Outcome:
    invite = next((found for role in mail.roles if (found := invite_of(session, role))), None)
    if invite is None or invite.uid != reply.uid:
        return Outcome.UNKNOWN
    member, account = session.execute(
        select(Membership, Account)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.id == invite.membership_id)
    ).one()
    if member.state is not MembershipState.ACTIVE:
        return Outcome.UNKNOWN
    if not _is_hers(mail, reply, account, vault) or _is_condemned(mail, trusted_server):
        return Outcome.FORGED
    series = session.get_one(MeetingSeries, invite.series_id)
    kept = [_take(session, one, invite, member, series, now) for one in reply.dates]
    return Outcome.ANSWERED if any(kept) else Outcome.STALE


def _is_hers(mail: Incoming, reply: Reply, account: Account, vault: Vault) -> bool:
    """Whether the mail comes from, and answers for, the one address that was invited."""
    address = vault.open(account.email_sealed) if account.email_sealed and account.email_confirmed_at else None
    return address is not None and mail.sender == reply.attendee == address.lower()


def _is_condemned(mail: Incoming, trusted_server: str) -> bool:
    """Whether our own mail server says that the sender's address was faked (RFC 8601, RFC 7489)."""
    if not trusted_server:
        return False
    ours = [one for one in mail.verdicts if one.strip().lower().startswith(trusted_server.lower())]
    found = DMARC.search(ours[0]) if ours else None
    return found is not None and found[1].lower() == "fail"


def _take(
    session: Session, one: DateReply, invite: Invite, member: Membership, series: MeetingSeries, now: datetime
) -> bool:
    """Keep one answer; False when it is older than what is known, or about a date that is over or not there."""
    said_at = min(one.stamp, now)
    if one.recurrence_id is None and _has_dates(series):
        return _take_for_all(session, invite, member, one.partstat, said_at, now)
    original = _original(one, series)
    row = session.get(OccurrenceRow, (series.id, original)) if original else None
    if row is None or row.end_utc <= now or _was_changed_since(session, series, row, one.sequence - invite.raised):
        return False
    return answers.give(session, member, row, ANSWERS[one.partstat], said_at=said_at, now=now)


def _take_for_all(
    session: Session, invite: Invite, member: Membership, partstat: PartStat, said_at: datetime, now: datetime
) -> bool:
    """Accepting the whole series holds for every date about which nothing else is said.

    Declining it stops its invites, and asks nothing: what somebody has in her calendar is one thing, and what she does on a
    Tuesday another.
    """
    if invite.answered_at is not None and invite.answered_at > said_at:
        return False
    invite.answered_at, invite.answer = said_at, ANSWERS[partstat]
    session.flush()
    feeds.renew(session, member.account_id, now=now, showing_answers=True)
    return True


def _has_dates(series: MeetingSeries) -> bool:
    """Whether there is more than one, so that an answer may be about all of them."""
    return series.rrule is not None or bool({*series.rdates_local} - {series.dtstart_local})


def _original(one: DateReply, series: MeetingSeries) -> datetime | None:
    """The original wall-clock start that is meant, in the series' zone; None for one beyond the years that are counted."""
    if one.recurrence_id is None:
        return series.dtstart_local
    if one.recurrence_id.tzinfo is None:
        return one.recurrence_id
    try:
        return to_local(one.recurrence_id.astimezone(UTC), series.timezone)
    except OverflowError:
        return None


def _was_changed_since(session: Session, series: MeetingSeries, row: OccurrenceRow, answered: int) -> bool:
    """Whether the answer is to an earlier version of this date (SEQUENCE, RFC 5546, 2.1.5)."""
    newest = select(SeriesOverride.sequence).where(
        SeriesOverride.series_id == series.id, SeriesOverride.recurrence_id_local == row.original_local
    )
    return any(sequence > answered for sequence in session.scalars(newest))
