"""Calendars and answers in the browser: made, changed in place, taken back; said from a page and from a mail."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Site
from tests.e2e.test_journeys import fetch, sign_in, titles

Check = Callable[[Page], None]
LINK = re.compile(r"Going, or not this time\? (http://\S+)")


def test_calendar_is_made_changed_in_place_and_taken_back(
    page: Page, context: BrowserContext, check_access: Check
) -> None:
    sign_in(page, "charlene")
    page.goto("/account/calendar")
    page.locator("[name=name]").fill("Tablet")
    page.locator("[name=level][value=full]").check()
    page.get_by_role("button", name="Make an address").click()
    address = page.locator(".copy").inner_text().strip()
    full = fetch(context, address)
    assert any("Lantern" in title for title in titles(full))
    page.goto("/account/calendar")
    check_access(page)
    page.get_by_role("link", name="Change Tablet").first.click()
    check_access(page)
    page.locator("[name=level][value=own_words]").check()
    page.locator("[name=title]").fill("Bread class")
    page.locator("[name=alarm]").select_option("30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("definition").filter(has_text="Bread class").first).to_be_visible()
    check_access(page)
    quiet = fetch(context, address)
    assert titles(quiet) <= {"Bread class", "Cancelled: Bread class"}
    assert {event["UID"] for event in quiet.walk("VEVENT")} == {event["UID"] for event in full.walk("VEVENT")}
    page.goto("/account/calendar")
    page.get_by_role("link", name="End every address").click()
    check_access(page)
    page.get_by_role("button", name="End every address").click()
    expect(page.get_by_text("Every address is ended")).to_be_visible()
    assert context.request.get(address).status == 410


def test_answer_is_given_on_the_page_of_the_date(page: Page, check_access: Check) -> None:
    sign_in(page, "charlene")
    page.goto("/groups/tuesday-lantern")
    page.locator(".date__title a").first.click()
    page.get_by_role("button", name="Going").click()
    expect(page.get_by_text("You said: going")).to_be_visible()
    check_access(page)
    page.goto("/home")
    expect(page.get_by_text("You said: going").first).to_be_visible()
    check_access(page)
    page.go_back()
    page.get_by_role("button", name="No answer").click()
    expect(page.get_by_text("You said")).to_have_count(0)


def test_answer_is_given_from_a_mail_without_a_sign_in(
    page: Page, context: BrowserContext, site: Site, check_access: Check
) -> None:
    site.ring("groupsite.plan")
    mail = site.wait_for_mail("charlene@example.org", "Library hour", ringing="groupsite.deliver")
    body = mail.get_body(("plain",))
    assert body
    found = LINK.search(body.get_content())
    assert found
    asked = page.goto(found[1])
    assert asked
    if asked.status == 410:  # the link works once, and this runs with JavaScript and without
        check_access(page)
        return
    check_access(page)
    page.get_by_role("button", name="Not this time").click()
    expect(page.get_by_text("Noted: not this time")).to_be_visible()
    check_access(page)
    assert context.request.get(found[1]).status == 410
    assert context.cookies() == []
