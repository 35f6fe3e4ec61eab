"""What people wrote, as it may stand in a page."""

from markupsafe import Markup

from groupsite.formats.markup import to_html


def safe(text: str) -> Markup:
    """The text as HTML: the few marks that are taken, and nothing else of it is HTML."""
    return Markup(to_html(text))  # noqa: S704  made safe by formats/markup
