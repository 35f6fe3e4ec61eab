"""What single changes do to a series, and the schedules that no meeting can have."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from groupsite.domain.errors import InvalidInput, NotFound
from groupsite.domain.recurrence import (
    is_date_of,
    next_occurrences,
    occurrence_at,
    occurrence_key,
    occurrences,
    parse_key,
    validate,
)
from groupsite.domain.schedule import Occurrence, Override, Pause, Schedule, Venue
from groupsite.domain.words import Kind, Modality, Notice, OccurrenceStatus, OverrideAction
from tests.sample import FILE, WINDOW, SampleSeries, sample_series

FIRST = datetime(2026, 12, 1, 19, 0)
SECOND = datetime(2026, 12, 8, 19, 0)
LIBRARY = Venue("Library", "2 Oak Street")
SERIES = Schedule(
    timezone="America/New_York",
    dtstart_local=FIRST,
    duration_minutes=90,
    rrule="FREQ=WEEKLY;BYDAY=TU;COUNT=4",
    title="Evening",
    kind=Kind.SHARING,
    modality=Modality.IN_PERSON,
    venue=Venue("Hall"),
)


def dates(schedule: Schedule) -> list[Occurrence]:
    return occurrences(schedule, datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))


def with_changes(*overrides: Override, **values: Any) -> Schedule:
    return replace(SERIES, overrides=overrides, **values)


def _exceptions() -> list[tuple[str, dict[str, Any]]]:
    groups = json.loads(FILE.read_bytes())["groups"]
    return [
        (f"{group['slug']}/{series['slug']}", one)
        for group in groups
        for series in group["series"]
        for one in series["expected"].get("exceptions", [])
    ]


@pytest.mark.parametrize(("name", "told"), _exceptions())
def test_exception_of_the_sample_is_as_it_was_told(name: str, told: dict[str, Any]) -> None:
    schedule = next(series.schedule for series in sample_series() if str(series) == name)
    one = occurrence_at(schedule, datetime.fromisoformat(told["original_local"]))
    found = {
        "original_local": one.original_local.isoformat(timespec="minutes"),
        "status": one.status.value,
        "start_utc": f"{one.start_utc:%Y-%m-%dT%H:%MZ}",
        "end_utc": f"{one.end_utc:%Y-%m-%dT%H:%MZ}",
        "end_local": one.end_local.isoformat(timespec="minutes"),
    }
    assert {name: found[name] for name in told if name in found} == {name: told[name] for name in told if name in found}
    assert one in occurrences(schedule, *WINDOW)


def test_series_of_four_has_four_dates() -> None:
    assert [one.start_local for one in dates(SERIES)] == [FIRST + timedelta(weeks=week) for week in range(4)]


def test_cancelled_date_stays_in_its_place() -> None:
    found = dates(with_changes(Override(OverrideAction.CANCEL, SECOND, public_note="Snow.", notice=Notice.URGENT)))
    assert [one.status for one in found] == ["scheduled", "cancelled", "scheduled", "scheduled"]
    assert (found[1].public_note, found[1].notice, found[1].start_local) == ("Snow.", Notice.URGENT, SECOND)
    assert found[-1].start_local == datetime(2026, 12, 22, 19)


def test_moved_date_is_found_by_both_of_its_starts() -> None:
    moved = with_changes(Override(OverrideAction.MOVE, SECOND, new_start_local=datetime(2027, 3, 30, 12)))
    march = (datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))
    week = (datetime(2026, 12, 7, tzinfo=UTC), datetime(2026, 12, 10, tzinfo=UTC))
    expected = (SECOND, datetime(2027, 3, 30, 16, tzinfo=UTC), OccurrenceStatus.MOVED)
    for window in (march, week):
        (one,) = occurrences(moved, *window)
        assert (one.original_local, one.start_utc, one.status) == expected
    assert dates(moved)[-1].original_local == SECOND


def test_move_of_a_date_that_is_none_does_nothing() -> None:
    stray = Override(OverrideAction.MOVE, datetime(2026, 12, 9, 19), new_start_local=datetime(2026, 12, 10, 19))
    assert dates(with_changes(stray)) == dates(SERIES)


def test_range_moves_to_another_place_for_its_days() -> None:
    found = dates(
        with_changes(
            Override(OverrideAction.RELOCATE, first_date=date(2026, 12, 8), last_date=date(2026, 12, 15), venue=LIBRARY)
        )
    )
    assert [one.venue.name for one in found if one.venue] == ["Hall", "Library", "Library", "Hall"]
    assert [one.status for one in found] == ["scheduled", "relocated", "relocated", "scheduled"]


def test_changes_to_one_date_add_up_and_the_gravest_names_it() -> None:
    (one,) = [
        one
        for one in dates(
            with_changes(
                Override(OverrideAction.RETITLE, SECOND, title="Speakers", kind=Kind.SPEAKER, duration_minutes=180),
                Override(OverrideAction.CHANGE_MODALITY, SECOND, modality=Modality.ONLINE, public_note="Online."),
                Override(OverrideAction.MOVE, SECOND, new_start_local=datetime(2026, 12, 9, 18), public_note="Moved."),
            )
        )
        if one.original_local == SECOND
    ]
    assert (one.title, one.kind, one.modality) == ("Speakers", Kind.SPEAKER, Modality.ONLINE)
    assert (one.end_utc - one.start_utc, one.public_note) == (timedelta(minutes=180), "Online. Moved.")
    assert one.status is OccurrenceStatus.MOVED


@pytest.mark.parametrize(
    ("earlier", "later", "gives_way"),
    [
        (OverrideAction.CANCEL, OverrideAction.MOVE, True),
        (OverrideAction.CANCEL, OverrideAction.CANCEL, True),
        (OverrideAction.MOVE, OverrideAction.MOVE, True),
        (OverrideAction.MOVE, OverrideAction.RELOCATE, False),
        (OverrideAction.MOVE, OverrideAction.CANCEL, False),
    ],
)
def test_later_change_replaces_what_it_contradicts(
    earlier: OverrideAction, later: OverrideAction, gives_way: bool
) -> None:
    assert Override(earlier, SECOND).gives_way_to(Override(later, SECOND)) is gives_way
    assert not Override(earlier, FIRST).gives_way_to(Override(later, SECOND))


def test_change_of_a_range_never_gives_way_to_one_date() -> None:
    span = Override(OverrideAction.CANCEL, first_date=date(2026, 12, 1), last_date=date(2026, 12, 31))
    assert not span.gives_way_to(Override(OverrideAction.CANCEL, SECOND))


def test_kind_follows_week_of_month_then_weekday_of_the_original_date() -> None:
    rotating = with_changes(
        Override(OverrideAction.MOVE, SECOND, new_start_local=datetime(2026, 12, 16, 19)),
        kind_by_week_of_month={1: Kind.STEP_STUDY, 2: Kind.SPEAKER},
        kind_by_weekday={1: Kind.TOPIC},
    )
    kinds = {one.original_local.day: one.kind for one in dates(rotating)}
    assert kinds == {1: Kind.STEP_STUDY, 8: Kind.SPEAKER, 15: Kind.TOPIC, 22: Kind.TOPIC}


def test_pause_and_skipped_dates_are_gone_and_extra_ones_are_there() -> None:
    extra = datetime(2026, 12, 31, 20)
    altered = replace(
        SERIES,
        exdates_local=(FIRST,),
        rdates_local=(extra, datetime(2026, 12, 9, 12)),
        pauses=(Pause(date(2026, 12, 8), date(2026, 12, 14)),),
    )
    assert [one.start_local for one in dates(altered)] == [
        datetime(2026, 12, 15, 19),
        datetime(2026, 12, 22, 19),
        extra,
    ]
    assert [is_date_of(altered, one) for one in (FIRST, SECOND, extra)] == [False, False, True]


def test_single_date_takes_place_once() -> None:
    assert [one.start_local for one in dates(replace(SERIES, rrule=None))] == [FIRST]


def test_length_is_elapsed_time_across_a_clock_change() -> None:
    night = replace(SERIES, dtstart_local=datetime(2026, 10, 31, 23, 30), rrule=None, duration_minutes=180)
    (one,) = dates(night)
    assert (one.end_utc - one.start_utc, one.end_local) == (timedelta(hours=3), datetime(2026, 11, 1, 1, 30))


def test_time_that_is_skipped_is_shown_as_clocks_show_it() -> None:
    spring = replace(SERIES, timezone="Europe/London", dtstart_local=datetime(2027, 3, 28, 1, 30), rrule=None)
    (one,) = dates(spring)
    assert (one.original_local, one.start_local) == (datetime(2027, 3, 28, 1, 30), datetime(2027, 3, 28, 2, 30))


def test_next_dates_stop_when_the_series_does() -> None:
    after = datetime(2026, 12, 10, tzinfo=UTC)
    assert [one.start_local.day for one in next_occurrences(SERIES, after, 10)] == [15, 22]
    assert next_occurrences(SERIES, datetime(2100, 1, 1, tzinfo=UTC), 10) == []


def test_next_date_of_a_rare_rule_is_found() -> None:
    leap = replace(SERIES, dtstart_local=datetime(2028, 2, 29, 19), rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")
    found = next_occurrences(leap, datetime(2096, 3, 2, tzinfo=UTC), 2)
    assert [one.start_local.year for one in found] == [2104, 2108]


def test_key_names_the_original_start() -> None:
    assert (occurrence_key(FIRST), parse_key("2026-12-01T1900")) == ("2026-12-01T1900", FIRST)


@pytest.mark.parametrize(
    "text",
    ["", "2026-12-01", "2026-12-01T19:00", "2026-12-01T2400", "2026-13-01T1900", "0001-01-01T0000", "2026-12-1T1900",
     "2026-12-01T1900\n", "\u0662026-12-01T1900", "2026-12-01T1900Z", "x" * 10_000],
)  # fmt: skip
def test_key_that_names_nothing_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        parse_key(text)


@pytest.mark.parametrize("original", [datetime(1, 1, 1), SECOND + timedelta(days=1), datetime(9999, 12, 31, 23, 59)])
def test_date_that_is_none_is_not_found(original: datetime) -> None:
    with pytest.raises(NotFound):
        occurrence_at(SERIES, original)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"duration_minutes": 1441}, "duration_minutes"),
        ({"dtstart_local": datetime(2200, 1, 1)}, "dtstart_local"),
        ({"dtstart_local": datetime(1969, 12, 31)}, "dtstart_local"),
        ({"dtstart_local": datetime(2026, 12, 1, 19, 0, 1)}, "dtstart_local"),
        ({"dtstart_local": datetime(2026, 12, 1, 19, tzinfo=UTC)}, "dtstart_local"),
        ({"rdates_local": (datetime(9999, 1, 1),)}, "rdates_local"),
        ({"rdates_local": (datetime(2026, 12, 1, tzinfo=timezone(timedelta(hours=1))),)}, "rdates_local"),
        ({"exdates_local": (datetime(1, 1, 1),)}, "exdates_local"),
        ({"rrule": "FREQ=HOURLY"}, "rrule"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "rrule"),
        ({"rrule": "FREQ=WEEKLY;UNTIL=20261130T000000Z"}, "rrule"),
        ({"pauses": (Pause(date(2026, 12, 2), date(2026, 12, 1)),)}, "pauses"),
        ({"overrides": (Override(OverrideAction.MOVE, SECOND),)}, "new_start_local"),
        (
            {"overrides": (Override(OverrideAction.MOVE, SECOND, new_start_local=datetime(9999, 1, 1)),)},
            "new_start_local",
        ),
        ({"overrides": (Override(OverrideAction.RETITLE, SECOND, duration_minutes=9999),)}, "duration_minutes"),
        ({"overrides": (Override(OverrideAction.CANCEL),)}, "overrides"),
        ({"overrides": (Override(OverrideAction.CANCEL, first_date=date(2026, 12, 1)),)}, "overrides"),
        (
            {
                "overrides": (
                    Override(
                        OverrideAction.MOVE,
                        first_date=date(2026, 12, 1),
                        last_date=date(2026, 12, 8),
                        new_start_local=SECOND,
                    ),
                )
            },
            "new_start_local",
        ),
    ],
)
def test_schedule_that_no_meeting_can_have_is_refused(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        validate(replace(SERIES, **wrong))
    assert refused.value.field == field


@pytest.mark.parametrize("series", sample_series(), ids=str)
def test_schedule_of_the_sample_is_valid(series: SampleSeries) -> None:
    validate(series.schedule)
