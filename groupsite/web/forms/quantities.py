"""Whole numbers that people type."""

from typing import Any

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

MOST_DIGITS = 9


class WholeNumber(IntegerField):
    """Refuses what no quantity on these pages needs before it becomes a number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        digits = typed.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
            raise ValueError("Please give a whole number, in digits.")
        self.data = int(typed)


def whole(
    label: str, least: int, most: int, unit: str, *, needed: str = "", first: Any = None, **options: Any
) -> WholeNumber:
    """A number from `least` to `most`. `needed` is said when it is missing; `first` decides about presence instead."""
    presence = first or InputRequired(needed)
    within = NumberRange(least, most, f"Please give between {least} and {most} {unit}.")
    return WholeNumber(label, [presence, within], **options)
