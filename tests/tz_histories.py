"""Zones whose clocks have done and will do the same between two moments, read from the zone data itself (TZif, RFC 9636)."""

import importlib.resources
import re
import struct
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

HEADER = struct.Struct(">4sc15x6L")
NAME = re.compile(r"<[^>]*>|[A-Za-z]{3,}")


@dataclass(frozen=True, slots=True)
class History:
    """Offsets in seconds east of Greenwich: the one in force at first, each later one with its moment, and the rule after them."""

    first: int
    changes: tuple[tuple[int, int], ...]
    goes_on: str


class Counts(NamedTuple):
    isut: int
    isstd: int
    leap: int
    time: int
    type: int
    char: int

    def length(self, size: int) -> int:
        return self.time * (size + 1) + self.type * 6 + self.char + self.leap * (size + 4) + self.isstd + self.isut


def zones_by_history(names: tuple[str, ...], since: datetime, until: datetime) -> dict[History, list[str]]:
    found: dict[History, list[str]] = defaultdict(list)
    for name in names:
        found[history(_data(name), int(since.timestamp()), int(until.timestamp()))].append(name)
    return dict(found)


def _data(name: str) -> bytes:
    return importlib.resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()


def history(data: bytes, since: int, until: int) -> History:
    """Of a file of version 2 or later, whose second part has 64-bit moments."""
    second = HEADER.size + _counts(data, 0).length(4)
    counts, at = _counts(data, second), second + HEADER.size
    moments = struct.unpack_from(f">{counts.time}q", data, at)
    kinds = data[at + counts.time * 8 : at + counts.time * 9]
    types = [struct.unpack_from(">lBB", data, at + counts.time * 9 + number * 6)[0] for number in range(counts.type)]
    changes = [(moment, types[kind]) for moment, kind in zip(moments, kinds, strict=True)]
    before = [offset for moment, offset in changes if moment <= since]
    footer = data[at + counts.length(8) :].decode().strip()
    return History(
        first=before[-1] if before else types[0],
        changes=tuple((moment, offset) for moment, offset in changes if since < moment < until),
        goes_on=NAME.sub("X", footer),
    )


def _counts(data: bytes, at: int) -> Counts:
    magic, version, *counts = HEADER.unpack_from(data, at)
    assert magic == b"TZif"
    assert version >= b"2"
    return Counts(*counts)
