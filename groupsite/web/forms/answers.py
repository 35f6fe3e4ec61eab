"""Reads answers out of a form that has been validated, with their types."""

from typing import TypeVar

from wtforms import Field

Answer = TypeVar("Answer")


def answer(field: Field, kind: type[Answer]) -> Answer:
    """The field's value. Raises TypeError when there is none of this type: then the form was not validated."""
    value = field.data
    if not isinstance(value, kind):
        raise TypeError(f"{field.name} has no answer")
    return value


def text(field: Field) -> str:
    return answer(field, str)


def numbers(field: Field) -> tuple[int, ...]:
    """The ticked values of a list whose values are whole numbers."""
    return tuple(int(value) for value in answer(field, list))
