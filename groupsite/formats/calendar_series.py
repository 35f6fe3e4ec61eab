"""What a calendar says of one series: values that formats/ical.py and formats/imip.py write."""

from dataclasses import dataclass, replace
from datetime import datetime

from groupsite.domain.schedule import Occurrence, Schedule


@dataclass(frozen=True, slots=True)
class Stamp:
    """SEQUENCE, and LAST-MODIFIED (UTC), of the rule or of one exception (RFC 5545, 3.8.7.3 and 3.8.7.4)."""

    sequence: int
    changed: datetime


def newest(*stamps: Stamp) -> Stamp:
    return Stamp(max(one.sequence for one in stamps), max(one.changed for one in stamps))


@dataclass(frozen=True, slots=True)
class CalendarSeries:
    """What a calendar says of one series: never a way in. `prefix` stands before the title (a group's name), `url` is our page.

    `sequence` and `changed` are the rule's, `raised` is when that SEQUENCE last went up (UTC; None: `changed`), `stamps` are
    those of the schedule's overrides in their order (none: all as the rule's). `replaces_uid` is what this one goes on from.
    """

    uid: str
    schedule: Schedule
    sequence: int
    created: datetime
    changed: datetime
    prefix: str = ""
    url: str = ""
    is_discreet: bool = False
    raised: datetime | None = None
    stamps: tuple[Stamp, ...] = ()
    replaces_uid: str = ""

    @property
    def stamp(self) -> Stamp:
        """The rule's."""
        return Stamp(self.sequence, self.changed)

    @property
    def stamps_of_changes(self) -> tuple[Stamp, ...]:
        """One for each override."""
        return self.stamps or (self.stamp,) * len(self.schedule.overrides)

    def stamp_of(self, one: Occurrence) -> Stamp:
        """Of an exception: the newest of the rule's and of each change that touches the date."""
        stamped = zip(self.schedule.overrides, self.stamps_of_changes, strict=True)
        return newest(self.stamp, *(stamp for change, stamp in stamped if change.touches(one.original_local)))


def discreet(series: CalendarSeries, *, uid: str, title: str) -> CalendarSeries:
    """The same dates under another UID, with the member's own words and nothing else; other words elsewhere are no change.

    Exceptions stay, those that change no time too: a program that has them with a title has it replaced.
    """
    overrides = tuple(replace(one, title=None, venue=None, public_note="") for one in series.schedule.overrides)
    return replace(
        series,
        uid=uid,
        schedule=replace(series.schedule, title=title, venue=None, overrides=overrides),
        changed=series.raised or series.changed,
        prefix="", url="", replaces_uid="", is_discreet=True,
    )  # fmt: skip


def numbered(series: CalendarSeries, sequence: int) -> CalendarSeries:
    """The same with one SEQUENCE for the rule and every exception, as messages have it that are sent as a whole."""
    stamps = tuple(replace(stamp, sequence=sequence) for stamp in series.stamps_of_changes)
    return replace(series, sequence=sequence, stamps=stamps)
