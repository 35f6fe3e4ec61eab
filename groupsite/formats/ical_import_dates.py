"""Moments and lengths of foreign events, as wall-clock times in the zone of a series (RFC 5545, 3.3.5, 3.3.6, 3.8.2)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from icalendar.prop import vDDDTypes

from groupsite.domain.rules import FIRST_YEAR, LAST_YEAR
from groupsite.domain.wording import zone_words
from groupsite.domain.zones import to_local, to_utc
from groupsite.formats.ical_import_lines import Property, RawEvent
from groupsite.formats.ical_import_zones import zone_of

UTC = "UTC"
UTC_NAMES = {UTC, "Etc/UTC", "Etc/UCT", "Etc/Zulu", "Zulu"}
MINUTE = timedelta(minutes=1)
_MOMENT = re.compile(r"[0-9]{8}(T[0-9]{6}Z?)?")
_LENGTH = re.compile(r"[+-]?P[0-9WDTHMS]{1,30}")


class Unusable(Exception):
    """This meeting cannot be brought in; the message says why, as a whole sentence."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as the file writes it: naive `wall`, and the IANA `zone`, "" when it names none, None when nobody knows it."""

    wall: datetime
    zone: str | None = ""
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class SeriesClock:
    """Turns moments into local times of a series. `counted_in_utc`: the first start (naive UTC) of a rule that is kept in UTC.

    Such a rule drifts by an hour when clocks change. Its hour is taken from its first date, and each of its dates keeps it.
    """

    timezone: str
    start: datetime
    counted_in_utc: datetime | None = None

    @property
    def days_off(self) -> int:
        """How many days later (or, below 0, earlier) the local date is than the date in UTC that the rule counts by."""
        return (self.start.date() - self.counted_in_utc.date()).days if self.counted_in_utc else 0

    def local(self, moment: Moment) -> datetime:
        """The wall-clock time; a whole day becomes that day at the usual hour."""
        if moment.is_day:
            return datetime.combine(moment.wall.date(), self.start.time())
        if not moment.zone or moment.zone == self.timezone:
            return moment.wall
        if self.counted_in_utc and moment.zone == UTC and moment.wall.time() == self.counted_in_utc.time():
            return self.start + (moment.wall - self.counted_in_utc)
        return to_local(to_utc(moment.wall, moment.zone), self.timezone)


def moments(line: Property, places: Mapping[str, str]) -> Iterator[Moment]:
    """Every moment of a line; of a period its start. Raises Unusable."""
    named = line.parameters.get("TZID", "")
    zone = zone_of(named, places) if named else ""
    for written in line.value.split(","):
        start = written.partition("/")[0].strip().upper()
        read = _value(start) if _MOMENT.fullmatch(start) else None
        if not isinstance(read, date):
            raise Unusable("One of its dates cannot be read.")
        if not FIRST_YEAR <= read.year <= LAST_YEAR:
            raise Unusable(f"Dates lie between {FIRST_YEAR} and {LAST_YEAR}.")
        if not isinstance(read, datetime):
            yield Moment(datetime.combine(read, time()), is_day=True)
        elif start.endswith("Z") or zone in UTC_NAMES:
            yield Moment(read.replace(tzinfo=None), UTC)
        else:
            yield Moment(read, zone)


def start_of(event: RawEvent, places: Mapping[str, str]) -> Moment | None:
    """DTSTART, or None when the event has none. Raises Unusable."""
    line = event.first("DTSTART")
    return next(moments(line, places)) if line else None


def clock_of(event: RawEvent, places: Mapping[str, str], chosen: str) -> tuple[SeriesClock, list[str]]:
    """The clock of a series by its first event, and what had to be guessed, as whole sentences. Raises Unusable.

    `chosen` is the zone for times that name none, or none that is known, and for rules in UTC.
    """
    start = start_of(event, places)
    if start is None:
        raise Unusable("It has no start.")
    if start.is_day:
        raise Unusable("It takes whole days and has no hour. Add it by hand and give its hour.")
    if start.zone is None:
        return SeriesClock(chosen, start.wall), [
            f"We do not know its time zone. Its hours are taken as {_said(chosen)}."
        ]
    if start.zone == "":
        return SeriesClock(chosen, start.wall), [f"It names no time zone. Its hours are taken as {_said(chosen)}."]
    if start.zone == UTC and chosen not in UTC_NAMES:
        return _in_chosen_zone(event, start, chosen)
    return SeriesClock(start.zone, start.wall), []


def _in_chosen_zone(event: RawEvent, start: Moment, chosen: str) -> tuple[SeriesClock, list[str]]:
    local = to_local(to_utc(start.wall, UTC), chosen)
    if not event.all("RRULE"):
        return SeriesClock(chosen, local), []
    note = (
        f"The file keeps its hour in UTC, so it would move by an hour when clocks change. "
        f"Here it keeps {local:%H:%M} {_said(chosen)}."
    )
    return SeriesClock(chosen, local, start.wall), [note]


def minutes_of(event: RawEvent, places: Mapping[str, str], clock: SeriesClock) -> int | None:
    """How long the event lasts, in elapsed minutes; None when it does not say, or says nothing that is longer than nothing."""
    start, length = start_of(event, places), event.value("DURATION").upper()
    if length:
        lasts = _value(length) if _LENGTH.fullmatch(length) else None
    else:
        end = event.first("DTEND")
        until = next(moments(end, places)) if end else None
        lasts = _between(start, until, clock) if start and until and not until.is_day else None
    minutes = lasts // MINUTE if isinstance(lasts, timedelta) else 0
    return minutes if minutes > 0 else None


def _between(start: Moment, end: Moment, clock: SeriesClock) -> timedelta:
    return to_utc(end.wall, end.zone or clock.timezone) - to_utc(start.wall, start.zone or clock.timezone)


def _value(written: str) -> Any:
    """What the library reads in it, None if nothing: whatever it stumbles over, the value is one that cannot be read."""
    try:
        return vDDDTypes.from_ical(written)  # type: ignore[no-untyped-call]  # half typed
    except Exception:  # noqa: BLE001  foreign text: the library promises no closed list of errors
        return None


def _said(timezone: str) -> str:
    return zone_words(timezone)
