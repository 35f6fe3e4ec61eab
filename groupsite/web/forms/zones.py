"""Time zones to pick from, by part of the world, so that a list can be searched by the name of a town."""

from functools import partial

from wtforms import Field, Form, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, ValidationError

from groupsite.domain.errors import InvalidInput
from groupsite.domain.zones import available_zones, zone
from groupsite.web.forms.choices import option


def zone_options(none_chosen: str) -> list[SelectChoice]:
    """Every zone that has a place in its name, and UTC; `none_chosen` is what the empty answer says."""
    offered = [option("", none_chosen), option("UTC", "UTC")]
    for name in available_zones():
        region, _, place = name.partition("/")
        if place:
            offered.append(option(name, place.replace("_", " ").replace("/", ", "), region))
    return offered


def which_zone() -> SelectField:
    """A list of zones, one of which has to be chosen."""
    needed = DataRequired("Please choose a time zone.")
    return SelectField(
        "Time zone", [needed, _known], choices=partial(zone_options, "Please choose"), validate_choice=False
    )


def _known(_form: Form, field: Field) -> None:
    try:
        zone(field.data)
    except InvalidInput as error:
        raise ValidationError(error.reason) from None
