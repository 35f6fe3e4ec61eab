"""What a use case refuses is said beside the field that it is about."""

from collections.abc import Iterator
from contextlib import contextmanager

from wtforms import Form

from groupsite.domain.errors import Conflict, InvalidInput


@contextmanager
def refusals_shown_on(form: Form, *, conflicts_on: str = "") -> Iterator[None]:
    """Turn InvalidInput (and Conflict, for the field `conflicts_on`) into an error of the form; the view renders it as 400.

    A field that the form does not have gives an error of the whole form.
    """
    try:
        yield
    except InvalidInput as error:
        _add(form, error.field, error.reason)
    except Conflict as error:
        _add(form, conflicts_on, error.message)


def _add(form: Form, field_name: str, reason: str) -> None:
    if field_name in form:
        form[field_name].errors = [*form[field_name].errors, reason]
    else:
        form.form_errors = [*form.form_errors, reason]
