"""Recurring meetings: begun, changed for one date, paused, ended. Every change takes the same way through `_changed`."""

from dataclasses import fields
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from groupsite.domain import recurrence
from groupsite.domain.cadence import LAST_SECOND
from groupsite.domain.changes import refuse_bad_start, refuse_past
from groupsite.domain.drafts import SeriesDraft, check_note, check_venue
from groupsite.domain.errors import Conflict, InvalidInput, NotFound
from groupsite.domain.permissions import Identity
from groupsite.domain.rules import LAST_YEAR, ended_on
from groupsite.domain.schedule import Occurrence, Override, Schedule, Venue
from groupsite.domain.slugs import free_slug, refuse_taken, slug_of
from groupsite.domain.words import Notice, OverrideAction, Role
from groupsite.domain.zones import to_local, to_utc
from groupsite.models import Group, MeetingSeries, SeriesOverride, SeriesPause
from groupsite.services import audit, occurrences, outbox
from groupsite.services.page_addresses import add_or_refuse

MOST_OVERRIDES = 400
MOST_PAUSES = 100
OVERRIDE_FIELDS = tuple(field.name for field in fields(Override))


def preview(schedule: Schedule, *, now: datetime, count: int = 10) -> list[Occurrence]:
    """The next dates that this schedule would give; nothing is stored. Raises InvalidInput."""
    recurrence.validate(schedule)
    return recurrence.next_occurrences(schedule, now, count)


def create_series(
    session: Session, actor: Identity, group: Group, draft: SeriesDraft, *, now: datetime
) -> MeetingSeries:
    """Store the series and its dates. Raises InvalidInput, and Conflict for an address that is taken."""
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
        uid=uuid4(),
        sequence=0,
        created_at=now,
        changed_at=now,
        **columns_of(draft.schedule),
    )
    _take_exceptions(series, draft.schedule, sequence=0, now=now)
    add_or_refuse(session, series)
    occurrences.refresh(session, series, now=now)
    outbox.series_changed(session, series_id=series.id, sequence=0, now=now)
    audit.record(session, actor, "series.created", now=now, group_id=group.id, series_id=series.id)
    return series


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


def cancel_date(
    session: Session,
    actor: Identity,
    series: MeetingSeries,
    original_local: datetime,
    *,
    notice: Notice = Notice.PLANNED,
    public_note: str = "",
    now: datetime,
) -> None:
    """Call one date off. It stays visible as cancelled, and the rule is not re-anchored."""
    change = Override(OverrideAction.CANCEL, original_local, notice=notice, public_note=public_note)
    change_date(session, actor, series, change, now=now)


def move_date(
    session: Session,
    actor: Identity,
    series: MeetingSeries,
    original_local: datetime,
    new_start_local: datetime,
    *,
    notice: Notice = Notice.PLANNED,
    public_note: str = "",
    now: datetime,
) -> None:
    """Let one date begin at another wall-clock time. Raises InvalidInput for the past and for another date's time."""
    _hold(session, series)
    refuse_bad_start(series.schedule, original_local, new_start_local, now)
    change = Override(
        OverrideAction.MOVE, original_local, notice=notice, public_note=public_note, new_start_local=new_start_local
    )
    change_date(session, actor, series, change, now=now)


def relocate_date(
    session: Session,
    actor: Identity,
    series: MeetingSeries,
    original_local: datetime,
    venue: Venue,
    *,
    notice: Notice = Notice.PLANNED,
    public_note: str = "",
    now: datetime,
) -> None:
    """Let one date take place elsewhere."""
    check_venue(venue)
    if not venue.name.strip():
        raise InvalidInput("venue", "Please give the name of the place.")
    change = Override(OverrideAction.RELOCATE, original_local, notice=notice, public_note=public_note, venue=venue)
    change_date(session, actor, series, change, now=now)


def change_date(session: Session, actor: Identity, series: MeetingSeries, change: Override, *, now: datetime) -> None:
    """Publish a change to one date; what it replaces gives way. Raises NotFound, InvalidInput."""
    _hold(session, series)
    original = change.recurrence_id_local
    if original is None:
        raise NotFound("This meeting has no such date.")
    refuse_past(series.schedule, original, now)
    check_note(change.public_note)
    series.overrides = [one for one in series.overrides if not one.value.gives_way_to(change)]
    if len(series.overrides) >= MOST_OVERRIDES:
        raise Conflict("This meeting has too many changed dates. Begin a new meeting instead.")
    belonging = actor.in_group(series.group_id)
    series.overrides.append(
        SeriesOverride(
            position=1 + max((one.position for one in series.overrides), default=-1),
            decided_by_role=Role.SECRETARY if belonging else None,
            sequence=series.sequence + 1,
            published_at=now,
            **{name: getattr(change, name) for name in OVERRIDE_FIELDS},
        )
    )
    _changed(session, actor, series, f"date.{change.action}", now=now, original_local=original)


def restore_date(
    session: Session, actor: Identity, series: MeetingSeries, original_local: datetime, *, now: datetime
) -> None:
    """Take back every change to one date. Raises NotFound when there is none, InvalidInput when it is over."""
    _hold(session, series)
    others = [one for one in series.overrides if one.recurrence_id_local != original_local]
    if len(others) == len(series.overrides):
        raise NotFound("This date has no change that could be undone.")
    refuse_past(series.schedule, original_local, now)
    series.overrides = others
    _changed(session, actor, series, "date.restored", now=now, original_local=original_local)


def add_pause(
    session: Session,
    actor: Identity,
    series: MeetingSeries,
    first_date: date,
    last_date: date,
    public_note: str = "",
    *,
    now: datetime,
) -> None:
    """No dates from `first_date` to `last_date`, both inclusive and local. Raises InvalidInput for days that are over."""
    _hold(session, series)
    check_note(public_note)
    if last_date < first_date:
        raise InvalidInput("last_date", "The last day lies before the first.")
    if first_date < to_local(now, series.timezone).date():
        raise InvalidInput("first_date", "This day is over. Choose today or a later day.")
    if len(series.pauses) >= MOST_PAUSES:
        raise Conflict("This meeting has too many pauses. Please remove some that are over.")
    series.pauses.append(SeriesPause(first_date=first_date, last_date=last_date, public_note=public_note))
    _changed(session, actor, series, "pause.added", now=now)


def remove_pause(session: Session, actor: Identity, series: MeetingSeries, pause_id: UUID, *, now: datetime) -> None:
    """Bring back the dates of a pause. Raises NotFound."""
    _hold(session, series)
    pause = next((one for one in series.pauses if one.id == pause_id), None)
    if pause is None:
        raise NotFound("There is no such pause.")
    series.pauses.remove(pause)
    _changed(session, actor, series, "pause.removed", now=now)


def end_series(session: Session, actor: Identity, series: MeetingSeries, last_date: date, *, now: datetime) -> None:
    """Let the series end with this local day; dates already held stay.

    Raises InvalidInput for a day that is over, and for one after which there is no date anyway.
    """
    _hold(session, series)
    if last_date < to_local(now, series.timezone).date():
        raise InvalidInput("end_date", "This day is over. Choose today or a later day.")
    if last_date.year > LAST_YEAR:
        raise InvalidInput("end_date", f"Dates lie before {LAST_YEAR}.")
    last_moment = to_utc(datetime.combine(last_date, LAST_SECOND), series.timezone)
    if not recurrence.next_occurrences(series.schedule, last_moment, 1):
        raise InvalidInput("end_date", "There is no date after this day. Nothing needs to end.")
    if series.rrule is not None:
        series.rrule = ended_on(series.rrule, series.timezone, last_moment)
    series.rdates_local = [extra for extra in series.rdates_local if extra.date() <= last_date]
    _changed(session, actor, series, "series.ended", now=now)


def replace_schedule(
    session: Session, actor: Identity, series: MeetingSeries, schedule: Schedule, *, now: datetime
) -> None:
    """Bring the whole series to this schedule, exceptions included (a group file was loaded)."""
    _hold(session, series)
    for name, value in columns_of(schedule).items():
        setattr(series, name, value)
    _take_exceptions(series, schedule, sequence=series.sequence + 1, now=now)
    _changed(session, actor, series, "series.replaced", now=now)


def _hold(session: Session, series: MeetingSeries) -> None:
    """Lock the series and read it again: of two people who change it at once, the second sees what the first did."""
    session.scalars(
        select(MeetingSeries)
        .where(MeetingSeries.id == series.id)
        .options(selectinload(MeetingSeries.overrides), selectinload(MeetingSeries.pauses))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _changed(
    session: Session,
    actor: Identity,
    series: MeetingSeries,
    verb: str,
    *,
    now: datetime,
    original_local: datetime | None = None,
) -> None:
    """What every change of a series brings with it: calendar number, dates, mail that is owed, audit."""
    series.sequence += 1
    series.changed_at = now
    series.calendar_block = None
    series.block_renews_at = None
    session.flush()
    occurrences.refresh(session, series, now=now)
    if original_local is None:
        outbox.series_changed(session, series_id=series.id, sequence=series.sequence, now=now)
    else:
        outbox.occurrence_changed(
            session, series_id=series.id, original_local=original_local, sequence=series.sequence, now=now
        )
    audit.record(
        session, actor, verb, now=now, group_id=series.group_id, series_id=series.id, original_local=original_local
    )


def _take_exceptions(series: MeetingSeries, schedule: Schedule, *, sequence: int, now: datetime) -> None:
    series.overrides = [
        SeriesOverride(
            position=position,
            sequence=sequence,
            published_at=now,
            **{name: getattr(override, name) for name in OVERRIDE_FIELDS},
        )
        for position, override in enumerate(schedule.overrides)
    ]
    series.pauses = [
        SeriesPause(first_date=one.first_date, last_date=one.last_date, public_note=one.public_note)
        for one in schedule.pauses
    ]
