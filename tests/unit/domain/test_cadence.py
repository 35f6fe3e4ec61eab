from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from groupsite.domain.cadence import Cadence, Repeats, align_start, cadence_of, describe, to_rrule
from groupsite.domain.errors import InvalidInput
from groupsite.domain.schedule import Schedule
from groupsite.domain.words import Kind, Modality
from tests.sample import sample_series

WEDNESDAY = datetime(2026, 11, 25, 19, 0)


def schedule(rrule: str | None) -> Schedule:
    return Schedule("Europe/London", WEDNESDAY, 60, rrule, "Evening", Kind.SHARING, Modality.ONLINE)


@pytest.mark.parametrize(
    ("choices", "rrule", "sentence"),
    [
        ({"repeats": Repeats.ONCE}, None, "Once, on 25 November 2026"),
        ({"repeats": Repeats.WEEKLY}, "FREQ=WEEKLY;BYDAY=WE", "Every Wednesday"),
        (
            {"repeats": Repeats.WEEKLY, "weekdays": (3, 1, 3)},
            "FREQ=WEEKLY;BYDAY=TU,TH",
            "Every Tuesday and Thursday",
        ),
        (
            {"repeats": Repeats.WEEKLY, "weekdays": (3,), "interval": 2},
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
            "Every other Thursday",
        ),
        (
            {"repeats": Repeats.WEEKLY, "weekdays": (6,), "interval": 3, "count": 12},
            "FREQ=WEEKLY;INTERVAL=3;BYDAY=SU;COUNT=12",
            "Every 3 weeks on Sunday, 12 times",
        ),
        (
            {"repeats": Repeats.MONTHLY, "weekdays": (1,), "weeks_of_month": (3, 1)},
            "FREQ=MONTHLY;BYDAY=1TU,3TU",
            "The first and third Tuesday of each month",
        ),
        (
            {"repeats": Repeats.MONTHLY, "weekdays": (4,), "weeks_of_month": (-1,), "until": date(2027, 6, 30)},
            "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20270630T225959Z",
            "The last Friday of each month, until 30 June 2027",
        ),
        (
            {"repeats": Repeats.MONTHLY, "weekdays": (0, 2), "weeks_of_month": (1, -1)},
            "FREQ=MONTHLY;BYDAY=1MO,1WE,-1MO,-1WE",
            "The first and last Monday and Wednesday of each month",
        ),
    ],
)
def test_choices_make_a_rule_and_a_sentence(choices: dict[str, Any], rrule: str | None, sentence: str) -> None:
    made = to_rrule(Cadence(**choices), WEDNESDAY, "Europe/London")
    assert (made, describe(schedule(made))) == (rrule, sentence)


@pytest.mark.parametrize(
    ("choices", "field"),
    [
        ({"repeats": Repeats.WEEKLY, "weekdays": (7,)}, "weekdays"),
        ({"repeats": Repeats.WEEKLY, "weekdays": (-1,)}, "weekdays"),
        ({"repeats": Repeats.WEEKLY, "interval": 0}, "interval"),
        ({"repeats": Repeats.WEEKLY, "interval": 53}, "interval"),
        ({"repeats": Repeats.WEEKLY, "count": 0}, "count"),
        ({"repeats": Repeats.WEEKLY, "count": 10**9}, "count"),
        ({"repeats": Repeats.WEEKLY, "until": date(9999, 12, 31)}, "until"),
        ({"repeats": Repeats.MONTHLY}, "weeks_of_month"),
        ({"repeats": Repeats.MONTHLY, "weeks_of_month": (6,)}, "weeks_of_month"),
        ({"repeats": Repeats.MONTHLY, "weeks_of_month": (0,)}, "weeks_of_month"),
    ],
)
def test_choice_that_makes_no_rule_is_named(choices: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        to_rrule(Cadence(**choices), WEDNESDAY, "Europe/London")
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("rrule", "first"),
    [
        (None, WEDNESDAY),
        ("FREQ=WEEKLY;BYDAY=WE", WEDNESDAY),
        ("FREQ=WEEKLY;BYDAY=TU", datetime(2026, 12, 1, 19)),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", datetime(2026, 12, 1, 19)),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", datetime(2026, 11, 26, 19)),
        ("FREQ=MONTHLY;BYDAY=-1FR", datetime(2026, 11, 27, 19)),
        ("FREQ=MONTHLY;BYDAY=5MO", datetime(2026, 11, 30, 19)),
        ("FREQ=MONTHLY;BYDAY=1TU,3TU;COUNT=2", datetime(2026, 12, 1, 19)),
    ],
)
def test_series_begins_on_the_first_date_of_its_rule(rrule: str | None, first: datetime) -> None:
    assert align_start(rrule, WEDNESDAY, "Europe/London") == first


@pytest.mark.parametrize("rrule", ["FREQ=WEEKLY;BYDAY=TU;UNTIL=20261126", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"])
def test_series_without_a_date_is_refused(rrule: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        align_start(rrule, WEDNESDAY, "Europe/London")
    assert refused.value.field == "first_date"


@pytest.mark.parametrize(
    ("rrule", "sentence"),
    [
        ("FREQ=DAILY", "Every day"),
        ("FREQ=DAILY;INTERVAL=3", "Every 3 days"),
        ("FREQ=WEEKLY", "Every Wednesday"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", "The second Tuesday of each month"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO", "The first Monday of every 2 months"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "Day 1 and 15 of each month"),
        ("FREQ=DAILY;INTERVAL=2;BYDAY=MO", "On the dates listed"),
        ("FREQ=WEEKLY;BYDAY=TU;BYMONTH=9,10", "On the dates listed"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "On the dates listed"),
        ("FREQ=MONTHLY;BYDAY=1MO,3TU", "On the dates listed"),
        ("FREQ=MONTHLY;BYMONTH=1;BYDAY=1MO", "On the dates listed"),
        ("FREQ=YEARLY", "On the dates listed"),
    ],
)
def test_sentence_says_all_of_a_rule_or_nothing(rrule: str, sentence: str) -> None:
    assert describe(schedule(rrule)) == sentence


def test_dates_without_a_rule_are_not_called_one() -> None:
    several = replace(schedule("FREQ=WEEKLY"), rrule=None, rdates_local=(datetime(2026, 12, 9, 19),))
    assert describe(several) == "On the dates listed"


def test_sample_is_described_in_plain_words() -> None:
    sentences = {str(series): describe(series.schedule) for series in sample_series()}
    assert sentences["open-door-beginners/main"] == "The first and third Tuesday of each month"
    assert sentences["harbour-thursdays/main"] == "Every other Thursday"
    assert sentences["southern-cross/main-1900"] == "Every Wednesday, until 28 April 2027"
    assert sentences["twelve-lamps-step-circle/run-1"] == "Every Sunday, 12 times"
    assert sentences["kowhai-women/fifth-monday"] == "The fifth Monday of each month"
    assert "On the dates listed" not in sentences.values()


@pytest.mark.parametrize(
    "choices",
    [
        {"repeats": Repeats.ONCE},
        {"repeats": Repeats.WEEKLY, "weekdays": (1, 3)},
        {"repeats": Repeats.WEEKLY, "weekdays": (6,), "interval": 2},
        {"repeats": Repeats.MONTHLY, "weekdays": (1,), "weeks_of_month": (1, 3)},
        {"repeats": Repeats.MONTHLY, "weekdays": (0, 2), "weeks_of_month": (-1, 1)},
    ],
)
def test_rule_of_choices_gives_the_choices_back_without_their_end(choices: dict[str, Any]) -> None:
    for end in ({}, {"count": 12}, {"until": date(2027, 6, 30)}):
        rrule = to_rrule(Cadence(**choices, **end), WEDNESDAY, "Europe/London")
        assert cadence_of(schedule(rrule)) == Cadence(**choices)


def test_rule_without_its_own_day_gives_the_day_of_the_first_date() -> None:
    assert cadence_of(schedule("FREQ=WEEKLY")) == Cadence(Repeats.WEEKLY, (2,))


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=DAILY", "FREQ=YEARLY", "FREQ=MONTHLY;BYMONTHDAY=15", "FREQ=MONTHLY;BYDAY=WE", "FREQ=MONTHLY;BYDAY=-2WE",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=1WE", "FREQ=MONTHLY;BYDAY=WE;BYSETPOS=1", "FREQ=MONTHLY;BYDAY=1MO,2TU",
        "FREQ=WEEKLY;BYDAY=WE;BYMONTH=3", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU",
    ],
)  # fmt: skip
def test_rule_that_no_choices_give_gives_none(rrule: str) -> None:
    assert cadence_of(schedule(rrule)) is None
