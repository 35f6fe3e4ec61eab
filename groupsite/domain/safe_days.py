"""The days of somebody's week on which mail may reach her, as bits: 1 is Monday, 64 is Sunday."""

from collections.abc import Iterable
from datetime import date

EVERY_DAY = 0b1111111
NO_DAY = 0


def as_bits(weekdays: Iterable[int]) -> int:
    """From numbers of weekdays, Monday is 0."""
    return sum({1 << weekday for weekday in weekdays})


def weekdays_in(safe_days: int) -> list[int]:
    """The numbers of the weekdays, Monday is 0, in their order."""
    return [weekday for weekday in range(7) if safe_days & (1 << weekday)]


def is_safe(day: date, safe_days: int) -> bool:
    return bool(safe_days & (1 << day.weekday()))
