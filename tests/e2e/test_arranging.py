"""A facilitator in the browser: brings a calendar in, gives a meeting another name, lets it go on at another hour."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.test_journeys import fetch, sign_in

Check = Callable[[Page], None]
FILE = Path(__file__).parent.parent / "data" / "imports" / "google.ics"


@pytest.fixture
def group(page: Page) -> str:
    """The slug of a new group of Marisol's, without a meeting."""
    sign_in(page, "marisol")
    page.goto("/groups/new")
    page.locator("[name=name]").fill("Calm Mondays")
    page.locator("[name=display_name]").fill("M.")
    page.get_by_role("button", name=re.compile("Start|Save|Begin|Create")).first.click()
    page.wait_for_url(re.compile(r"/groups/calm-mondays[^/]*/manage"))
    return page.url.split("/groups/")[1].split("/")[0]


def rules(calendar: Calendar) -> list[str]:
    """The RRULE of every series, in the calendar's order."""
    return [event["RRULE"].to_ical().decode() for event in calendar.walk("VEVENT") if "RRULE" in event]


def test_calendar_is_brought_in_and_goes_on_otherwise(
    page: Page, context: BrowserContext, group: str, check_access: Check
) -> None:
    page.get_by_role("link", name="Bring in a calendar").click()
    check_access(page)
    page.locator("[name=file]").set_input_files(FILE)
    page.locator("[name=timezone]").select_option("America/New_York")
    page.get_by_role("button", name="Show what is in it").click()
    check_access(page)
    box = page.locator("[name=chosen]").first
    title = page.locator(f"label[for='{box.get_attribute('id')}']").inner_text().strip()
    box.check()
    page.get_by_role("button", name="Bring in what is ticked").click()
    page.wait_for_url(re.compile(r"/manage\?done=imported"))
    check_access(page)
    feed = f"/groups/{group}/calendar.ics"
    before = rules(fetch(context, feed))
    assert len(before) == 1

    page.get_by_role("link", name=f"Change, pause, end of {title}").click()
    check_access(page)
    page.get_by_role("link", name="Change name, place or way in").click()
    check_access(page)
    page.locator("[name=title]").fill("Candle evening")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/manage\?done=reworded"))
    titles = {str(event["SUMMARY"]) for event in fetch(context, feed).walk("VEVENT")}
    assert any("Candle evening" in title for title in titles)
    assert rules(fetch(context, feed)) == before

    page.get_by_role("link", name="Change, pause, end of Candle evening").click()
    page.get_by_role("link", name="Another day or hour from now on").click()
    check_access(page)
    page.locator("[name=first_date]").fill("2027-02-01")
    page.locator("[name=start_time]").fill("18:15")
    page.get_by_role("button", name="Show the dates").click()
    expect(page.locator("#dates li").first).to_contain_text("18:15")
    check_access(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/manage\?done=succeeded"))
    after = rules(fetch(context, feed))
    assert (len(after), "UNTIL=" in after[0], "UNTIL" in after[1]) == (2, True, False)
