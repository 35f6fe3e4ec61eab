"""Which IANA zone a foreign TZID means: programs write paths before it, Windows names, or names of their own."""

from collections.abc import Iterator, Mapping
from functools import cache

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from groupsite.domain.zones import available_zones, is_known

DEEPEST = 3
"""Parts of the longest names: America/Argentina/Salta."""


def zone_of(tzid: str, places: Mapping[str, str]) -> str | None:
    """The IANA name, or None when nobody can tell. `places` is X-LIC-LOCATION by TZID.

    Windows names follow the Unicode CLDR's table, as icalendar ships it.
    """
    for name in (tzid, places.get(tzid, "")):
        found = next(_meant_by(name.strip().strip('"')), None)
        if found:
            return found
    return None


def _meant_by(name: str) -> Iterator[str]:
    windows = WINDOWS_TO_OLSON.get(name)
    if windows and is_known(windows):
        yield windows
    parts = name.split("/")
    for length in range(DEEPEST, 0, -1):
        known = _by_small_letters().get("/".join(parts[-length:]).lower())
        if known:
            yield known


@cache
def _by_small_letters() -> Mapping[str, str]:
    return {name.lower(): name for name in available_zones()}
