"""Dates that a clock change touches: what a reader of the calendar makes of them is what the page says."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import recurring_ical_events
from icalendar import Calendar

from groupsite.domain.recurrence import occurrences
from groupsite.domain.schedule import Override, Pause, Schedule
from groupsite.domain.words import Kind, Modality, OccurrenceStatus, OverrideAction
from groupsite.formats.calendar_series import CalendarSeries
from groupsite.formats.ical import calendar, series_block

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


def written(schedule: Schedule) -> bytes:
    series = CalendarSeries(uid="0f8fad5b@dates.invalid", schedule=schedule, sequence=0, created=NOW, changed=NOW)
    return series_block(series, now=NOW)


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
def test_readers_see_the_moments_of_the_page(schedule: Schedule) -> None:
    zones = [(schedule.timezone, schedule.dtstart_local.year)]
    read = Calendar.from_ical(calendar([written(schedule)], zones, name="Dates"))
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


@pytest.mark.parametrize(
    ("original", "moment"),
    [(b"20261025T013000", b"20261025T003000Z"), (b"20270328T013000", b"20270328T013000Z")],
)
def test_hour_that_comes_twice_or_never_is_written_in_utc(original: bytes, moment: bytes) -> None:
    dates = {
        one["RECURRENCE-ID"].to_ical(): one["DTSTART"].to_ical()
        for one in Calendar.from_ical(calendar([written(NIGHTLY)], [], name="Dates")).walk("VEVENT")
        if "RECURRENCE-ID" in one
    }
    assert dates[original] == moment


def test_evening_is_written_once() -> None:
    assert written(EVENINGS).count(b"BEGIN:VEVENT") == 1


@pytest.mark.parametrize(
    ("until", "written_until"),
    [
        ("20261025T013000", b"UNTIL=20261025T013000Z"),
        ("20261025T012900", b"UNTIL=20261024T003000Z"),
        ("20270328T013000", b"UNTIL=20270328T013000Z"),
        ("20270401", b"UNTIL=20270401T003000Z"),
    ],
)
def test_rule_ends_with_its_last_start_by_everybodys_clock(until: str, written_until: bytes) -> None:
    assert written_until in written(replace(NIGHTLY, rrule=f"FREQ=DAILY;UNTIL={until}"))


def test_length_is_in_hours_because_days_are_not_all_as_long() -> None:
    assert b"DURATION:PT24H\r\n" in written(replace(NIGHTLY, duration_minutes=1440))


def test_date_without_a_rule_has_one_when_others_go_with_it_or_it_is_skipped() -> None:
    alone = replace(EVENINGS, rrule=None)
    first = alone.dtstart_local
    rule = b"RRULE:FREQ=DAILY;COUNT=1\r\n"
    changed = (replace(alone, rdates_local=(datetime(2026, 11, 3, 20, 30),)), replace(alone, exdates_local=(first,)))
    assert [rule in written(one) for one in (alone, *changed)] == [False, True, True]
