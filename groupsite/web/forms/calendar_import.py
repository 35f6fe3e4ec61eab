"""A calendar file, sent or pasted, and which of its meetings are wanted."""

from collections.abc import Mapping
from typing import ClassVar

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import Field, Form, SelectMultipleField, TextAreaField

from groupsite.web.forms.zones import which_zone


class _OneOfTwo:
    """Marks a field that another one can stand in for: it is not called optional, and not needed by itself."""

    field_flags: ClassVar[Mapping[str, bool]] = {"conditional": True}

    def __call__(self, form: Form, field: Field) -> None:
        """The use case says what is missing."""


class CalendarImportForm(FlaskForm):
    """The only form that takes a file. What the file says then stands in the text, so that it is sent once."""

    file = FileField("Calendar file", [_OneOfTwo()], render_kw={"accept": ".ics,text/calendar"})
    content = TextAreaField("Or its text, pasted", [_OneOfTwo()], render_kw={"rows": 8, "spellcheck": "false"})
    timezone = which_zone()
    chosen = SelectMultipleField("Meetings to bring in", choices=[], validate_choice=False)

    @property
    def source(self) -> str:
        """The name of the field that the calendar came in: a file goes before text."""
        return "file" if self.file.data else "content"

    def sent(self) -> bytes:
        """The file, or else the text as it was before the browser turned its line feeds into CRLF."""
        if self.file.data:
            whole: bytes = self.file.data.read()
            return whole
        return (self.content.data or "").replace("\r\n", "\n").encode(errors="replace")

    def keep(self, content: bytes) -> None:
        """Put a file that was read into the text, for the next step."""
        if self.file.data:
            self.content.data = content.decode("utf-8-sig")
