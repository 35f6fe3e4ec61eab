"""Text that came from outside: how HTML becomes plain text, and which links we take."""

import html
from html.parser import HTMLParser
from urllib.parse import urlsplit

from groupsite.domain.plain_text import unusable_character

_SILENT_ELEMENTS = {"script", "style", "template"}
_BREAKING_ELEMENTS = {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol"}
_MAX_URL = 500


class _TextOnly(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # the parser's own
        if tag in _SILENT_ELEMENTS:
            self.silent += 1
        elif tag in _BREAKING_ELEMENTS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT_ELEMENTS:
            self.silent = max(0, self.silent - 1)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(data)


def without_html(text: str) -> str:
    """Plain text of HTML: tags gone, scripts gone with their content, `<br>` and `<p>` as line breaks, `&amp;` as `&`."""
    if "<" not in text:
        return html.unescape(text)
    parser = _TextOnly()
    parser.feed(text)
    parser.close()
    return "".join(parser.pieces)


def https_problem(url: str) -> str | None:
    """Why this is no link that we would show, as a whole sentence, or None if it is one."""
    if len(url) > _MAX_URL:
        return f"A link may have {_MAX_URL} characters at most."
    if any(character.isspace() or character in '<>"\\' for character in url) or unusable_character(url):
        return "A link may not contain spaces, quotation marks or control characters."
    if not url.lower().startswith("https://"):
        return "A link must begin with https://."
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        is_whole = False
    return None if is_whole else "A link must be a whole web address, such as https://meet.example.org/room."
