"""What every page has: a way out first, help beside it, a title that says nothing to whoever reads over a shoulder."""

import re
from html.parser import HTMLParser

import pytest

from tests.browser import Browser

PAGES = (
    "/",
    "/help",
    "/sign-in",
    "/sign-up",
    "/groups/tuesday-lantern",
    "/groups/tuesday-lantern/meetings/main/2026-12-01T1900",
    "/nowhere",
)
OWN_PAGES = (
    "/home",
    "/account",
    "/groups/new",
    "/groups/tuesday-lantern/shares",
    "/groups/tuesday-lantern/manage",
    "/groups/tuesday-lantern/manage/listing",
    "/groups/tuesday-lantern/manage/meetings/new",
    "/groups/tuesday-lantern/manage/meetings/main",
    "/groups/tuesday-lantern/manage/meetings/main/2026-12-01T1900",
)
TITLE = re.compile(r"<title>\s*(.*?)\s*</title>", re.DOTALL)
TELLING = re.compile(r"lantern|share|group|meeting|recover|coda|anon|support|depend", re.IGNORECASE)
FROM_ELSEWHERE = re.compile(r"""(?:src|action)="(?!/)|<link[^>]+href="(?!/)|<style|\sstyle=|\son\w+=|<script>""")


class Reachable(HTMLParser):
    """Collects what the keyboard reaches, in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"a", "button", "input", "select", "textarea"}:
            self.found.append(dict(attrs).get("href") or tag)


def assert_framed(page: str) -> None:
    reachable = Reachable()
    reachable.feed(page)
    assert reachable.found[:3] == ["#main", "/leave", "/help"]
    title = TITLE.search(page)
    assert title
    assert title[1].endswith(" · Evenings")
    assert TELLING.findall(title[1]) == []
    assert FROM_ELSEWHERE.findall(page) == []


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("path", PAGES)
def test_page_of_a_visitor_leads_out_first_and_has_a_neutral_title(client: Browser, path: str) -> None:
    assert_framed(client.get(path).text)


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("path", OWN_PAGES)
def test_page_behind_a_sign_in_leads_out_first_and_has_a_neutral_title(client: Browser, path: str) -> None:
    client.sign_in("marisol")
    page = client.get(path)
    assert page.status_code == 200
    assert_framed(page.text)


@pytest.mark.usefixtures("sample")
def test_reading_a_page_sets_no_cookie(client: Browser) -> None:
    assert [client.get(path).headers.get("Set-Cookie") for path in ("/", "/help", "/groups/tuesday-lantern")] == [
        None
    ] * 3


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    "path",
    [
        "/groups/%00",
        "/groups/%00/meetings/main/2026-12-01T1900",
        "/groups/tuesday-lantern/meetings/%00/2026-12-01T1900",
        "/groups/tuesday-lantern/meetings/main/0000-12-01T1900",
        "/static/%00",
        "/u/%00",
    ],
)
def test_address_that_no_text_can_have_is_not_found(client: Browser, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up"])
def test_hostile_sign_in_name_is_refused_politely(client: Browser, path: str) -> None:
    fields = {"login": "a\x00b", "password": "seven quiet lanterns\x00", "adult": "y"}
    assert client.submit(path, fields).status_code in {400, 401, 403}
