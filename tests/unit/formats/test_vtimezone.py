"""Our VTIMEZONE says the same as zoneinfo for every zone, read by a reader of its own."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from dateutil.rrule import rrulestr

from groupsite.domain.zones import available_zones, zone
from groupsite.formats.vtimezone import vtimezone

FIRST_YEAR = 2026
OBSERVANCE = re.compile(r"BEGIN:(?:STANDARD|DAYLIGHT)\r\n(.*?)END:", re.DOTALL)


def offset_at(lines: bytes, moment: datetime) -> timedelta:
    """The offset at a UTC moment as RFC 5545 (3.6.5) says: that of the observance that began last."""
    begun = []
    for found in OBSERVANCE.finditer(lines.decode()):
        said = dict(line.split(":", 1) for line in found[1].split("\r\n") if line)
        before, after = read_offset(said["TZOFFSETFROM"]), read_offset(said["TZOFFSETTO"])
        start = datetime.strptime(said["DTSTART"], "%Y%m%dT%H%M%S")
        local = moment.replace(tzinfo=None) + before
        last = rrulestr(said["RRULE"], dtstart=start).before(local, inc=True) if "RRULE" in said else start
        if last is not None and last <= local:
            begun.append((last - before, after))
    return max(begun)[1]


def read_offset(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))


def moments_of_interest(name: str) -> list[datetime]:
    """Just before and at each change of two years, as zoneinfo has them, found hour by hour around a coarse scan."""
    tz, found = zone(name), []
    day = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
    while day.year < FIRST_YEAR + 2:
        following = day + timedelta(days=3)
        if day.astimezone(tz).utcoffset() != following.astimezone(tz).utcoffset():
            minutes = [day + timedelta(minutes=30 * step) for step in range(3 * 48 + 1)]
            found += [
                moment
                for pair in pairwise(minutes)
                if pair[0].astimezone(tz).utcoffset() != pair[1].astimezone(tz).utcoffset()
                for moment in pair
            ]
        day = following
    return [*found, datetime(FIRST_YEAR, 1, 15, tzinfo=UTC), datetime(FIRST_YEAR + 1, 7, 15, tzinfo=UTC)]


def test_every_zone_agrees_with_zoneinfo() -> None:
    wrong = [
        (name, moment)
        for name in available_zones()
        if (lines := vtimezone(name, FIRST_YEAR))
        for moment in moments_of_interest(name)
        if offset_at(lines, moment) != moment.astimezone(zone(name)).utcoffset()
    ]
    assert wrong == []


@pytest.mark.parametrize("name", ["America/New_York", "Europe/London", "Australia/Lord_Howe", "Pacific/Auckland"])
def test_regular_zone_needs_two_rules(name: str) -> None:
    assert vtimezone(name, FIRST_YEAR).count(b"RRULE:") == 2


def test_spring_begins_at_the_hour_before_the_change() -> None:
    assert b"DTSTART:20250330T010000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" in vtimezone("Europe/London", 2026)


def test_zone_without_changes_has_one_observance() -> None:
    lines = vtimezone("America/Phoenix", FIRST_YEAR)
    assert (lines.count(b"BEGIN:STANDARD"), lines.count(b"BEGIN:DAYLIGHT")) == (1, 0)


def test_nothing_is_written_as_a_list_of_dates() -> None:
    assert not [name for name in available_zones() if b"RDATE" in vtimezone(name, FIRST_YEAR)]


@pytest.mark.parametrize("name", ["Africa/Cairo", "Africa/Casablanca", "America/Nuuk", "Asia/Gaza", "Europe/London"])
def test_series_that_began_long_ago_still_has_its_summers(name: str) -> None:
    lines = vtimezone(name, 2005)
    moments = moments_of_interest(name)
    assert [offset_at(lines, one) for one in moments] == [one.astimezone(zone(name)).utcoffset() for one in moments]
