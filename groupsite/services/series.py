"""Recurring meetings as a whole: begun, described anew, brought to what a group file says."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain import recurrence
from groupsite.domain.changes import moves_rule
from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.join_info import JoinInfo
from groupsite.domain.permissions import Identity
from groupsite.domain.schedule import Occurrence, Schedule, Venue
from groupsite.domain.slugs import free_slug, refuse_taken, slug_of
from groupsite.domain.words import Kind, Modality
from groupsite.models import Group, MeetingSeries, SeriesPause
from groupsite.services import audit, occurrences, outbox
from groupsite.services.doorbell import Bell, ask_for_ring
from groupsite.services.page_addresses import add_or_refuse
from groupsite.services.publishing import as_rows, hold, publish_series, raise_rule


@dataclass(frozen=True, slots=True)
class SeriesWords:
    """What can change without another date: name, matter, place and way in."""

    title: str
    kind: Kind
    modality: Modality
    venue: Venue | None = None
    join: JoinInfo | None = None


def preview(schedule: Schedule, *, now: datetime, count: int = 10) -> list[Occurrence]:
    """The next dates that this schedule would give; nothing is stored. Raises InvalidInput."""
    recurrence.validate(schedule)
    return recurrence.next_occurrences(schedule, now, count)


def create_series(
    session: Session,
    actor: Identity,
    group: Group,
    draft: SeriesDraft,
    *,
    source_hash: str | None = None,
    now: datetime,
) -> MeetingSeries:
    """Store the series and its dates. Raises InvalidInput, and Conflict for an address that is taken.

    `source_hash` is what a series that is brought in from elsewhere is known by (services/calendar_import).
    """
    draft.check()
    taken = set(session.scalars(select(MeetingSeries.slug).where(MeetingSeries.group_id == group.id)))
    if draft.slug:
        refuse_taken(draft.slug, taken)
    series = MeetingSeries(
        id=uuid4(),
        group_id=group.id,
        slug=draft.slug or free_slug(slug_of(draft.schedule.title, "main"), taken),
        position=len(taken),
        join=draft.join,
        source_hash=source_hash,
        uid=uuid4(),
        **columns_of(draft.schedule),
        **unchanged_since(now),
    )
    series.overrides = as_rows(draft.schedule.overrides, sequence=0, now=now)
    series.pauses = _pauses(draft.schedule)
    add_or_refuse(session, series)
    occurrences.refresh(session, series, now=now)
    ask_for_ring(session, Bell.LINES)
    outbox.series_changed(session, series_id=series.id, revision=0, now=now)
    audit.record(session, actor, "series.created", now=now, group_id=group.id, series_id=series.id)
    return series


def unchanged_since(now: datetime) -> dict[str, object]:
    """The numbers and stamps of a series that begins now, as columns."""
    stamps = dict.fromkeys(("created_at", "changed_at", "rule_raised_at", "rule_changed_at"), now)
    return stamps | {"revision": 0, "sequence": 0, "rule_sequence": 0}


def columns_of(schedule: Schedule) -> dict[str, object]:
    """The schedule as the columns of a series; its overrides and pauses are rows of their own."""
    return {
        "title": schedule.title,
        "kind": schedule.kind,
        "kind_by_week_of_month": {str(week): kind for week, kind in schedule.kind_by_week_of_month.items()},
        "kind_by_weekday": {str(day): kind for day, kind in schedule.kind_by_weekday.items()},
        "modality": schedule.modality,
        "timezone": schedule.timezone,
        "dtstart_local": schedule.dtstart_local,
        "duration_minutes": schedule.duration_minutes,
        "rrule": schedule.rrule,
        "exdates_local": list(schedule.exdates_local),
        "rdates_local": list(schedule.rdates_local),
        "venue": schedule.venue,
    }


def reword(session: Session, actor: Identity, series: MeetingSeries, words: SeriesWords, *, now: datetime) -> None:
    """Another name, matter, place or way in, for every date that has none of its own. Raises InvalidInput."""
    hold(session, series)
    before, had_way_in = series.schedule, series.join is not None
    series.title, series.kind, series.modality = words.title.strip(), words.kind, words.modality
    series.venue, series.join = words.venue, words.join
    SeriesDraft(series.schedule, words.join).check()
    _number(series, before, had_way_in=had_way_in, now=now)
    publish_series(session, actor, series, "series.described", now=now)


def replace_schedule(
    session: Session,
    actor: Identity,
    series: MeetingSeries,
    schedule: Schedule,
    join: JoinInfo | None = None,
    *,
    now: datetime,
) -> None:
    """Bring the whole series to this schedule, exceptions included (a group file was loaded)."""
    hold(session, series)
    before, had_way_in = series.schedule, series.join is not None
    for name, value in columns_of(schedule).items():
        setattr(series, name, value)
    series.join, series.pauses = join, _pauses(schedule)
    is_new = set(schedule.overrides) - set(before.overrides)
    series.overrides = as_rows(
        schedule.overrides, sequence=series.sequence + bool(is_new), now=now, known=series.overrides
    )
    series.sequence += bool(is_new)
    _number(series, before, had_way_in=had_way_in, now=now)
    publish_series(session, actor, series, "series.replaced", now=now)


def _number(series: MeetingSeries, before: Schedule, *, had_way_in: bool, now: datetime) -> None:
    """Give the rule the number and the stamp that it needs after what has just changed."""
    after = series.schedule
    if moves_rule(before, after) or not set(before.overrides) <= set(after.overrides):
        raise_rule(series, now=now)
    elif before.title != after.title or had_way_in != (series.join is not None):
        series.rule_changed_at = now


def _pauses(schedule: Schedule) -> list[SeriesPause]:
    return [
        SeriesPause(first_date=one.first_date, last_date=one.last_date, public_note=one.public_note)
        for one in schedule.pauses
    ]
