"""One date of a series: cancelled, moved, put elsewhere, and back as it was."""

from datetime import datetime

from sqlalchemy.orm import Session

from groupsite.domain.changes import decides_attendance, refuse_bad_start, refuse_past, takes_place_again
from groupsite.domain.drafts import check_note, check_venue
from groupsite.domain.errors import Conflict, InvalidInput, NotFound
from groupsite.domain.permissions import Identity
from groupsite.domain.recurrence import occurrence_at
from groupsite.domain.schedule import Override, Venue
from groupsite.domain.words import Notice, OverrideAction, Role
from groupsite.models import MeetingSeries
from groupsite.services import answers
from groupsite.services.publishing import as_rows, hold, number_of_date, publish_date, raise_rule, raised_number

MOST_OVERRIDES = 400


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
    hold(session, series)
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
    hold(session, series)
    original = change.recurrence_id_local
    if original is None:
        raise NotFound("This meeting has no such date.")
    refuse_past(series.schedule, original, now)
    check_note(change.public_note)
    before, number = occurrence_at(series.schedule, original), number_of_date(series, original)
    kept = [one for one in series.overrides if not one.value.gives_way_to(change)]
    if len(kept) >= MOST_OVERRIDES:
        raise Conflict("This meeting has too many changed dates. Begin a new meeting instead.")
    new = as_rows([*(one.value for one in kept), change], sequence=number, now=now, known=kept)
    new[-1].decided_by_role = Role.SECRETARY if actor.in_group(series.group_id) else None
    series.overrides = new
    after = occurrence_at(series.schedule, original)
    if takes_place_again(before, after):
        raise_rule(series, now=now)
    if decides_attendance(before, after):
        new[-1].sequence = raised_number(series)
    if before.start_utc != after.start_utc:
        answers.forget_about(session, series.id, original, now=now)
    publish_date(session, actor, series, f"date.{change.action}", original, now=now)


def restore_date(
    session: Session, actor: Identity, series: MeetingSeries, original_local: datetime, *, now: datetime
) -> None:
    """Take back every change to one date. Raises NotFound when there is none, InvalidInput when it is over."""
    hold(session, series)
    others = [one for one in series.overrides if one.recurrence_id_local != original_local]
    if len(others) == len(series.overrides):
        raise NotFound("This date has no change that could be undone.")
    refuse_past(series.schedule, original_local, now)
    before = occurrence_at(series.schedule, original_local)
    series.overrides = others
    if before.start_utc != before.original_utc:
        answers.forget_about(session, series.id, original_local, now=now)
    raise_rule(series, now=now)
    publish_date(session, actor, series, "date.restored", original_local, now=now)
