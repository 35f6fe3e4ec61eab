"""Text that came from outside: how HTML becomes plain text, and which links we take."""

import html
import re
from urllib.parse import urlsplit

import nh3

from groupsite.domain.plain_text import unusable_character

_SILENT_ELEMENTS = {"script", "style", "template"}
_BREAK_BEFORE = re.compile(r"(?i)(?=<(?:br|p|div|li|tr|h[1-4]|ul|ol)\b)")
_MAX_URL = 500


def without_html(text: str) -> str:
    """Plain text of HTML: tags gone, scripts gone with their content, `<br>` and `<p>` as line breaks, `&amp;` as `&`."""
    if "<" not in text:
        return html.unescape(text)
    return html.unescape(nh3.clean(_BREAK_BEFORE.sub("\n", text), tags=set(), clean_content_tags=_SILENT_ELEMENTS))


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
