"""Everything that hangs on one account: a row in each table that leads to it, and words of hers wherever words can stand."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Enum, LargeBinary, Table, Text, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from groupsite.domain.share_states import ReportReason
from groupsite.domain.sign_in_ways import WaysChange
from groupsite.domain.words import Answer
from groupsite.models import (
    Account,
    AuditEntry,
    Base,
    CalendarFeed,
    Delivery,
    DeliveryKind,
    DeliveryState,
    HalfSignIn,
    HiddenFrom,
    Invite,
    MeetingSeries,
    Membership,
    NameKeptOut,
    Passkey,
    Rsvp,
    SecondStep,
    ShareReport,
    SignInChange,
    SingleUseToken,
    WebSession,
    WrittenShare,
)
from tests.plugins.application import MORNING

CANARY = "canary"
SOON = MORNING + timedelta(hours=1)
NOT_HERS = {"audit_entry"}
"""Holds the site's own verbs and ids; only whose they were is hers, and that is let go."""


def tables_of_hers() -> set[str]:
    """Names of the tables whose rows lead to an account, over any number of others."""
    found = {"account"}
    while True:
        more = {table.name for table in Base.metadata.sorted_tables if _leads_to(table) & found} - found
        if not more:
            return found
        found |= more


def _leads_to(table: Table) -> set[str]:
    return {key.column.table.name for key in table.foreign_keys}


def plant(session: Session, account: Account, member: Membership, series: MeetingSeries, *, shares: int = 1) -> None:
    """A row in every table that can hold something of hers, so many shares."""
    when = {"created_at": MORNING, "expires_at": SOON}
    token = SingleUseToken(account_id=account.id, purpose="recovery", token_hash=uuid4().bytes, **when)
    browser = WebSession(id_hash=uuid4().bytes, account_id=account.id, handle=uuid4(), last_seen_at=MORNING, **when)
    feed = CalendarFeed(
        account_id=account.id, token_hash=uuid4().bytes, uid_key=b"", created_at=MORNING, changed_at=MORNING
    )
    session.add_all([token, browser, feed, *_answers(member, series), *_words(member, shares)])
    session.add_all([*_apart(account, member), *_ways_in(account)])
    session.add(_looked_at_again(session, member))
    session.add(AuditEntry(at=MORNING, verb="share.posted", actor_role="member", actor_id=account.id))
    session.flush()
    session.add(_delivery(account.id, member.id, series.id, token.id))
    session.flush()


def _apart(account: Account, member: Membership) -> list[Base]:
    """A pair of which she is one (and here the other, too), and a name that she keeps out."""
    month = MORNING.date().replace(day=1)
    return [
        HiddenFrom(group_id=member.group_id, hider_id=account.id, other_id=account.id),
        NameKeptOut(membership_id=member.id, name_mark=uuid4().bytes, short_marks=[], added_month=month),
    ]


def _ways_in(account: Account) -> list[Base]:
    """A key, an app, a sign-in that is half done, and what changed."""
    of: dict[str, Any] = {"account_id": account.id}
    today = MORNING.date()
    return [
        Passkey(credential_id=uuid4().bytes, public_key=b"", transports=[], name="x", created_on=today, **of),
        SecondStep(secret_sealed=b"", confirmed_on=today, **of),
        HalfSignIn(id_hash=uuid4().bytes, created_at=MORNING, **of),
        SignInChange(what=WaysChange.PASSKEY_ADDED, changed_on=today, **of),
    ]


def _answers(member: Membership, series: MeetingSeries) -> list[Base]:
    of = {"membership_id": member.id, "series_id": series.id}
    said = {"answer": Answer.GOING, "answered_at": MORNING}
    return [
        Rsvp(original_local=series.dtstart_local, end_utc=SOON, **of, **said),
        Invite(address_hash=uuid4().bytes, uid="u", invited_at=MORNING, **of),
    ]


def _words(member: Membership, shares: int) -> list[WrittenShare]:
    of: dict[str, Any] = {"group_id": member.group_id, "membership_id": member.id}
    when = {"published_at": MORNING, "expires_at": SOON}
    return [WrittenShare(body=str(number), **of, **when) for number in range(shares)]


def _looked_at_again(session: Session, member: Membership) -> ShareReport:
    """She has returned a share (here one of her own), and asked for a second look at it."""
    session.flush()
    share = session.scalars(select(WrittenShare).where(WrittenShare.membership_id == member.id).limit(1)).one()
    share.decided_by_id = member.id
    return ShareReport(share_id=share.id, reporter_id=member.id, reason=ReportReason.OTHER)


def _delivery(account_id: UUID, membership_id: UUID, series_id: UUID, token_id: UUID) -> Delivery:
    return Delivery(
        dedupe_key=str(uuid4()), kind=DeliveryKind.REMINDER, state=DeliveryState.PLANNED, account_id=account_id,
        membership_id=membership_id, series_id=series_id, token_id=token_id,
        due_at=MORNING, next_try_at=MORNING, expires_at=MORNING + timedelta(hours=2),
    )  # fmt: skip


def fill_with_canaries(session: Session) -> int:
    """Put a word of hers into every column that can take one, in each row of the tables of hers; returns how many columns.

    To be called while hers is the only account. The password stays, so that she can still delete it.
    """
    marked = 0
    for table in Base.metadata.sorted_tables:
        if table.name not in tables_of_hers() - NOT_HERS:
            continue
        for column in table.columns:
            value = _canary(column.type, f"{CANARY}-{table.name}-{column.name}")
            if value is None or column.name == "password_hash" or column.foreign_keys:
                continue
            session.execute(text(f'UPDATE "{table.name}" SET "{column.name}" = {value}'))
            marked += 1
    session.expire_all()
    return marked


def _canary(kind: Any, word: str) -> str | None:
    """As SQL, each row's own where it has to be."""
    if isinstance(kind, Enum):
        return None
    if isinstance(kind, Text):
        return f"'{word}-' || md5(random()::text)"
    if isinstance(kind, LargeBinary):
        return f"convert_to('{word}-' || md5(random()::text), 'UTF8')"
    if isinstance(kind, ARRAY) and isinstance(kind.item_type, Text):
        return f"ARRAY['{word}']"
    return f"""'{{"word": "{word}"}}'""" if isinstance(kind, JSONB) else None


def dump(session: Session) -> str:
    """Every row of every table as text, bytes that are text among it."""
    session.expire_all()
    lines = []
    for table in Base.metadata.sorted_tables:
        lines += [
            f"{table.name} {row}" for row in session.scalars(text(f'SELECT one::text FROM "{table.name}" AS one'))
        ]
    return "\n".join(lines)


def left_in(dumped: str, *words: str) -> list[str]:
    """Lines that have one of these words, also where bytes are written out as hexadecimal digits."""
    spelled = [*words, *(word.encode().hex() for word in words)]
    return [line for line in dumped.splitlines() if any(word in line for word in spelled)]
