"""What may stand for a name in an address."""

from flask import Flask
from werkzeug.routing import Map, UnicodeConverter


class Name(UnicodeConverter):
    """Any text without a slash, but no NUL: PostgreSQL has none in its texts, so nothing is there (404)."""

    def __init__(self, map: Map) -> None:  # noqa: A002  werkzeug's name
        super().__init__(map)
        self.regex = r"[^/\x00]+"


def init_url_names(app: Flask) -> None:
    app.url_map.converters["default"] = Name
