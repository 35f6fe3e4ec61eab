"""Fields that belong to one answer of another field: needed with it, left alone without it."""

from wtforms import Field, Form
from wtforms.validators import StopValidation


class OnlyWith:
    """The field counts only if `other` was answered with one of `answers`; then `needed` is said if it is empty.

    Otherwise whatever stands in it is neither checked nor used: the reader may not even see it.
    """

    def __init__(self, other: str, *answers: str, needed: str = "") -> None:
        self.other = other
        self.answers = answers
        self.needed = needed
        self.field_flags = {"conditional": bool(needed)}

    def __call__(self, form: Form, field: Field) -> None:
        is_empty = not field.raw_data or not any(str(item).strip() for item in field.raw_data)
        if not counts(form, self.other, self.answers):
            field.errors = []
            raise StopValidation
        if is_empty:
            field.errors = []
            raise StopValidation(self.needed) if self.needed else StopValidation


def counts(form: Form, other: str, answers: tuple[str, ...]) -> bool:
    return form[other].data in answers
