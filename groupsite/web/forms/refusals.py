"""What a use case refuses is said beside the field that it is about."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from wtforms import Form

from groupsite.domain.errors import Conflict, InvalidInput

ELSEWHERE: Mapping[str, str] = {
    "dtstart_local": "first_date",
    "exdates_local": "skipped_dates",
    "new_start_local": "new_date",
    "rdates_local": "extra_dates",
    "rrule": "cadence",
    "venue": "venue_name",
}
"""What the use cases call a value and what the field of a form is called that asks for it."""


@contextmanager
def refusals_shown_on(form: Form, *, conflicts_on: str = "", content_on: str = "content") -> Iterator[None]:
    """Turn InvalidInput (and Conflict, for the field `conflicts_on`) into an error of the form.

    The view renders it as 400. A field that the form does not have gives an error of the whole form. `content_on` is the
    field that a refused file came in.
    """
    try:
        yield
    except InvalidInput as error:
        name = content_on if error.field == "content" else error.field
        _add(form, name if name in form else ELSEWHERE.get(name, ""), error.reason)
    except Conflict as error:
        _add(form, conflicts_on, error.message)


def _add(form: Form, field_name: str, reason: str) -> None:
    if field_name in form:
        form[field_name].errors = [*form[field_name].errors, reason]
    else:
        form.form_errors = [*form.form_errors, reason]
