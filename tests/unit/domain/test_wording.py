"""What people read: never two meanings, in the zone that is named."""

from datetime import UTC, date, datetime, timedelta

import pytest

from groupsite.domain.wording import (
    clock_change_words,
    clock_words,
    date_words,
    day_words,
    hours_words,
    length_words,
    near_word,
    zone_words,
)

TODAY = date(2026, 11, 24)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (TODAY, "Today, Tuesday 24 November"),
        (date(2026, 11, 25), "Tomorrow, Wednesday 25 November"),
        (date(2026, 11, 26), "Thursday 26 November"),
        (date(2026, 11, 23), "Monday 23 November"),
        (date(2027, 1, 1), "Friday 1 January 2027"),
    ],
)
def test_day_says_near_words_first_and_another_year_last(day: date, words: str) -> None:
    assert day_words(day, TODAY) == words


def test_tomorrow_may_be_in_another_year() -> None:
    assert day_words(date(2027, 1, 1), date(2026, 12, 31)) == "Tomorrow, Friday 1 January 2027"


def test_near_word_is_empty_for_other_days() -> None:
    assert [near_word(TODAY + timedelta(days=days), TODAY) for days in (-1, 0, 1, 2)] == ["", "Today", "Tomorrow", ""]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-11-24T19:00", "2026-11-24T20:30", "19:00–20:30"),
        ("2026-11-24T22:30", "2026-11-25T00:00", "22:30–00:00"),
        ("2026-11-28T23:30", "2026-11-29T01:15", "23:30 to 01:15 the next day"),
        ("2026-11-24T00:00", "2026-11-25T00:00", "all day"),
        ("2026-11-24T19:00", "2026-11-25T19:00", "19:00 to 19:00 the next day"),
        ("2026-11-01T20:00", "2026-11-02T19:00", "20:00 to 19:00 the next day"),
        ("2026-11-24T00:00", "2026-11-24T01:00", "00:00–01:00"),
    ],
)
def test_hours_say_when_they_end_on_another_day(start: str, end: str, words: str) -> None:
    assert hours_words(datetime.fromisoformat(start), datetime.fromisoformat(end)) == words


def test_today_is_that_of_the_zone() -> None:
    """19:00 in New York is the next day in London; at nine in the morning UTC it is the 24th in both."""
    start, end, now = utc("2026-11-25T00:00"), utc("2026-11-25T01:30"), utc("2026-11-24T09:00")
    assert clock_words(start, end, "America/New_York", now) == (
        "Today, Tuesday 24 November",
        "19:00–20:30",
        "New York time",
    )
    assert clock_words(start, end, "Europe/London", now) == (
        "Tomorrow, Wednesday 25 November",
        "00:00–01:30",
        "London time",
    )


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/New_York", "New York time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("UTC", "UTC"),
        ("Pacific/Auckland", "Auckland time"),
    ],
)
def test_zone_is_called_by_its_town(zone: str, words: str) -> None:
    assert zone_words(zone) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 minute"), (45, "45 minutes"), (60, "1 hour"), (90, "90 minutes"), (120, "2 hours"), (1440, "24 hours")],
)
def test_length_is_in_hours_only_when_whole(minutes: int, words: str) -> None:
    assert length_words(minutes) == words


def test_date_has_no_leading_zero() -> None:
    assert date_words(date(2026, 4, 2)) == "2 April 2026"


@pytest.mark.parametrize(
    ("start", "zone", "words"),
    [
        ("2026-10-25T00:30", "Europe/London", "back"),
        ("2027-03-28T01:30", "Europe/London", "forward"),
        ("2026-10-03T15:30", "Australia/Lord_Howe", "forward"),
        ("2026-11-24T19:00", "Europe/London", ""),
        ("2026-10-25T00:30", "Asia/Kolkata", ""),
        ("2026-10-25T13:30", "Europe/London", ""),
    ],
)
def test_clock_change_is_told_within_twelve_hours(start: str, zone: str, words: str) -> None:
    told = clock_change_words(utc(start), zone)
    assert (words in told, bool(told)) == (True, bool(words))


@pytest.mark.parametrize(
    ("start", "zone", "is_first_of_two"),
    [
        ("2026-10-25T00:30", "Europe/London", True),
        ("2026-10-25T01:30", "Europe/London", False),
        ("2026-10-25T02:30", "Europe/London", False),
        ("2027-04-03T14:45", "Australia/Lord_Howe", True),
    ],
)
def test_hour_that_comes_twice_is_the_first(start: str, zone: str, is_first_of_two: bool) -> None:
    assert ("comes twice" in clock_change_words(utc(start), zone)) is is_first_of_two
