"""Words that try to be scripts, typed into every field there is and read back in Chromium: nothing runs, nothing is reported."""

import os
from collections.abc import Iterator
from functools import cache

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Route
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from groupsite.formats.markup import ALLOWED, to_html
from tests.browser import Browser
from tests.fuzz.forms import Form, forms_shown_to
from tests.worlds import GROUP, World, become, form_token, rules, values_of

HERE = "http://localhost"
SCRIPTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "'><svg/onload=alert(1)>",
    "\" autofocus onfocus=alert(1) x=\"",
    "' autofocus onfocus=alert(1) x='",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<a href=javascript:alert(1)>x</a>",
    "[x](javascript:alert(1))",
    "![x](x\"onerror=\"alert(1))",
    "<javascript:alert(1)>",
    "<iframe srcdoc=\"<script>parent.alert(1)</script>\">",
    "<object data=data:text/html,<script>alert(1)</script>>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<details open ontoggle=alert(1)>",
    "<body onload=alert(1)>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=javascript:alert(1)>",
    "<link rel=stylesheet href=data:,*{x:expression(alert(1))}>",
    "<form action=javascript:alert(1)><button autofocus>",
    "<input type=image src=x onerror=alert(1)>",
    "<video><source onerror=alert(1)>",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "jaVasCript:/*-/*`/*'/*\"/**/(alert(1))//%0D%0A//</stYle/</titLe/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert(1)//>",
)  # fmt: skip
TURNS = (SCRIPTS[1], SCRIPTS[2], *(" ".join(SCRIPTS[first : first + 12]) for first in range(0, len(SCRIPTS), 12)))
WATCH = """
  window.hurt = [];
  for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => window.hurt.push(name);
  document.addEventListener("securitypolicyviolation", event => window.hurt.push(event.violatedDirective));
"""
HANDLERS = (
    "[...document.querySelectorAll('*')].flatMap(one => one.getAttributeNames()).filter(name => name.startsWith('on'))"
)
TAGS = "[...new Set([...document.querySelectorAll('main *')].map(one => one.localName))]"
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
AT_ONCE = 50
soup = st.lists(
    st.one_of(
        st.sampled_from(["<", ">", "</", "/>", "<!--", "-->", "&", "&lt;", ";", "=", "\"", "'", "`", "\\", "\n", "\n\n", " ",
                         "*", "_", "**", "> ", "- ", "1. ", "[", "](", ")", "![", "script", "img src=x ", "svg ", "style",
                         "onerror=", "onload=", "alert(1)", "javascript:", "\u2028", "\0", "<![CDATA[", "]]>", "math", "p"]),
        st.text(max_size=3),
        st.sampled_from(SCRIPTS),
    ),
    max_size=14,
).map("".join)  # fmt: skip


@pytest.fixture
def documents() -> dict[str, tuple[str, dict[str, str]]]:
    """What Chromium is served instead of a network: HTML and headers by path."""
    return {}


@pytest.fixture
def window(chromium: Chromium, app: Flask, documents: dict[str, tuple[str, dict[str, str]]]) -> Iterator[Page]:
    static = app.test_client()

    @cache
    def from_disk(path: str) -> tuple[bytes, dict[str, str]]:
        found = static.get(path, buffered=True)
        return found.data, dict(found.headers)

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HERE)
        body, headers = documents.get(path) or from_disk(path)
        route.fulfill(body=body, headers=headers)

    with chromium.new_context(base_url=HERE) as context:
        context.route("**/*", answer)
        context.add_init_script(WATCH)
        yield context.new_page()


@pytest.mark.parametrize("person", ["facilitator", "share reader", "stranger"])
def test_words_in_any_field_stay_words(
    app: Flask,
    connection: Connection,
    session: Session,
    sample: None,
    window: Page,
    documents: dict[str, tuple[str, dict[str, str]]],
    person: str,
) -> None:
    world = World(app, connection, values_of(session, GROUP))
    session.commit()
    browser, _ = become(app, session, person)
    token = form_token(browser)
    seen: dict[str, tuple[str, dict[str, str]]] = {}
    fields = 0
    for number, form in enumerate(one for one in forms_shown_to(world, browser) if one.texts):
        fields += len(form.texts)
        seen |= _answers_to(browser, form, token, number)
    seen |= _pages(world, browser) | {
        f"/visitor{path}": page for path, page in _pages(world, Browser(app.test_client())).items()
    }
    assert fields >= {"facilitator": 15, "share reader": 5, "stranger": 3}[person]
    documents.update(seen)
    assert [(path, found) for path in seen if (found := _hurt(window, path))] == []


def _answers_to(browser: Browser, form: Form, token: str, number: int) -> dict[str, tuple[str, dict[str, str]]]:
    """The form sent with scripts in each field, and with one short enough to be kept: the pages that come back at once."""
    pages = {}
    for turn, words in enumerate(TURNS):
        fields = form.untouched | dict.fromkeys(form.texts, words) | {"csrf_token": token}
        answer = browser.post(form.action, fields, buffered=True)
        if answer.mimetype == "text/html" and answer.status_code != 303:
            pages[f"/answer/{number}/{turn}"] = (answer.text, dict(answer.headers))
    return pages


def _pages(world: World, browser: Browser) -> dict[str, tuple[str, dict[str, str]]]:
    pages = {}
    for rule, method, _ in rules(world.app):
        path = world.path(rule)
        answer = browser.get(path) if method == "GET" and rule.endpoint != "safety.leave" else None
        if answer is not None and answer.mimetype == "text/html":
            pages[path] = (answer.text, dict(answer.headers))
    return pages


def _hurt(window: Page, path: str) -> list[str]:
    window.goto(path, wait_until="load")
    hurt: list[str] = window.evaluate("window.hurt")
    handlers: list[str] = window.evaluate(HANDLERS)
    return hurt + handlers


def test_watch_sees_what_would_hurt(window: Page, documents: dict[str, tuple[str, dict[str, str]]]) -> None:
    documents["/open"] = ("<img src=x onerror=alert(1)>", {"Content-Type": "text/html"})
    strict = {"Content-Type": "text/html", "Content-Security-Policy": "default-src 'none'; img-src 'self'"}
    documents["/strict"] = ("<script>alert(1)</script>", strict)
    assert (_hurt(window, "/open"), _hurt(window, "/strict")) == (["alert", "onerror"], ["script-src-elem"])


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(shares=st.lists(soup, min_size=AT_ONCE, max_size=AT_ONCE))
def test_shares_of_any_characters_become_plain_words(window: Page, shares: list[str]) -> None:
    """Rendered without any policy of ours in the way, so that only the cleaning stands between them and the page."""
    window.set_content(f"<main>{''.join(to_html(words) for words in shares)}</main>")
    assert window.evaluate("window.hurt ?? []") == []
    assert window.evaluate(HANDLERS) == []
    assert set(window.evaluate(TAGS)) <= ALLOWED
