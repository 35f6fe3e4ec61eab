"""IANA zones from the `tzdata` package alone, and the two rules for wall-clock times that clock changes touch."""

import importlib.metadata
import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from groupsite.domain.errors import InvalidInput

A_DAY = timedelta(days=1)

zoneinfo.reset_tzpath(to=())


@cache
def available_zones() -> tuple[str, ...]:
    """Every zone name that tzdata knows, sorted."""
    return tuple(sorted(zoneinfo.available_timezones()))


@cache
def _names() -> frozenset[str]:
    return frozenset(available_zones())


def is_known(name: str) -> bool:
    return name in _names()


def zone(name: str) -> ZoneInfo:
    """The zone of this name. Raises InvalidInput for a name that tzdata does not have."""
    if not is_known(name):
        raise InvalidInput("timezone", "This is not a time zone we know. Choose one such as America/New_York.")
    return ZoneInfo(name)


def to_utc(local: datetime, timezone: str) -> datetime:
    """The moment (aware UTC) of a naive wall-clock time.

    A time that the clocks skip takes the offset from before the gap; one that happens twice is the first (PEP 495, fold=0).
    """
    return local.replace(tzinfo=zone(timezone), fold=0).astimezone(UTC)


def to_local(moment: datetime, timezone: str) -> datetime:
    """The naive wall-clock time at this moment."""
    return moment.astimezone(zone(timezone)).replace(tzinfo=None, fold=0)


@cache
def tzdata_version() -> str:
    """Of the zone data that everything here follows: `2026.3`."""
    return importlib.metadata.version("tzdata")


def as_numbers(version: str) -> tuple[int, ...]:
    """A version to compare with another; empty for none."""
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def year_of_zone_data() -> int:
    """The year of the newest rules that we know; of later years zones may still think better."""
    return int(tzdata_version().partition(".")[0])
