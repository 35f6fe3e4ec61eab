"""Our VTIMEZONE says the same as zoneinfo for every zone, read by a reader of its own."""

import re
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from importlib.resources import files
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import rrulestr

from groupsite.domain.zones import available_zones
from groupsite.formats.vtimezone import vtimezone

FIRST_YEAR = 2026
STEP = timedelta(days=3)
"""How finely changes are looked for."""
OBSERVANCE = re.compile(r"BEGIN:(?:STANDARD|DAYLIGHT)\r\n(.*?)END:", re.DOTALL)
Change = tuple[datetime, timedelta, timedelta]
"""When (UTC), the offset before and the offset after."""


def changes_read(lines: bytes, begin: datetime, end: datetime) -> list[Change]:
    """The changes that the lines announce between two moments, as RFC 5545 (3.6.5) says, in order.

    Raises AssertionError when one does not begin with the offset that the one before it left.
    """
    onsets = sorted(onset for found in OBSERVANCE.finditer(lines.decode()) for onset in onsets_of(found[1], end))
    for (_, _, left), (_, taken, _) in pairwise(onsets):
        assert left == taken, lines
    return [onset for onset in onsets if begin < onset[0] < end and onset[1] != onset[2]]


def onsets_of(observance: str, end: datetime) -> list[Change]:
    said = dict(line.split(":", 1) for line in observance.split("\r\n") if line)
    before, after = read_offset(said["TZOFFSETFROM"]), read_offset(said["TZOFFSETTO"])
    first = datetime.strptime(said["DTSTART"], "%Y%m%dT%H%M%S")
    last = end.replace(tzinfo=None) + before
    starts = rrulestr(said["RRULE"], dtstart=first).between(first, last, inc=True) if "RRULE" in said else [first]
    return [((start - before).replace(tzinfo=UTC), before, after) for start in starts]


def read_offset(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))


def changes_known(name: str, begin: datetime, end: datetime) -> list[Change]:
    """The changes that zoneinfo knows between two moments."""
    tz = ZoneInfo(name)
    looks = [begin + STEP * number for number in range((end - begin) // STEP + 1)]
    offsets = [offset_at(tz, look) for look in looks]
    return [
        (first_second(tz, looks[number], before), before, after)
        for number, (before, after) in enumerate(pairwise(offsets))
        if before != after
    ]


def offset_at(tz: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(tz).utcoffset() or timedelta()


def first_second(tz: ZoneInfo, look: datetime, before: timedelta) -> datetime:
    """The first second after this look with another offset than `before`."""
    low, high = 0, int(STEP.total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset_at(tz, look + timedelta(seconds=middle)) == before else (low, middle)
    return look + timedelta(seconds=high)


def window(first_year: int) -> tuple[datetime, datetime]:
    """From a year before the first meeting to fifteen years after the zone data."""
    year = int(version("tzdata").partition(".")[0])
    return datetime(first_year - 1, 1, 1, tzinfo=UTC), datetime(max(first_year, year) + 15, 12, 31, tzinfo=UTC)


def zones_by_rules() -> dict[bytes, list[str]]:
    """All zones, those together that are the same under several names."""
    known: dict[bytes, list[str]] = defaultdict(list)
    for name in available_timezones():
        known[files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()].append(name)
    return known


def without_name(lines: bytes) -> bytes:
    return lines.partition(b"\r\nBEGIN")[2]


def test_every_change_of_every_zone_is_the_one_that_zoneinfo_knows() -> None:
    span, wrong = window(FIRST_YEAR), []
    for names in zones_by_rules().values():
        written = {name: lines for name in names if (lines := vtimezone(name, FIRST_YEAR))}
        known = changes_known(names[0], *span)
        wrong += [lines for lines in {*map(without_name, written.values())} if changes_read(lines, *span) != known]
    assert wrong == []


def test_every_zone_begins_with_its_offset() -> None:
    begin, _ = window(FIRST_YEAR)
    for name in set(available_zones()) - {"UTC", "Etc/UTC"}:
        first = OBSERVANCE.search(vtimezone(name, FIRST_YEAR).decode())
        assert first
        said = dict(line.split(":", 1) for line in first[1].split("\r\n") if line)
        assert (said["DTSTART"], read_offset(said["TZOFFSETTO"])) == (
            f"{begin:%Y%m%dT%H%M%S}",
            offset_at(ZoneInfo(name), begin),
        )


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
    span = window(2005)
    assert changes_read(vtimezone(name, 2005), *span) == changes_known(name, *span)
    assert span[1].year > FIRST_YEAR
