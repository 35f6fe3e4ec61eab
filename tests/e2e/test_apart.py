"""Coming into a group by asking, and hiding from somebody in it: on a telephone, with and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_journeys import PASSWORD, newcomer, sign_in

Check = Callable[[Page], None]


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()


@pytest.fixture
def login(request: pytest.FixtureRequest) -> str:
    return newcomer(f"apart {request.node.name}")


def sign_up(page: Page, login: str) -> None:
    page.goto("/sign-up")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=adult]").check()
    page.get_by_role("button", name=re.compile("account|Sign up", re.IGNORECASE)).first.click()
    expect(page).to_have_url(re.compile("/home"))


def new_group(page: Page, check_access: Check) -> str:
    """A group by request, run by Marisol; its address."""
    sign_in(page, "marisol")
    page.goto("/groups/new")
    page.locator("[name=name]").fill("Quiet Corner")
    page.locator("[name=display_name]").fill("M.")
    page.get_by_role("button", name="Create the group").click()
    page.wait_for_url(re.compile(r"/manage\?done=created"))
    slug = page.url.split("/groups/")[1].split("/")[0]
    page.get_by_role("link", name="Who can join").click()
    check_access(page)
    page.locator("[name=joining][value=by_request]").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("From now on people come in this way")
    return slug


def test_newcomer_asks_waits_and_is_let_in(page: Page, check_access: Check, login: str) -> None:
    slug = new_group(page, check_access)
    sign_out(page)
    sign_up(page, login)
    page.goto(f"/groups/{slug}")
    page.get_by_role("link", name="Join this group").click()
    page.get_by_role("link", name="Go on").click()
    check_access(page)
    page.locator("[name=display_name]").fill("Anna Schmidt")
    page.get_by_role("button", name="Ask to join").click()
    expect(page.get_by_text("It looks as if a first and a last name stood in it.")).to_be_visible()
    check_access(page)
    page.locator("[name=display_name]").fill("Anna")
    page.get_by_role("button", name="Ask to join").click()
    expect(page.get_by_role("heading", name="You are waiting")).to_be_visible()
    check_access(page)
    answer = page.goto(f"/groups/{slug}/shares")
    assert answer is not None
    assert answer.status == 403
    sign_out(page)
    sign_in(page, "marisol")
    page.goto(f"/groups/{slug}/manage")
    check_access(page)
    page.get_by_role("button", name="Let in Anna").click()
    expect(page.get_by_role("status")).to_contain_text("Let in.")
    sign_out(page)
    sign_in(page, login)
    page.goto(f"/groups/{slug}/shares")
    expect(page.get_by_role("heading", name="Written shares")).to_be_visible()


def test_member_hides_from_the_one_who_wrote_and_takes_it_back(page: Page, check_access: Check, login: str) -> None:
    sign_up(page, login)
    page.goto("/groups/tuesday-lantern/join?read=yes")
    page.locator("[name=display_name]").fill(login[-20:])
    page.get_by_role("button", name="Join").click()
    page.wait_for_url(re.compile(r"/reminders\?done=joined"))
    page.goto("/groups/tuesday-lantern/shares")
    check_access(page)
    words = page.get_by_text("I sat in the car for ten minutes.")
    expect(words).to_be_visible()
    page.locator("article", has_text="I sat in the car").get_by_role("link", name="Hide from this person").click()
    expect(page.get_by_text("A meeting cannot be hidden.")).to_be_visible()
    check_access(page)
    page.get_by_role("button", name="Hide", exact=True).click()
    check_access(page)
    page.get_by_role("main").get_by_role("link", name="Written shares").click()
    expect(words).to_have_count(0)
    page.get_by_role("link", name="Whom you hide from").click()
    page.get_by_role("button", name=re.compile("Stop hiding")).click()
    page.get_by_role("main").get_by_role("link", name="Written shares").click()
    expect(words).to_be_visible()
    page.goto("/groups/tuesday-lantern/kept-out")
    page.locator("[name=name]").fill("Tom Baker")
    page.get_by_role("button", name="Keep this name out").click()
    expect(page.get_by_text("You have 1 of 10.")).to_be_visible()
    check_access(page)
