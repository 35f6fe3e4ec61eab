"""Time zones to pick from, by part of the world, so that a list can be searched by the name of a town."""

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from groupsite.domain.zones import available_zones
from groupsite.web.forms.choices import option


def zone_options(none_chosen: str) -> list[SelectChoice]:
    """Every zone that has a place in its name, and UTC; `none_chosen` is what the empty answer says."""
    offered = [option("", none_chosen), option("UTC", "UTC")]
    for name in available_zones():
        region, _, place = name.partition("/")
        if place:
            offered.append(option(name, place.replace("_", " ").replace("/", ", "), region))
    return offered
