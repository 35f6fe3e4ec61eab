"""recurring-ical-events, over icalendar and dateutil."""

from collections.abc import Sequence
from datetime import UTC, timedelta

import recurring_ical_events
from icalendar import Calendar

from tests.expanders.reading import Date, Window, inside, with_unknown_zones


def recurring(calendars: Sequence[bytes], window: Window) -> list[list[Date]]:
    return [_read(calendar, window) for calendar in calendars]


def _read(calendar: bytes, window: Window) -> list[Date]:
    events = recurring_ical_events.of(Calendar.from_ical(with_unknown_zones(calendar))).between(window[0], window[1])
    found = []
    for event in events:
        start = event["DTSTART"].dt.astimezone(UTC)
        length: timedelta = event.duration
        found.append(Date(start, start + length, event.get("STATUS") == "CANCELLED", str(event["SUMMARY"])))
    return inside(found, window)
