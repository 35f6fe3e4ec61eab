"""What people type, as fields: tidied at the edges, refused with a whole sentence where it cannot stand on a page."""

from collections.abc import Sequence
from typing import Any

from wtforms import Field, Form, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from groupsite.domain.plain_text import unusable_character
from groupsite.formats.plain_text import https_problem

LINE = 120
PARAGRAPHS = 2000


class Usable:
    """Refuses line breaks in one line, and control or direction characters anywhere."""

    def __init__(self, *, lines: bool = False) -> None:
        self.lines = lines

    def __call__(self, _form: Form, field: Field) -> None:
        found = unusable_character(field.data or "", lines=self.lines)
        if found:
            raise ValidationError(f"Please take out {found}.")


def secure_link(_form: Form, field: Field) -> None:
    """A whole https:// address, or nothing."""
    problem = https_problem(field.data) if field.data else None
    if problem:
        raise ValidationError(problem)


def line(
    label: str, *, needed: str = "", longest: int = LINE, first: Any = None, also: Sequence[Any] = (), **options: Any
) -> StringField:
    """One line of text. `needed` is the sentence shown when it is missing; without it the field may stay empty.

    `first` is a validator that decides about presence instead; `also` come after the checks that every line gets.
    """
    validators = [first or _presence(needed), Usable(), _longest(longest), *also]
    return StringField(label, validators, filters=[_trimmed], **options)


def paragraphs(
    label: str, *, needed: str = "", longest: int = PARAGRAPHS, also: Sequence[Any] = (), **options: Any
) -> TextAreaField:
    """Several lines of text; line ends arrive as line feeds."""
    validators = [_presence(needed), Usable(lines=True), _longest(longest), *also]
    return TextAreaField(label, validators, filters=[_line_feeds, _trimmed], **options)


def _presence(needed: str) -> DataRequired | Optional:
    return DataRequired(needed) if needed else Optional()


def _longest(longest: int) -> Length:
    return Length(max=longest, message=f"Please keep it under {longest + 1} characters.")


def _trimmed(text: str | None) -> str:
    """Without spaces at the ends; a line break is left for `Usable` to refuse."""
    return "" if not text or text.isspace() else text.strip(" \t")


def _line_feeds(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip("\n")
