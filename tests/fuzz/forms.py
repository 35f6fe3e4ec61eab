"""The forms that somebody is shown: where each leads, its fields, and what each field would send untouched."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.browser import Browser
from tests.worlds import World, rules

WORDS = {"text", "search", "email", "url", "tel"}


@dataclass
class Form:
    """One form of a page. `fields` holds, by name, the values that its control offers; the first is what it has now.

    `texts` are the names of those that take any words.
    """

    page: str
    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)

    @property
    def untouched(self) -> dict[str, str]:
        return {name: offered[0] for name, offered in self.fields.items()}


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[Form] = []
        self._open: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form" and has.get("method") == "post":
            self._open = Form(self.page, has.get("action") or self.page)
        elif self._open is None:
            return
        elif tag == "option" and self._select:
            offered = self._open.fields.setdefault(self._select, [])
            offered.insert(0 if "selected" in has else len(offered), has.get("value", ""))
        elif tag == "select":
            self._select = has.get("name", "")
        elif tag in {"input", "textarea", "button"} and has.get("name"):
            offered = self._open.fields.setdefault(has["name"], [])
            offered.insert(0 if "checked" in has else len(offered), has.get("value", ""))
            if tag == "textarea" or has.get("type", "text") in WORDS:
                self._open.texts.add(has["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "form" and self._open is not None:
            self.found.append(self._open)
            self._open = None


def forms_shown_to(world: World, browser: Browser) -> list[Form]:
    """Every form on every page that answers this browser, each once."""
    found = {
        (form.action, tuple(sorted(form.fields))): form
        for rule, method, _ in rules(world.app)
        if method == "GET"
        for form in _forms_on(world.path(rule), browser)
    }
    return list(found.values())


def _forms_on(path: str, browser: Browser) -> Iterator[Form]:
    answer = browser.get(path)
    if answer.status_code == 200 and answer.mimetype == "text/html":
        reader = _Forms(path)
        reader.feed(answer.text)
        yield from reader.found
