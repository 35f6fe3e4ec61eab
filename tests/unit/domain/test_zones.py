from datetime import UTC, datetime, timedelta

import pytest

from groupsite.domain.errors import InvalidInput
from groupsite.domain.zones import available_zones, to_local, to_utc, tzdata_version, zone


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "wall_clock", "moment"),
    [
        ("Europe/London", "2027-03-28T01:30", "2027-03-28T01:30"),
        ("America/New_York", "2027-03-14T02:30", "2027-03-14T07:30"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45"),
        ("America/Santiago", "2026-09-06T00:30", "2026-09-06T04:30"),
        ("Asia/Beirut", "2027-03-28T00:00", "2027-03-27T22:00"),
        ("Pacific/Auckland", "2026-09-27T02:30", "2026-09-26T14:30"),
    ],
)
def test_time_that_the_clocks_skip_takes_the_offset_before(name: str, wall_clock: str, moment: str) -> None:
    assert to_utc(local(wall_clock), name) == utc(moment)
    assert to_local(utc(moment), name) > local(wall_clock)


@pytest.mark.parametrize(
    ("name", "wall_clock", "moment"),
    [
        ("Europe/London", "2026-10-25T01:30", "2026-10-25T00:30"),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30"),
        ("Australia/Lord_Howe", "2027-04-04T01:45", "2027-04-03T14:45"),
        ("America/Santiago", "2027-04-03T23:30", "2027-04-04T02:30"),
        ("Asia/Beirut", "2026-10-24T23:30", "2026-10-24T20:30"),
        ("Australia/Sydney", "2027-04-04T02:30", "2027-04-03T15:30"),
    ],
)
def test_time_that_happens_twice_is_the_first(name: str, wall_clock: str, moment: str) -> None:
    assert to_utc(local(wall_clock), name) == utc(moment)
    assert to_local(utc(moment), name) == local(wall_clock)


def test_second_turn_of_an_hour_is_ignored_on_the_way_in() -> None:
    second = local("2026-10-25T01:30").replace(fold=1)
    assert to_utc(second, "Europe/London") == utc("2026-10-25T00:30")
    assert to_local(utc("2026-10-25T01:30"), "Europe/London").fold == 0


@pytest.mark.parametrize("name", ["America/Phoenix", "UTC", "Asia/Kolkata"])
def test_zone_without_changes_has_one_offset_all_year(name: str) -> None:
    offsets = {
        day - to_utc(day, name).replace(tzinfo=None) for day in (local("2026-01-15T12:00"), local("2026-07-15T12:00"))
    }
    assert len(offsets) == 1


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "europe/london", "UTC\n"])
def test_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        zone(name)
    assert refused.value.field == "timezone"


def test_zones_come_from_the_package_of_this_version() -> None:
    assert {"America/New_York", "Australia/Lord_Howe", "UTC"} <= set(available_zones())
    assert list(available_zones()) == sorted(available_zones())
    assert tzdata_version().startswith("20")
    winter = local("2026-12-10T12:00")
    assert to_utc(winter, "America/Vancouver") - winter.replace(tzinfo=UTC) == timedelta(hours=7)
