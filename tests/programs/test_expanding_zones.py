"""Around every clock change of the coming thirteen months, in every IANA zone: what programs read is what zoneinfo says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from groupsite.domain.clock_changes import clock_changes
from groupsite.domain.schedule import Schedule
from groupsite.domain.words import Kind, Modality
from groupsite.domain.zones import available_zones
from groupsite.formats.calendar_series import CalendarSeries
from groupsite.formats.ical import calendar, series_block
from groupsite.formats.vtimezone import vtimezone
from tests.expanders.generated import WINDOW
from tests.expanders.icaljs import icaljs
from tests.expanders.libical import libical
from tests.expanders.reading import Date, Expander, inside
from tests.expanders.recurring import recurring

NOW = datetime(2026, 8, 1, tzinfo=UTC)
MINUTES = 40
DAY = timedelta(days=1)
BEFORE = 2 * DAY
Nights = tuple[Schedule, int]
"""A series, and how many nights it has."""
AROUND = tuple(timedelta(minutes=minutes) for minutes in (-70, -35, -10, 0, 10, 35, 70))
"""Starts before, at and after a change, by the clock that it changes: in the hour that is skipped or comes twice, too."""
SOMETIME = datetime(2026, 11, 1, 2, 30)


def zones() -> dict[str, str]:
    """Every zone, and for each the one that stands for all with the same VTIMEZONE."""
    stands: dict[bytes, str] = {}
    return {
        name: stands.setdefault(vtimezone(name, 2026).partition(b"\r\nBEGIN")[2], name) for name in available_zones()
    }


def nightly(zone: str) -> Iterator[Nights]:
    """A few nights over each change, at each time around it, and as many as end with it; in a zone without changes, a few."""
    changes = [change.local for change in clock_changes(zone, *WINDOW)]
    firsts = [change + shift - BEFORE for change in changes for shift in AROUND]
    for first in firsts or [SOMETIME]:
        plain = Schedule(zone, first, MINUTES, None, zone, Kind.SHARING, Modality.ONLINE)
        yield replace(plain, rrule="FREQ=DAILY;COUNT=5"), 5
        yield replace(plain, rrule=f"FREQ=DAILY;UNTIL={first + BEFORE:%Y%m%dT%H%M%S}"), 3


def written(series: list[Nights]) -> bytes:
    blocks = [
        series_block(CalendarSeries(f"{number}@dates.invalid", one, 0, NOW, NOW), now=NOW)
        for number, (one, _) in enumerate(series)
    ]
    return calendar(blocks, [(one.timezone, one.dtstart_local.year) for one, _ in series], name="Dates")


def by_zoneinfo(series: list[Nights]) -> list[Date]:
    starts = [
        ((one.dtstart_local + DAY * night).replace(tzinfo=ZoneInfo(one.timezone), fold=0).astimezone(UTC), one.title)
        for one, nights in series
        for night in range(nights)
    ]
    return inside([Date(start, start + timedelta(minutes=MINUTES), False, title) for start, title in starts], WINDOW)


@pytest.mark.parametrize("read", [icaljs, libical, recurring])
def test_every_zone_is_read_as_zoneinfo_has_it(read: Expander) -> None:
    around = {name: list(nightly(name)) for name in set(zones().values())}
    found = read([written(one) for one in around.values()], WINDOW)
    assert dict(zip(around, found, strict=True)) == {name: by_zoneinfo(one) for name, one in around.items()}


def test_zones_of_every_kind_are_among_them() -> None:
    names = zones()
    assert {"Africa/Casablanca", "Africa/Cairo", "Europe/Dublin", "America/Havana", "America/Nuuk"} <= set(names)
    assert len(set(names.values())) > 90
