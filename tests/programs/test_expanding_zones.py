"""Around every clock change of the coming thirteen months, in every IANA zone: what programs read is what zoneinfo says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from groupsite.domain.clock_changes import clock_changes
from groupsite.domain.schedule import Schedule
from groupsite.domain.words import Kind, Modality
from groupsite.domain.zones import available_zones
from groupsite.formats.ical import CalendarSeries, calendar, series_block
from groupsite.formats.vtimezone import vtimezone
from tests.expanders.generated import WINDOW
from tests.expanders.icaljs import icaljs
from tests.expanders.libical import libical
from tests.expanders.reading import Date, Expander, inside
from tests.expanders.recurring import recurring

NOW = datetime(2026, 8, 1, tzinfo=UTC)
MINUTES, NIGHTS = 40, 5
AROUND = tuple(timedelta(minutes=minutes) for minutes in (-70, -35, -10, 0, 10, 35, 70))
"""Starts before, at and after a change, by the clock that it changes: in the hour that is skipped or comes twice, too."""
SOMETIME = datetime(2026, 11, 1, 2, 30)


def zones() -> dict[str, str]:
    """Every zone, and for each the one that stands for all with the same VTIMEZONE."""
    stands: dict[bytes, str] = {}
    return {
        name: stands.setdefault(vtimezone(name, 2026).partition(b"\r\nBEGIN")[2], name) for name in available_zones()
    }


def nightly(zone: str) -> Iterator[Schedule]:
    """A few nights over each change, at each time around it; in a zone without changes, a few nights."""
    changes = [change.local for change in clock_changes(zone, *WINDOW)]
    firsts = [change + shift - timedelta(days=2) for change in changes for shift in AROUND]
    for first in firsts or [SOMETIME]:
        yield Schedule(zone, first, MINUTES, f"FREQ=DAILY;COUNT={NIGHTS}", zone, Kind.SHARING, Modality.ONLINE)


def written(schedules: list[Schedule]) -> bytes:
    blocks = [
        series_block(CalendarSeries(f"{number}@dates.invalid", one, 0, NOW, NOW), now=NOW)
        for number, one in enumerate(schedules)
    ]
    return calendar(blocks, [(one.timezone, one.dtstart_local.year) for one in schedules], name="Dates")


def by_zoneinfo(schedules: list[Schedule]) -> list[Date]:
    starts = [
        (one.dtstart_local + timedelta(days=night)).replace(tzinfo=ZoneInfo(one.timezone), fold=0).astimezone(UTC)
        for one in schedules
        for night in range(NIGHTS)
    ]
    title = schedules[0].title
    return inside([Date(start, start + timedelta(minutes=MINUTES), False, title) for start in starts], WINDOW)


@pytest.mark.parametrize("read", [icaljs, libical, recurring])
def test_every_zone_is_read_as_zoneinfo_has_it(read: Expander) -> None:
    around = {name: list(nightly(name)) for name in set(zones().values())}
    found = read([written(one) for one in around.values()], WINDOW)
    assert dict(zip(around, found, strict=True)) == {name: by_zoneinfo(one) for name, one in around.items()}


def test_zones_of_every_kind_are_among_them() -> None:
    names = zones()
    assert {"Africa/Casablanca", "Africa/Cairo", "Europe/Dublin", "America/Havana", "America/Nuuk"} <= set(names)
    assert len(set(names.values())) > 90
