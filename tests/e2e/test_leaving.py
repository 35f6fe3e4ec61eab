"""Leaving at once, signing out, timing out: whoever presses Back afterwards sees nothing of hers.

The browser keeps pages in memory here, as people's browsers do and as Playwright's does not by default: without that, these
tests would prove nothing. `test_script_alone_hides_what_the_browser_kept` shows that they can fail.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from dev.browser import chromium_path
from tests.e2e.conftest import PHONE, RUNS_OVER, WITHOUT_NOISE, Site
from tests.e2e.test_journeys import sign_in

HERS = (
    "/home",
    "/groups/tuesday-lantern/meetings/main/2026-11-24T1900/sheet/time",
    "/groups/tuesday-lantern/texts",
    "/account",
    "/account/reminders",
    "/account/calendar",
    "/account/security",
    "/groups/tuesday-lantern",
    "/groups/tuesday-lantern/reminders",
    "/groups/tuesday-lantern/shares/new",
    "/groups/tuesday-lantern/shares",
)
WENT_BACK = "before => location.href !== before && document.readyState === 'complete'"
ON_TOP = """(() => {
  const link = document.querySelector("[data-leave]");
  const box = link.getBoundingClientRect();
  const above = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return [above === link, box.height >= 44 && box.width >= 44 && box.top >= 0];
})()"""
Way = Callable[[Page], None]


@pytest.fixture(scope="session")
def remembering(playwright: Playwright) -> Iterator[Browser]:
    """Chromium with its back/forward cache."""
    browser = playwright.chromium.launch(
        executable_path=chromium_path(),
        args=WITHOUT_NOISE,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


def window(browser: Browser, site: Site, *, has_javascript: bool = True, idle_seconds: int = 0) -> BrowserContext:
    """A phone."""
    opened = browser.new_context(base_url=site.address, viewport=PHONE, java_script_enabled=has_javascript)
    if idle_seconds:
        opened.set_extra_http_headers({"X-Test-Idle": str(idle_seconds)})
    return opened


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def hers(request: pytest.FixtureRequest, remembering: Browser, site: Site) -> Iterator[Page]:
    """Charlene has signed in on a phone."""
    opened = window(remembering, site, has_javascript=request.param)
    page = opened.new_page()
    sign_in(page, "charlene")
    yield page
    opened.close()


def read_everything(page: Page) -> None:
    for path in HERS:
        page.goto(path)
        expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()


def leave(page: Page) -> None:
    page.get_by_role("link", name="Leave now").click()
    expect(page).to_have_title("News")


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()


def go_back(page: Page) -> None:
    before = page.evaluate("location.href")
    page.evaluate("history.back()")
    page.wait_for_function(WENT_BACK, arg=before)


def is_shown(page: Page) -> bool:
    """Whether anything on screen says that she is signed in."""
    signs = (page.get_by_role("button", name="Sign out", exact=True), page.get_by_text("You are “"))
    return any(sign.first.is_visible() for sign in signs)


def shown_on_the_way_back(page: Page, steps: int) -> list[str]:
    """The addresses on which Back shows something of hers."""
    found = []
    for _ in range(steps):
        go_back(page)
        if is_shown(page):
            found.append(page.evaluate("location.pathname"))
    return found


@pytest.mark.parametrize("way", [leave, sign_out])
def test_back_shows_nothing_of_hers(hers: Page, way: Way) -> None:
    read_everything(hers)
    way(hers)
    assert shown_on_the_way_back(hers, len(HERS)) == []


def test_back_shows_nothing_of_hers_after_a_visit_has_timed_out(remembering: Browser, site: Site) -> None:
    opened = window(remembering, site)
    page = opened.new_page()
    sign_in(page, "charlene")
    read_everything(page)
    opened.set_extra_http_headers({"X-Test-Idle": "1"})
    page.goto("/account")
    expect(page).to_have_url(re.compile("/sign-in.*done=idle"))
    assert shown_on_the_way_back(page, len(HERS)) == []
    opened.close()


def test_visit_times_out_without_javascript(remembering: Browser, site: Site) -> None:
    opened = window(remembering, site, has_javascript=False)
    page = opened.new_page()
    sign_in(page, "charlene")
    read_everything(page)
    opened.set_extra_http_headers({"X-Test-Idle": "1"})
    page.goto("/account")
    expect(page).to_have_url(re.compile("/sign-in.*done=idle"))
    opened.clear_cookies()  # what the server's own limit does to the session by then
    assert shown_on_the_way_back(page, len(HERS)) == []
    opened.close()


def test_link_alone_leaves_nothing_behind(remembering: Browser, site: Site) -> None:
    """What the server asks of the browser is enough without any script."""
    opened = window(remembering, site)
    opened.route("**/leave.js", lambda route: route.abort())
    page = opened.new_page()
    sign_in(page, "charlene")
    read_everything(page)
    leave(page)
    assert opened.cookies() == []
    assert shown_on_the_way_back(page, len(HERS)) == []
    opened.close()


@pytest.mark.parametrize(("has_script", "shown"), [(True, []), (False, list(HERS[:-6:-1]))])
def test_script_alone_hides_what_the_browser_kept(
    remembering: Browser, site: Site, has_script: bool, shown: list[str]
) -> None:
    """The session is ended from somewhere else, so that nothing asks this browser to forget.

    Without the script every page comes back from memory: what the other tests of this file see, they could see fail.
    The other script is left out, because what tabs tell each other makes a browser drop such pages by the way.
    """
    opened, elsewhere = window(remembering, site), window(remembering, site)
    opened.route("**/idle.js", lambda route: route.abort())
    if not has_script:
        opened.route("**/leave.js", lambda route: route.abort())
    page, other = opened.new_page(), elsewhere.new_page()
    sign_in(page, "charlene")
    sign_in(other, "charlene")
    for path in (*HERS[-5:], "/help"):
        page.goto(path)
    other.goto("/account/security")
    other.get_by_role("button", name="Sign out everywhere else").click()
    assert shown_on_the_way_back(page, 5) == shown
    opened.close()
    elsewhere.close()


def test_other_tabs_go_too(remembering: Browser, site: Site) -> None:
    opened = window(remembering, site)
    first, second = opened.new_page(), opened.new_page()
    sign_in(first, "charlene")
    second.goto("/groups/tuesday-lantern/shares")
    first.goto("/account")
    leave(first)
    expect(second).to_have_title("News")
    opened.close()


def test_other_tabs_are_signed_out_too(remembering: Browser, site: Site) -> None:
    opened = window(remembering, site)
    first, second = opened.new_page(), opened.new_page()
    sign_in(first, "charlene")
    second.goto("/account")
    sign_out(first)
    second.wait_for_url("**/sign-in**")
    opened.close()


def test_shift_three_times_leaves(hers: Page, request: pytest.FixtureRequest) -> None:
    hers.goto("/account")
    for _ in range(3):
        hers.keyboard.press("Shift")
    expect(hers).to_have_title("News" if request.node.callspec.id == "with JavaScript" else re.compile("^Account"))


def test_page_is_gone_before_the_network_answers(hers: Page) -> None:
    """The answer never comes (204: the browser stays where it is), and still nothing can be read."""
    hers.goto("/groups/tuesday-lantern/shares")
    hers.route("**/leave", lambda route: route.fulfill(status=204))
    hers.get_by_role("link", name="Leave now").click()
    expect(hers.get_by_role("main")).to_be_hidden()
    expect(hers.get_by_text("Get help now")).to_be_hidden()


def test_way_out_comes_first_and_stays_in_sight(hers: Page) -> None:
    """On a narrow phone, scrolled to the end, also where something went wrong: nothing lies over it."""
    hers.set_viewport_size({"width": 320, "height": 568})
    for path in (*HERS, "/groups/tuesday-lantern/join", "/help", "/help/gb", "/nowhere", "/u/nowhere"):
        hers.goto(path)
        hers.evaluate("scrollTo(0, document.body.scrollHeight)")
        assert hers.evaluate(ON_TOP) == [True, True], path
        assert hers.evaluate(RUNS_OVER) is False, path


def test_way_out_is_reached_by_keyboard_first(hers: Page) -> None:
    hers.goto("/groups/tuesday-lantern/shares/new")
    hers.keyboard.press("Tab")
    expect(hers.get_by_role("link", name="Skip to the page")).to_be_focused()
    hers.keyboard.press("Tab")
    expect(hers.get_by_role("link", name="Leave now")).to_be_focused()
    expect(hers.get_by_role("main")).to_be_visible()
    hers.keyboard.press("Enter")
    expect(hers).to_have_title("News")
