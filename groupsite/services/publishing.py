"""What every change of a series brings with it: calendar numbers and stamps, dates, mail that is owed, audit.

Calendar programs throw away what is not newer than what they have, and ask people again when SEQUENCE goes up. So the rule
and each exception have numbers of their own, which go up only with what decides whether somebody can come.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from groupsite.domain.permissions import Identity
from groupsite.domain.schedule import Override
from groupsite.models import Group, MeetingSeries, SeriesOverride
from groupsite.models.series import OVERRIDE_FIELDS
from groupsite.services import audit, occurrences, outbox, waiting
from groupsite.services.doorbell import Bell, ask_for_ring


def hold(session: Session, series: MeetingSeries) -> None:
    """Lock the series and read it again: of two people who change it at once, the second sees what the first did.

    Not its key: the planner, which refers to it meanwhile, need not wait for an edit that will want what it has just owed.
    """
    session.scalars(
        select(MeetingSeries)
        .where(MeetingSeries.id == series.id)
        .options(selectinload(MeetingSeries.overrides), selectinload(MeetingSeries.pauses))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def hold_group(session: Session, group: Group) -> None:
    """Lock the group: of two who count its people, its codes or its meetings at once, the second sees what the first did."""
    session.execute(select(Group.id).where(Group.id == group.id).with_for_update())


def hold_all(session: Session, groups: ColumnElement[bool]) -> None:
    """Lock the series of these groups, before the groups themselves are written.

    In the order in which whoever fetches a calendar does (services/calendars): otherwise each would wait for the other.
    """
    series = select(MeetingSeries.id).join(Group, Group.id == MeetingSeries.group_id).where(groups)
    session.execute(series.order_by(MeetingSeries.id).with_for_update(of=MeetingSeries, key_share=True))


def raised_number(series: MeetingSeries) -> int:
    """A SEQUENCE that neither the rule nor any exception has had."""
    series.sequence += 1
    return series.sequence


def raise_rule(series: MeetingSeries, *, now: datetime) -> None:
    """The rule is other than it was, or an exception to it is gone: it has to be newer than everything before."""
    series.rule_sequence = raised_number(series)
    series.rule_raised_at = series.rule_changed_at = now


def number_of_date(series: MeetingSeries, original_local: datetime) -> int:
    """The SEQUENCE that this date has in calendars."""
    touching = [one.sequence for one in series.overrides if one.value.touches(original_local)]
    return max([series.rule_sequence, *touching])


def as_rows(
    overrides: Iterable[Override], *, sequence: int, now: datetime, known: Iterable[SeriesOverride] = ()
) -> list[SeriesOverride]:
    """These exceptions in their order; those that are `known` keep their rows, and so their numbers."""
    kept = {one.value: one for one in known}
    rows = [kept.pop(one) if one in kept else _row(one, sequence, now) for one in overrides]
    for position, row in enumerate(rows):
        row.position = position
    return rows


def _row(override: Override, sequence: int, now: datetime) -> SeriesOverride:
    return SeriesOverride(
        sequence=sequence, published_at=now, **{name: getattr(override, name) for name in OVERRIDE_FIELDS}
    )


def publish_series(session: Session, actor: Identity, series: MeetingSeries, verb: str, *, now: datetime) -> None:
    """The series as a whole has changed: invited people get it anew."""
    _store(session, series, now=now)
    outbox.series_changed(session, series_id=series.id, revision=series.revision, now=now)
    audit.record(session, actor, verb, now=now, group_id=series.group_id, series_id=series.id)


def publish_date(
    session: Session, actor: Identity, series: MeetingSeries, verb: str, original_local: datetime, *, now: datetime
) -> None:
    """One date has changed: those who are reminded of it and those who are invited hear of it."""
    _store(session, series, now=now)
    outbox.occurrence_changed(
        session, series_id=series.id, original_local=original_local, revision=series.revision, now=now
    )
    audit.record(
        session, actor, verb, now=now, group_id=series.group_id, series_id=series.id, original_local=original_local
    )


def _store(session: Session, series: MeetingSeries, *, now: datetime) -> None:
    series.revision += 1
    series.changed_at = now
    series.calendar_block = None
    series.block_renews_at = None
    session.flush()
    waiting.write_anew(session, series.id)
    ask_for_ring(session, Bell.LINES)
    occurrences.refresh(session, series, now=now)
