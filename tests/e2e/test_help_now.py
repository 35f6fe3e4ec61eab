"""Help within two taps of any page, for everybody; and the half minute before a first group."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.test_journeys import PASSWORD, newcomer, sign_in

Check = Callable[[Page], None]


@pytest.mark.parametrize("path", ["/", "/groups/tuesday-lantern", "/nowhere", "/sign-in"])
def test_number_is_two_taps_away(page: Page, context: BrowserContext, path: str) -> None:
    page.goto(path)
    page.get_by_role("link", name="Get help now").click()
    page.get_by_role("main").get_by_role("link", name="United Kingdom").first.click()
    expect(page.get_by_text("0808 2000 247")).to_be_visible()
    assert page.locator("a[href^='tel:']").count() == 0
    assert path == "/sign-in" or context.cookies() == []


def test_pages_of_help_are_open_to_everybody(page: Page, check_access: Check) -> None:
    for path in ("/help", "/help/gb", "/help/in", "/help/safety", "/help/enough"):
        page.goto(path)
        check_access(page)


def test_kind_is_chosen_on_the_page_and_the_address_does_not_tell(page: Page) -> None:
    page.goto("/help/us")
    page.get_by_role("link", name="Hurt at home").click()
    expect(page.get_by_text("800-799-7233")).to_be_in_viewport()
    assert page.url.endswith("/help/us#part-3")


def test_first_group_is_joined_after_half_a_minute_of_care(
    page: Page, check_access: Check, request: pytest.FixtureRequest
) -> None:
    page.goto("/sign-up")
    page.locator("[name=login]").fill(newcomer(f"care {request.node.name}"))
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=adult]").check()
    page.get_by_role("button", name="Open my account").click()
    page.goto("/groups/southern-cross/join")
    expect(page.get_by_role("heading", name="Before you join your first group")).to_be_visible()
    check_access(page)
    page.get_by_role("link", name="Go on").click()
    expect(page.locator("[name=display_name]")).to_be_visible()


def test_page_says_a_minute_before_that_it_will_go_blank(
    page: Page, context: BrowserContext, request: pytest.FixtureRequest
) -> None:
    sign_in(page, "charlene")
    context.set_extra_http_headers({"X-Test-Idle": "61"})
    page.goto("/account")
    if "without JavaScript" in request.node.name:
        assert page.locator("noscript").count() > 0
        return
    expect(page.get_by_role("alert")).to_contain_text(re.compile("In a minute this page goes blank"))
