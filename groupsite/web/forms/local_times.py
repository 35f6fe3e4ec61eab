"""Dates and wall-clock times that people type."""

from collections.abc import Iterator
from datetime import date, datetime, time

from wtforms import Field, Form
from wtforms.validators import ValidationError

EARLIEST = date(2000, 1, 1)
LATEST = date(2099, 12, 31)
MOST_LINES = 100


class Sensible:
    """Refuses years in which nobody meets: a slip of the finger, or worse."""

    def __call__(self, _form: Form, field: Field) -> None:
        if field.data is not None and not EARLIEST <= field.data <= LATEST:
            raise ValidationError(f"Please give a date between {EARLIEST.year} and {LATEST.year}.")


def moments(text: str, usual: time) -> Iterator[datetime]:
    """Naive local moments, one for each line that is not empty: a date, at `usual` unless the line has its own time.

    Raises ValueError with a whole sentence.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise ValueError(f"Please keep it to {MOST_LINES} dates.")
    for line in lines:
        yield _moment(line, usual)


def _moment(line: str, usual: time) -> datetime:
    day_text, _, time_text = line.replace("T", " ").partition(" ")
    try:
        day = date.fromisoformat(day_text)
        at = time.fromisoformat(time_text.strip()) if time_text else usual
    except ValueError:
        raise ValueError(f"“{line[:30]}” is not a date such as 2026-12-31 or 2026-12-31 20:00.") from None
    if not EARLIEST <= day <= LATEST or at.tzinfo is not None:
        raise ValueError(f"“{line[:30]}” is not a date between {EARLIEST.year} and {LATEST.year}.")
    return datetime.combine(day, at.replace(second=0, microsecond=0))


class Moments:
    """Refuses lines that are not moments."""

    def __call__(self, _form: Form, field: Field) -> None:
        try:
            list(moments(field.data or "", time()))
        except ValueError as error:
            raise ValidationError(str(error)) from None
