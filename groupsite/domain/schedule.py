"""The values that say when a series meets and what one date is like. Wall-clock times are naive, in the series' zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from groupsite.domain.words import Kind, Modality, Notice, OccurrenceStatus, OverrideAction


@dataclass(frozen=True, slots=True)
class Venue:
    name: str
    address: str = ""
    access_notes: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """Change to one occurrence (`recurrence_id_local`) or to every one whose local start date lies in `first_date`..`last_date`.

    Exactly one of the two is set. Fields that are None leave the series' value as it is.
    """

    action: OverrideAction
    recurrence_id_local: datetime | None = None
    first_date: date | None = None
    last_date: date | None = None
    notice: Notice = Notice.PLANNED
    public_note: str = ""
    new_start_local: datetime | None = None
    duration_minutes: int | None = None
    title: str | None = None
    kind: Kind | None = None
    modality: Modality | None = None
    venue: Venue | None = None
    decided_local: datetime | None = None
    """When the group decided it, on the clock of the series; for the record, no rule reads it."""

    def touches(self, original_local: datetime) -> bool:
        """Whether this override applies to the occurrence whose original wall-clock start is given."""
        if self.recurrence_id_local is not None:
            return self.recurrence_id_local == original_local
        if self.first_date is None or self.last_date is None:
            return False
        return self.first_date <= original_local.date() <= self.last_date

    def gives_way_to(self, later: "Override") -> bool:
        """Whether `later` takes the place of this change to the same date.

        A date that was moved and is then put elsewhere stays moved; any change to a cancelled date lets it take place.
        """
        is_same_date = self.recurrence_id_local is not None and self.recurrence_id_local == later.recurrence_id_local
        return is_same_date and self.action in {later.action, OverrideAction.CANCEL}


@dataclass(frozen=True, slots=True)
class Pause:
    """Announced span without occurrences: both dates are local and inclusive."""

    first_date: date
    last_date: date
    public_note: str = ""

    def covers(self, original_local: datetime) -> bool:
        return self.first_date <= original_local.date() <= self.last_date


@dataclass(frozen=True, slots=True)
class Schedule:
    """Everything `recurrence.occurrences` needs to know of a series. `rrule` None: `dtstart_local` alone (plus rdates)."""

    timezone: str
    dtstart_local: datetime
    duration_minutes: int
    rrule: str | None
    title: str
    kind: Kind
    modality: Modality
    venue: Venue | None = None
    exdates_local: tuple[datetime, ...] = ()
    rdates_local: tuple[datetime, ...] = ()
    pauses: tuple[Pause, ...] = ()
    overrides: tuple[Override, ...] = ()
    kind_by_week_of_month: Mapping[int, Kind] = field(default_factory=dict)
    kind_by_weekday: Mapping[int, Kind] = field(default_factory=dict)
    """Keys: week 1..5 of the month; weekday 0 = Monday .. 6 = Sunday."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One dated meeting. Key: the series and `original_local`, which never changes when the date moves.

    `start_local`/`end_local` are what clocks on the wall show (after the gap and fold rules); `start_utc`/`end_utc` are aware UTC.
    """

    original_local: datetime
    original_utc: datetime
    start_local: datetime
    end_local: datetime
    start_utc: datetime
    end_utc: datetime
    timezone: str
    status: OccurrenceStatus
    title: str
    kind: Kind
    modality: Modality
    venue: Venue | None
    public_note: str = ""
    notice: Notice | None = None
