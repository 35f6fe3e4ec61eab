"""Members' text to safe HTML: paragraphs, line breaks, emphasis, lists, quotes. Nothing that leads or loads elsewhere."""

import nh3
from markdown_it import MarkdownIt

ALLOWED = frozenset({"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "hr"})
RULES = ("paragraph", "newline", "escape", "emphasis", "list", "blockquote", "hr")

_markdown = MarkdownIt("zero", {"html": False, "breaks": True, "linkify": False}).enable(list(RULES))


def to_html(text: str) -> str:
    """HTML that may stand in a page. Links and pictures stay as the characters that were typed."""
    return nh3.clean(_markdown.render(text), tags=set(ALLOWED), attributes={}, link_rel=None)
