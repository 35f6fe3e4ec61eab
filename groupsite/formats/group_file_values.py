"""What a group file says, as frozen values. Times are wall-clock times in the series' zone, lengths are minutes."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from groupsite.domain.join_info import JoinInfo
from groupsite.domain.meeting_format import Segment
from groupsite.domain.schedule import Schedule
from groupsite.domain.sharing import Sharing
from groupsite.domain.words import Attendance, Family, HolidayPolicy, Joining, ListingState, PositionStatus


class Channel(StrEnum):
    """Where a person of the demo wants reminders."""

    EMAIL = "email"
    NONE = "none"


class ShareOpens(StrEnum):
    """When written shares of an occurrence may be posted."""

    OCCURRENCE_START = "occurrence start"


@dataclass(frozen=True, slots=True)
class FormatRecord:
    """Template of a meeting; `share_limit_*` is how long one share may be."""

    slug: str
    name: str
    total_minutes: int
    segments: tuple[Segment, ...] = ()
    share_limit_minutes: int | None = None
    share_limit_words: int | None = None
    signal: str = ""


@dataclass(frozen=True, slots=True)
class RemindersRecord:
    """`quiet_from` to `quiet_until`: in the person's zone, may cross midnight; both None when no hours are quiet."""

    channel: Channel
    discreet: bool
    lead_minutes: tuple[int, ...] = ()
    quiet_from: time | None = None
    quiet_until: time | None = None
    discreet_title: str = ""


@dataclass(frozen=True, slots=True)
class PersonaRecord:
    """A person of the demo. `memberships` are slugs of groups of the same file."""

    handle: str
    display_name: str
    timezone: str
    reminders: RemindersRecord | None = None
    memberships: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PositionRecord:
    """A named job. `holder` and `backup` are names within this file (a handle, or `persona:Name`), never accounts."""

    title: str
    term_months: int
    status: PositionStatus
    minutes_per_week: int
    holder: str | None = None
    backup: str | None = None
    term_start: date | None = None


@dataclass(frozen=True, slots=True)
class ShareWindow:
    """How long a written share of this series stays readable: `stays_readable_days` from `opens`."""

    stays_readable_days: int
    opens: ShareOpens = ShareOpens.OCCURRENCE_START


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A series that stops taking newcomers: after so many occurrences, or with so many people."""

    closes_after_occurrence: int | None = None
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class SeriesRecord:
    """`format` is the slug of a format of the same file, `replaces` that of another series of the same group."""

    slug: str
    schedule: Schedule
    format: str | None = None
    join: JoinInfo | None = None
    replaces: str | None = None
    share_window: ShareWindow | None = None


@dataclass(frozen=True, slots=True)
class GroupRecord:
    slug: str
    name: str
    family: Family
    attendance: Attendance
    listing_state: ListingState
    locale: str = "en"
    city: str = ""
    summary: str = ""
    audience: tuple[str, ...] = ()
    last_confirmed_on: date | None = None
    meets_on_public_holidays: HolidayPolicy = HolidayPolicy.ASK
    contact_email: str | None = None
    arrival_note: str = ""
    service_positions: tuple[PositionRecord, ...] = ()
    enrolment: Enrolment | None = None
    joining: Joining | None = None
    """None: open for a new group, as it is for one that is there."""
    sharing: Sharing | None = None
    """None: as usual for a new group, as it is for one that is there."""
    series: tuple[SeriesRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupFile:
    formats: tuple[FormatRecord, ...] = ()
    personas: tuple[PersonaRecord, ...] = ()
    groups: tuple[GroupRecord, ...] = ()
