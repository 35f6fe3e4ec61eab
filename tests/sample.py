"""The sample of 12 groups, with the starts that its makers worked out independently."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from groupsite.domain.schedule import Schedule
from groupsite.formats import group_file

FILE = Path(__file__).parent / "data" / "sample_groups.json"
WINDOW = (datetime(2026, 8, 31, tzinfo=UTC), datetime(2027, 7, 2, tzinfo=UTC))
"""A day more on each side than the sample's window of local dates, 1 September 2026 to 30 June 2027."""


@dataclass(frozen=True)
class SampleSeries:
    group: str
    slug: str
    schedule: Schedule
    held_utc: tuple[datetime, ...]
    """Starts of every date in the window that is held."""

    def __str__(self) -> str:
        return f"{self.group}/{self.slug}"


@cache
def sample_series() -> tuple[SampleSeries, ...]:
    raw = FILE.read_bytes()
    document = json.loads(raw)
    return tuple(
        SampleSeries(group.slug, series.slug, series.schedule, _held(said["expected"]))
        for group, told in zip(group_file.parse(raw).groups, document["groups"], strict=True)
        for series, said in zip(group.series, told["series"], strict=True)
    )


def is_in_window(local: datetime) -> bool:
    """Whether a local start lies in the sample's window of dates."""
    return datetime(2026, 9, 1) <= local < datetime(2027, 7, 1)


def _held(expected: dict[str, Any]) -> tuple[datetime, ...]:
    if "starts_utc" in expected:
        return tuple(_moment(text) for text in expected["starts_utc"])
    first = _moment(expected["first"])
    starts = tuple(first + timedelta(days=day) for day in range(expected["meetings_held"]))
    assert starts[-1] == _moment(expected["last"])
    return starts


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
