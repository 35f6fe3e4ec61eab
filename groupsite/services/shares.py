"""Written shares: posted, taken back, gone when their time is over; kept as a draft, mended when they came back."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from groupsite.domain.errors import Conflict, NotAllowed
from groupsite.domain.permissions import Identity
from groupsite.domain.share_states import HeldFor, ShareState, Step, after
from groupsite.domain.shares import DRAFT_KEPT, ShareWords, ends_at
from groupsite.domain.words import OccurrenceStatus, Role
from groupsite.domain.written_day import shown_from
from groupsite.mail.vault import Vault
from groupsite.models import Group, Membership, OccurrenceRow, ShareReport, WrittenShare
from groupsite.queries.own_shares import draft_of
from groupsite.queries.shares import held_locked
from groupsite.services import audit
from groupsite.services.memberships import own_membership
from groupsite.services.sealed_words import seal, words_of

ONE_APPEAL = "You have asked for a second look before. You can change your words and send them again."
SEALED_FOR_GOOD = "Your words can no longer be opened here. Please write them anew."


def post(
    session: Session,
    actor: Identity,
    group: Group,
    words: ShareWords,
    *,
    date: OccurrenceRow | None = None,
    opens_day: bool = False,
    now: datetime,
) -> WrittenShare:
    """Show the actor's words to the group for some days, or hold them for a share reader first, as the group has chosen.

    `date` is the date of a written meeting that they belong to; `opens_day` pins them at its head. The draft is gone.
    Raises InvalidInput for `body`, `content_note`, `days`, and Conflict when the date takes no words now.
    """
    member = own_membership(session, actor, group.id)
    words = words.checked()
    if opens_day:
        _must_serve(actor, group)
    shown = _shown_from(date, opens_day=opens_day, now=now) if date else now
    share = WrittenShare(
        group_id=group.id,
        membership_id=member.id,
        state=ShareState.DRAFT,
        series_id=date.series_id if date else None,
        original_local=date.original_local if date else None,
        is_opening=opens_day and date is not None,
    )
    _say(share, words, shown)
    _send(share, Step.HOLD if group.sharing.holds_first else Step.SHOW, now)
    _forget_draft(session, member)
    session.add(share)
    session.flush()
    audit.record(session, actor, "share.posted", now=now, group_id=group.id, share=share.id, state=share.state)
    return share


def keep_draft(
    session: Session, actor: Identity, group: Group, words: ShareWords, *, vault: Vault, now: datetime
) -> None:
    """Keep the words for seven days where only the actor can read them; they take the place of an earlier draft."""
    member = own_membership(session, actor, group.id)
    words = words.checked()
    share = draft_of(session, member.id, now=now)
    if share is None:
        _forget_draft(session, member)
        share = WrittenShare(group_id=group.id, membership_id=member.id, state=ShareState.DRAFT)
        session.add(share)
    share.audience, share.stays_days = words.audience, words.days
    share.published_at, share.expires_at = now, now + DRAFT_KEPT
    seal(share, vault, body=words.body, content_note=words.content_note)
    session.flush()


def withdraw(session: Session, actor: Identity, share: WrittenShare, *, now: datetime) -> None:
    """Take the share back, in whatever state: its row is deleted, nothing of the text is kept."""
    was_seen = share.state is not ShareState.DRAFT
    session.delete(share)
    if was_seen:
        audit.record(session, actor, "share.withdrawn", now=now, group_id=share.group_id, share=share.id)
    session.flush()


def send_again(session: Session, actor: Identity, share: WrittenShare, words: ShareWords, *, now: datetime) -> None:
    """The author has mended what came back: it waits for a share reader as if it were new. Raises Conflict, InvalidInput."""
    words = words.checked()
    share = held_locked(session, share.id)
    _wait(share, HeldFor.FIRST_LOOK, now)
    share.guideline, share.decided_by_id, share.was_kept = None, None, False
    _say(share, words, max(now, share.published_at))
    session.execute(delete(ShareReport).where(ShareReport.share_id == share.id))
    session.flush()
    audit.record(session, actor, "share.sent_again", now=now, group_id=share.group_id, share=share.id)


def appeal(session: Session, actor: Identity, share: WrittenShare, *, vault: Vault, now: datetime) -> None:
    """Ask once that somebody else looks at what was returned. Raises Conflict."""
    share = held_locked(session, share.id)
    if share.has_appealed:
        raise Conflict(ONE_APPEAL)
    body, content_note = words_of(share, vault)
    if not body:
        raise Conflict(SEALED_FOR_GOOD)
    _wait(share, HeldFor.APPEAL, now)
    _say(share, ShareWords(body, content_note, share.audience, share.stays_days), max(now, share.published_at))
    share.has_appealed = True
    session.flush()
    audit.record(session, actor, "share.appealed", now=now, group_id=share.group_id, share=share.id)


def forget_expired(session: Session, *, now: datetime) -> int:
    """Delete the rows of shares that are over (no page showed them since then); returns how many."""
    gone = delete(WrittenShare).where(WrittenShare.expires_at <= now).returning(WrittenShare.id)
    return len(session.scalars(gone).all())


def may_open_days(actor: Identity, group: Group) -> bool:
    """Whether the actor does something for the group, and so may chair a day."""
    belonging = actor.in_group(group.id)
    return belonging is not None and bool(belonging.roles - {Role.MEMBER})


def _must_serve(actor: Identity, group: Group) -> None:
    if not may_open_days(actor, group):
        raise NotAllowed("Only those who serve the group open a day.")


def _shown_from(date: OccurrenceRow, *, opens_day: bool, now: datetime) -> datetime:
    if date.status is OccurrenceStatus.CANCELLED:
        raise Conflict("This day is cancelled. You can write to the group at any time.")
    return shown_from(date.start_utc, date.end_utc, is_opening=opens_day, now=now)


def _say(share: WrittenShare, words: ShareWords, since: datetime) -> None:
    share.body, share.content_note, share.words_sealed = words.body, words.content_note, None
    share.audience, share.stays_days = words.audience, words.days
    share.published_at, share.expires_at = since, ends_at(since, words.days)


def _send(share: WrittenShare, step: Step, now: datetime) -> None:
    if step is Step.HOLD:
        _wait(share, HeldFor.FIRST_LOOK, now)
    else:
        share.state = after(share.state, step)


def _wait(share: WrittenShare, reason: HeldFor, now: datetime) -> None:
    share.state = after(share.state, Step.HOLD)
    share.held_for, share.waits_since = reason, now


def _forget_draft(session: Session, member: Membership) -> None:
    is_draft = WrittenShare.membership_id == member.id, WrittenShare.state == ShareState.DRAFT
    session.execute(delete(WrittenShare).where(*is_draft))
