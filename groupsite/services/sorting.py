"""What becomes of claimed rows: a letter, or a state that they take because nothing is to be sent, or not now.

Everything is read again here, for all of them at once, in the transaction that writes the states.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from groupsite.domain import budget
from groupsite.domain.digest import digest_moment
from groupsite.domain.words import OccurrenceStatus
from groupsite.mail.message import Message
from groupsite.models import NOTES, Delivery, DeliveryKind, DeliveryState
from groupsite.queries.elsewhere import Elsewhere, elsewhere
from groupsite.queries.outbox_state import sent_lately
from groupsite.queries.subjects import Seen, Subject, subjects_of
from groupsite.services import ledger, suppression
from groupsite.services.desk import Desk
from groupsite.services.ledger import Claim
from groupsite.services.letters import write
from groupsite.services.limits import OVER_BUDGET, Hold, hold_of, limits_of
from groupsite.services.wanted import comes_too_late, still_wanted

A_DAY_AND_MORE = timedelta(hours=26)
"""As long as the longest day."""
NEWS = (DeliveryKind.CHANGE, DeliveryKind.INVITE_CANCEL)
"""Of one date."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message, the rows that it settles, and what was read for it. `name` is the row whose Message-ID it has."""

    message: Message
    name: UUID
    claims: tuple[Claim, ...]
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row that may be sent now, with the one address that it goes to."""

    claim: Claim
    subject: Subject
    recipient: str


Held = tuple[Claim, Hold]
"""A row that is not sent now, and why."""


def batches(claims: Sequence[Claim]) -> Iterator[list[Claim]]:
    """Those that are sorted together; what carries a calendar is noted in the database as it is written, and so sorted alone."""
    bundled = [one for one in claims if one.kind in NOTES]
    if bundled:
        yield bundled
    yield from ([one] for one in claims if one.kind not in NOTES)


def sort_out(
    session: Session, claims: Sequence[Claim], desk: Desk, now: datetime
) -> tuple[list[Letter], dict[DeliveryState, int]]:
    """The letters of these rows, and how many took which state instead. A constant number of queries without calendars."""
    subjects = subjects_of(session, [one.id for one in claims])
    wanted, held = _split(_verdict(session, one, subjects.get(one.id), desk, now) for one in claims)
    wanted, refused = _split(_spared(session, wanted, desk))
    held += refused
    wanted = _with_others(session, wanted, now)
    letters = []
    sent = sent_lately(session, [one.subject.account.id for one in wanted], since=now - A_DAY_AND_MORE)
    for bundle in _bundles(wanted):
        over = _over_budget(bundle, sent[bundle[0].subject.account.id], now)
        held += over
        if not over:
            letters.append(_letter(session, bundle, desk, now))
    return letters, _write_down(session, held)


def _verdict(session: Session, claim: Claim, subject: Subject | None, desk: Desk, now: datetime) -> Wanted | Held:
    if subject is None or subject.delivery.fence != claim.fence:
        return claim, Hold(DeliveryState.CANCELLED)
    state = still_wanted(subject, now) or comes_too_late(session, subject, now)
    if state is not None:
        return claim, Hold(state)
    recipient = _recipient(subject, desk)
    if recipient is None:
        return claim, Hold(DeliveryState.SUPPRESSED)
    hold = hold_of(subject, now)
    return Wanted(claim, subject, recipient) if hold is None else (claim, hold)


def _recipient(subject: Subject, desk: Desk) -> str | None:
    """The one address: confirmed, or the one that is being confirmed."""
    account, token = subject.account, subject.token
    sealed = token.email_sealed if subject.delivery.kind is DeliveryKind.CONFIRM_EMAIL and token else None
    if subject.delivery.kind is not DeliveryKind.CONFIRM_EMAIL and account.email_confirmed_at is not None:
        sealed = account.email_sealed
    return desk.vault.open(sealed) if sealed else None


def _spared(session: Session, wanted: Sequence[Wanted], desk: Desk) -> Iterator[Wanted | Held]:
    """Nothing goes to an address that is stopped, but the link to confirm it: that is the only way back."""
    marks = {one.claim.id: desk.vault.address_mark(one.recipient) for one in wanted}
    stopped = suppression.stopped_among(session, marks.values())
    for one in wanted:
        is_stopped = marks[one.claim.id] in stopped and one.claim.kind is not DeliveryKind.CONFIRM_EMAIL
        yield (one.claim, Hold(DeliveryState.SUPPRESSED)) if is_stopped else one


def _split(sorted_rows: Iterable[Wanted | Held]) -> tuple[list[Wanted], list[Held]]:
    wanted, held = [], []
    for one in sorted_rows:
        if isinstance(one, Wanted):
            wanted.append(one)
        else:
            held.append(one)
    return wanted, held


def _with_others(session: Session, wanted: Sequence[Wanted], now: datetime) -> list[Wanted]:
    """News of a date that is not as usual say where else one could go: looked up once for each date, not for each reader."""
    found: dict[tuple[UUID, datetime], Elsewhere] = {}
    people = {one.subject.account.id for one in wanted}
    told = []
    for one in wanted:
        date, group = one.subject.occurrence, one.subject.group
        if one.claim.kind not in NEWS or date is None or group is None or date.status is OccurrenceStatus.SCHEDULED:
            told.append(one)
            continue
        key = date.series_id, date.original_local
        if key not in found:
            found[key] = elsewhere(session, date, group, people, now=now)
        others = found[key].for_member(one.subject.account.id, limits_of(one.subject).timezone, now=now)
        told.append(replace(one, subject=replace(one.subject, others=others)))
    return told


def _bundles(wanted: Sequence[Wanted]) -> list[list[Wanted]]:
    """One for each letter: what is due for one person together; but what may have arrived once goes again as it went."""
    together: dict[object, list[Wanted]] = defaultdict(list)
    for one in wanted:
        together[_letter_key(one)].append(one)
    return list(together.values())


def _letter_key(one: Wanted) -> object:
    if one.claim.kind not in NOTES:
        return one.claim.id
    return one.subject.account.id, one.claim.carrier_id if one.claim.ambiguous else None


def _over_budget(bundle: Sequence[Wanted], sent: Sequence[datetime], now: datetime) -> list[Held]:
    """What the person has set as her limit makes it wait for her next morning, or leaves it out if it is of no use then."""
    first = bundle[0]
    limits, daily = limits_of(first.subject), first.subject.account.daily_budget
    if first.claim.kind not in NOTES or not budget.is_spent(daily, sent, limits.timezone, now):
        return []
    if any(one.claim.ambiguous or _cannot_wait(one.subject, now) for one in bundle):
        return []
    until = digest_moment(limits.quiet, limits.timezone, budget.next_day(limits.timezone, now))
    return [(one.claim, _until_morning(one.claim, until)) for one in bundle]


def _until_morning(claim: Claim, until: datetime) -> Hold:
    is_of_use = until < claim.expires_at
    return Hold(DeliveryState.DEFERRED if is_of_use else DeliveryState.CANCELLED, until, OVER_BUDGET)


def _cannot_wait(subject: Subject, now: datetime) -> bool:
    date = subject.occurrence
    return (
        subject.delivery.kind is DeliveryKind.CHANGE
        and date is not None
        and budget.cannot_wait(date.notice, (date.start_utc, date.original_utc), now)
    )


def _letter(session: Session, bundle: Sequence[Wanted], desk: Desk, now: datetime) -> Letter:
    first = bundle[0]
    name = first.claim.carrier_id if first.claim.ambiguous and first.claim.carrier_id else first.claim.id
    message = write(session, _each_date_once(bundle), first.recipient, desk, now=now, name=name)
    return Letter(message, name, tuple(one.claim for one in bundle), tuple(one.subject.seen for one in bundle))


def _each_date_once(bundle: Sequence[Wanted]) -> list[Subject]:
    """In the order of the dates; of several about the same date the news of it, which say its hour too."""
    by_date: dict[object, Subject] = {}
    for one in sorted(bundle, key=lambda one: one.claim.kind is not DeliveryKind.CHANGE):
        row = one.subject.delivery
        by_date.setdefault((row.membership_id, row.series_id, row.original_local), one.subject)
    return sorted(by_date.values(), key=lambda one: one.delivery.start_utc or one.delivery.due_at)


def _write_down(session: Session, held: Sequence[Held]) -> dict[DeliveryState, int]:
    """One statement for each thing that can happen to a row, whatever the number of rows."""
    if not held:
        return {}
    ledger.lock(session, Delivery.id.in_([claim.id for claim, _ in held]))
    by_hold: dict[Hold, list[Claim]] = defaultdict(list)
    for claim, hold in held:
        by_hold[hold].append(claim)
    counts: dict[DeliveryState, int] = defaultdict(int)
    for hold, claims in by_hold.items():
        values = {"next_try_at": hold.until} if hold.until else {}
        ledger.finish(session, claims, state=hold.state, last_error_class=hold.why, **values)
        counts[hold.state] += len(claims)
    return counts
