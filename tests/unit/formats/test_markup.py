"""Members' text becomes HTML that can do nothing but be read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupsite.formats.markup import ALLOWED, to_html

TAG = re.compile(r"<\s*/?\s*([a-zA-Z]+)([^>]*)>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\n\nTwo *soft* and **loud**.", "<p>One.</p>\n<p>Two <em>soft</em> and <strong>loud</strong>.</p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("", ""),
    ],
)
def test_subset_is_rendered(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "![x](https://x.example/p.png)",
        "<https://x.example>", "https://x.example/path", "# Heading", "```\ncode\n```", "<svg/onload=alert(1)>",
        "&lt;script&gt;", "<a href='data:text/html,x'>y</a>", "[x]: https://x.example\n\n[x]", "<!-- x -->", "\\<b>x</b>",
    ],
)  # fmt: skip
def test_nothing_leads_or_loads_elsewhere(text: str) -> None:
    harmless(to_html(text))


@given(st.text(alphabet=st.sampled_from("<>/\"'=()[]!*_-#&;:ax \n`\\"), max_size=60))
def test_any_text_is_harmless(text: str) -> None:
    harmless(to_html(text))


def harmless(html: str) -> None:
    """Only tags of the subset, none with an attribute."""
    for name, attributes in TAG.findall(html):
        assert name in ALLOWED
        assert attributes.strip(" /") == ""
