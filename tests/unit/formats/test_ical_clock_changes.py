"""Dates that a clock change touches: what a reader of the calendar makes of them is what the page says."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import recurring_ical_events
from icalendar import Calendar

from groupsite.domain.recurrence import occurrences
from groupsite.domain.schedule import Override, Pause, Schedule
from groupsite.domain.words import Kind, Modality, OccurrenceStatus, OverrideAction
from groupsite.formats.ical import CalendarSeries, calendar, series_block

NOW = datetime(2026, 8, 1, tzinfo=UTC)
WINDOW = (datetime(2026, 9, 1, tzinfo=UTC), datetime(2027, 6, 30, tzinfo=UTC))
GAP = datetime(2027, 3, 28, 1, 30)
"""London's clocks go from 01:00 to 02:00."""
TWICE = datetime(2026, 10, 25, 1, 30)
"""London's clocks go from 02:00 back to 01:00."""

NIGHTLY = Schedule(
    timezone="Europe/London",
    dtstart_local=datetime(2026, 10, 23, 1, 30),
    duration_minutes=60,
    rrule="FREQ=DAILY",
    title="Late",
    kind=Kind.SHARING,
    modality=Modality.ONLINE,
)
EVENINGS = replace(NIGHTLY, dtstart_local=datetime(2026, 10, 23, 20, 30))

SCHEDULES = {
    "nightly": NIGHTLY,
    "begins in the gap": replace(NIGHTLY, dtstart_local=GAP, rrule="FREQ=WEEKLY"),
    "begins in the hour that comes twice": replace(NIGHTLY, dtstart_local=TWICE, rrule="FREQ=WEEKLY"),
    "half an hour of change": replace(
        NIGHTLY, timezone="Australia/Lord_Howe", dtstart_local=datetime(2026, 10, 2, 2, 15)
    ),
    "without the date in the gap": replace(NIGHTLY, exdates_local=(GAP,)),
    "without the date that comes twice": replace(NIGHTLY, exdates_local=(TWICE,)),
    "cancelled in the gap": replace(NIGHTLY, overrides=(Override(OverrideAction.CANCEL, GAP),)),
    "cancelled where it comes twice": replace(NIGHTLY, overrides=(Override(OverrideAction.CANCEL, TWICE),)),
    "moved into the gap": replace(
        EVENINGS,
        overrides=(Override(OverrideAction.MOVE, datetime(2027, 3, 27, 20, 30), new_start_local=GAP),),
    ),
    "moved out of the gap": replace(
        NIGHTLY, overrides=(Override(OverrideAction.MOVE, GAP, new_start_local=datetime(2027, 3, 28, 5, 15)),)
    ),
    "moved to the hour that comes twice": replace(
        EVENINGS,
        overrides=(Override(OverrideAction.MOVE, datetime(2026, 10, 24, 20, 30), new_start_local=TWICE),),
    ),
    "elsewhere while clocks change": replace(
        NIGHTLY,
        overrides=(
            Override(
                OverrideAction.RETITLE, first_date=date(2027, 3, 27), last_date=date(2027, 3, 29), title="Elsewhere"
            ),
        ),
    ),
    "extra date in the gap": replace(EVENINGS, rdates_local=(GAP,)),
    "pause over the change": replace(NIGHTLY, pauses=(Pause(date(2026, 10, 25), date(2026, 10, 26)),)),
    "ends in the gap": replace(NIGHTLY, rrule="FREQ=DAILY;UNTIL=20270328T013000"),
    "rule ended before it began": replace(
        EVENINGS,
        rrule="FREQ=WEEKLY;UNTIL=20261001T203000",
        rdates_local=(datetime(2026, 11, 3, 20, 30), datetime(2026, 11, 9, 20, 30)),
    ),
}


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
def test_readers_see_the_moments_of_the_page(schedule: Schedule) -> None:
    series = CalendarSeries(uid="0f8fad5b@dates.invalid", schedule=schedule, sequence=0, created=NOW, changed=NOW)
    zones = [(schedule.timezone, schedule.dtstart_local.year)]
    read = Calendar.from_ical(calendar([series_block(series, now=NOW)], zones, name="Dates"))
    seen = [
        (
            one["DTSTART"].dt.astimezone(UTC),
            one["STATUS"] == "CANCELLED",
            str(one["SUMMARY"]).removeprefix("Cancelled: "),
        )
        for one in recurring_ical_events.of(read).between(*WINDOW)
    ]
    shown = [
        (one.start_utc, one.status is OccurrenceStatus.CANCELLED, one.title) for one in occurrences(schedule, *WINDOW)
    ]
    assert sorted(seen) == sorted(shown)
    assert shown
