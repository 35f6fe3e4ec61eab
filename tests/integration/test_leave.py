"""/leave ends a visit only for somebody who asked to go: not for a browser that looks ahead, nor for another site."""

import pytest

from tests.browser import Browser

EVERYTHING = '"cache", "cookies", "storage"'
EXIT = "https://www.wikipedia.org"


def ask(client: Browser, headers: dict[str, str], *, method: str = "GET") -> tuple[int, str | None, str | None, bool]:
    """Status, where it leads, what the browser is asked to forget, and whether the visit goes on."""
    client.sign_up("charlene")
    answer = client.client.open("/leave", method=method, headers=headers)
    assert answer.headers["Cache-Control"] == "no-store"
    goes_on = client.get("/account").status_code == 200
    return answer.status_code, answer.headers.get("Location"), answer.headers.get("Clear-Site-Data"), goes_on


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
        {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    ],
    ids=["older browser", "our own link", "typed"],
)
def test_reader_who_asks_is_let_go(client: Browser, headers: dict[str, str]) -> None:
    assert ask(client, headers) == (302, EXIT, EVERYTHING, False)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document"},
        {"Purpose": "prefetch"},
        {"X-Purpose": "preview"},
        {"X-Moz": "prefetch"},
    ],
)
def test_browser_that_looks_ahead_changes_nothing(client: Browser, headers: dict[str, str]) -> None:
    assert ask(client, headers) == (503, None, None, True)


def test_looking_without_asking_changes_nothing(client: Browser) -> None:
    assert ask(client, {}, method="HEAD") == (503, None, None, True)


@pytest.mark.parametrize("part", ["image", "iframe", "script", "empty"])
@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin"])
def test_part_of_a_page_changes_nothing(client: Browser, part: str, site: str) -> None:
    assert ask(client, {"Sec-Fetch-Site": site, "Sec-Fetch-Dest": part}) == (204, None, None, True)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_link_on_another_site_leads_on_and_changes_nothing(client: Browser, site: str) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert ask(client, headers) == (302, EXIT, None, True)


def test_visitor_without_a_visit_is_let_go_too(client: Browser) -> None:
    answer = client.get("/leave")
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (302, EVERYTHING)
    assert answer.headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("path", ["/static/leave.js", "/static/base.css"])
def test_sheets_and_scripts_are_kept_for_somebody_signed_in_too(client: Browser, path: str) -> None:
    client.sign_up("charlene")
    assert client.get(path).headers["Cache-Control"] != "no-store"


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/sign-in/recover", "/sign-in?done=idle"])
def test_page_that_asks_for_a_name_is_never_stored(client: Browser, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("sample")
def test_first_join_begins_with_what_can_give_her_away(client: Browser) -> None:
    client.sign_up("quiet-one")
    before = client.get("/groups/tuesday-lantern/join").text
    assert "can make somebody suspicious" in before
    assert 'name="display_name"' not in before
    assert 'name="display_name"' in client.get("/groups/tuesday-lantern/join?read=yes").text


@pytest.mark.usefixtures("sample")
def test_later_join_asks_at_once(client: Browser) -> None:
    client.sign_in("charlene")
    assert 'name="display_name"' in client.get("/groups/last-friday-voices/join").text
