"""The planner: owes each reminder once, shortly before it is due, however often and wherever it runs.

What a tick costs follows from what falls due, not from how many dates and members there are. What changes near its moment
is owed in the transaction of its cause (`owe_dates`, `owe_account`), for the planner has been there already.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from groupsite.domain.reminders import QuietHours, grace_of, nominal_spans
from groupsite.domain.zones import is_known
from groupsite.models import Delivery, DeliveryState, Heartbeat
from groupsite.queries.owed import Moments, Starts, merged, owed_in
from groupsite.queries.readiness import PLANNED_UNTIL, planned_until
from groupsite.queries.wishes import EVERYBODY, NO_QUIET, Profile, Whom, Wishes, wishes_of
from groupsite.services.limits import BY_HER_LIMITS

OVERLAP = timedelta(minutes=2)
"""Looked at again each time: by who committed what she had begun before the last planning."""
WITHOUT_A_MARK = timedelta(days=1)
ROOM = timedelta(hours=1)
"""So far beyond the planner's mark a cause owes: before its transaction is committed the planner may have gone on."""
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Planned:
    """How many reminders were owed, and how many of them came too late to be sent."""

    planned: int
    expired: int


def plan(session: Session, *, now: datetime, ahead: timedelta) -> Planned:
    """Owe every reminder that is due before `now + ahead` and was not owed yet. What was owed before stays as it is.

    What fell due and became useless while nobody planned is recorded as expired, never silently left out.
    """
    mark, until = planned_until(session), now + ahead
    since = until - ahead - WITHOUT_A_MARK if mark is None else min(mark, until) - OVERLAP
    found = _owe(
        session, wishes_of(session, EVERYBODY), EVERYBODY, (since, until), now=now, counted_since=mark or since
    )
    _leave_mark(session, until)
    return found


def owe_dates(session: Session, series_ids: Collection[UUID], *, now: datetime) -> None:
    """Dates of these series are others now: what they owe near this moment, even if its moment has just passed."""
    _owe_near(session, Whom(series=tuple(series_ids)), now=now)


def owe_account(session: Session, account_id: UUID, *, now: datetime) -> None:
    """This person wants other reminders, or at other hours: the same for all her memberships."""
    _owe_near(session, Whom(account=account_id), now=now)


def _owe_near(session: Session, whom: Whom, *, now: datetime) -> None:
    wishes = wishes_of(session, whom)
    if not wishes.leads:
        return
    since = now - max(map(grace_of, wishes.leads))
    until = max(planned_until(session) or now, now) + ROOM
    _owe(session, wishes, whom, (since, until), now=now, counted_since=NEVER, revives=True)


def _owe(
    session: Session,
    wishes: Wishes,
    whom: Whom,
    window: tuple[datetime, datetime],
    *,
    now: datetime,
    counted_since: datetime,
    revives: bool = False,
) -> Planned:
    """One statement for all whose reminders fall due in the window.

    With `revives` what was called off before it left is owed again: its cause may have been taken back.
    """
    moments = [one for profile in wishes.profiles for one in _moments(profile, *window)]
    if not moments or not wishes.leads:
        return Planned(0, 0)
    owed = owed_in(moments, _starts(moments, wishes.leads), whom, now=now, counted_since=counted_since)
    names = [column.name for column in owed.selected_columns]
    rows = _again(insert(Delivery).from_select(names, owed), revives=revives)
    written = rows.returning(Delivery.state).cte("written")
    by_state = select(written.c.state, func.count().label("rows")).group_by(written.c.state)
    counts = {one.state: one.rows for one in session.execute(by_state)}
    return Planned(sum(counts.values()), counts.get(DeliveryState.EXPIRED, 0))


def _again(rows: Insert, *, revives: bool) -> Insert:
    """Where a row is owed already it stays as it is; what her limits have left out stays left out."""
    if not revives:
        return rows.on_conflict_do_nothing(index_elements=["dedupe_key"])
    never_left = and_(Delivery.handed_over_at.is_(None), Delivery.ambiguous.is_(False))
    return rows.on_conflict_do_update(
        index_elements=["dedupe_key"],
        set_={"state": rows.excluded.state, "next_try_at": rows.excluded.next_try_at, "fence": Delivery.fence + 1},
        where=and_(
            Delivery.state == DeliveryState.CANCELLED,
            never_left,
            func.coalesce(Delivery.last_error_class, "").not_in(BY_HER_LIMITS),
        ),
    )


def _moments(profile: Profile, since: datetime, until: datetime) -> list[Moments]:
    """A zone that our data does not know has no nights that could be found: her reminders keep their moments."""
    has_nights = profile != NO_QUIET and is_known(profile.timezone)
    quiet = QuietHours(profile.begin, profile.end, profile.timezone, profile.safe_days) if has_nights else None
    return [Moments(profile, one.since, one.until, one.due_at) for one in nominal_spans(quiet, since, until)]


def _starts(moments: Collection[Moments], leads: Collection[int]) -> list[Starts]:
    spans = merged((one.since, one.until) for one in moments)
    return [
        Starts(lead, since + timedelta(minutes=lead), until + timedelta(minutes=lead))
        for lead in sorted(leads)
        for since, until in spans
    ]


def _leave_mark(session: Session, until: datetime) -> None:
    """Committed with what was owed, or not at all; another planner may have come further."""
    mark = insert(Heartbeat).values(name=PLANNED_UNTIL, at=until)
    farthest = func.greatest(Heartbeat.at, mark.excluded.at)
    session.execute(mark.on_conflict_do_update(index_elements=["name"], set_={"at": farthest}))
