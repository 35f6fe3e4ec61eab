"""What people come for, in the browser: found, joined, remembered, shared, left; and a group run by its facilitator."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from icalendar import Calendar
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Site

Check = Callable[[Page], None]
PASSWORD = "seven quiet lanterns"


def sign_in(page: Page, login: str) -> None:
    page.goto("/sign-in")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/home"))


def fetch(context: BrowserContext, address: str) -> Calendar:
    answer = context.request.get(address)
    assert answer.status == 200
    return Calendar.from_ical(answer.body())


def titles(calendar: Calendar) -> set[str]:
    return {str(event["SUMMARY"]) for event in calendar.walk("VEVENT")}


def newcomer(request_name: str) -> str:
    """A login of its own for each run of a journey."""
    return "quiet-" + re.sub(r"[^a-z]+", "-", request_name.lower()).strip("-")[-20:]


def test_visitor_finds_joins_subscribes_shares_and_leaves(
    page: Page, context: BrowserContext, site: Site, check_access: Check, request: object
) -> None:
    page.goto("/")
    check_access(page)
    page.locator("[name=q]").fill("lantern")
    page.locator("[name=day]").select_option("2")
    page.get_by_role("button", name="Find").click()
    check_access(page)
    page.get_by_role("link", name="Tuesday Lantern").first.click()
    check_access(page)
    page.get_by_role("main").get_by_role("link", name="Tuesday Lantern").click()
    expect(page.get_by_role("heading", name="Next dates")).to_be_visible()
    check_access(page)
    assert "us02web" not in page.content()
    _sign_up(page, check_access, request)
    _join(page, check_access)
    _subscribe(page, context, site, check_access)
    _share(page, check_access)
    page.goto("/groups/tuesday-lantern")
    page.get_by_role("button", name="Leave this group").click()
    expect(page).to_have_url(re.compile("/home"))
    check_access(page)
    assert page.goto("/groups/tuesday-lantern/shares").status == 403


def _sign_up(page: Page, check_access: Check, request: object) -> None:
    page.goto("/sign-up")
    check_access(page)
    page.locator("[name=login]").fill(newcomer(str(request)))
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=adult]").check()
    page.get_by_role("button", name="Open my account").click()
    expect(page).to_have_url(re.compile("/home"))
    check_access(page)


def _join(page: Page, check_access: Check) -> None:
    page.goto("/groups/tuesday-lantern/join")
    check_access(page)
    page.get_by_role("link", name="Go on").click()
    check_access(page)
    page.locator("[name=display_name]").fill(f"S. {datetime.now(UTC):%M%S}")
    page.get_by_role("button", name="Join").click()
    expect(page).to_have_url(re.compile("/reminders"))
    check_access(page)


def _subscribe(page: Page, context: BrowserContext, site: Site, check_access: Check) -> None:
    page.goto("/account/calendar")
    check_access(page)
    page.get_by_role("button", name="Make an address").click()
    address = page.locator(".copy").inner_text().strip()
    assert address.startswith(f"{site.address}/calendar/")
    assert titles(fetch(context, address)) <= {"Busy", "Cancelled: Busy"}
    check_access(page)


def _share(page: Page, check_access: Check) -> None:
    page.goto("/groups/tuesday-lantern/shares/new")
    check_access(page)
    page.locator("[name=body]").fill("I came in. *Nobody* asked. <script>alert(1)</script>")
    page.get_by_role("button", name="Post").click()
    expect(page.locator("em", has_text="Nobody").first).to_be_visible()
    check_access(page)
    assert page.locator("main script").count() == 0


def test_facilitator_starts_a_group_and_calls_one_date_off(
    page: Page, context: BrowserContext, site: Site, check_access: Check
) -> None:
    sign_in(page, "marisol")
    slug = _start_group(page, check_access)
    _add_last_fridays(page, slug, check_access)
    page.goto(f"/groups/{slug}/reminders")
    page.locator("[name=leads]").first.check()
    page.get_by_role("button", name="Save").click()
    feed = f"{site.address}/groups/{slug}/calendar.ics"
    assert not _cancelled(fetch(context, feed))
    _cancel_first_date(page, slug, check_access)
    page.goto(f"/groups/{slug}")
    expect(page.locator(".date--cancelled").first).to_be_visible()
    check_access(page)
    assert len(_cancelled(fetch(context, feed))) == 1
    mail = site.wait_for_mail("marisol@example.org", "Cancelled: Quiet Fridays")
    assert "Friday 27 November" in mail["Subject"]


def _start_group(page: Page, check_access: Check) -> str:
    page.goto("/groups/new")
    check_access(page)
    page.locator("[name=name]").fill("Quiet Fridays")
    page.locator("[name=display_name]").fill("M.")
    page.get_by_role("button", name=re.compile("Start|Save|Begin|Create")).first.click()
    page.wait_for_url(re.compile(r"/groups/quiet-fridays[^/]*/manage"))
    check_access(page)
    return page.url.split("/groups/")[1].split("/")[0]


def _add_last_fridays(page: Page, slug: str, check_access: Check) -> None:
    page.goto(f"/groups/{slug}/manage/meetings/new")
    check_access(page)
    page.locator("[name=title]").fill("Quiet Fridays")
    page.locator("[name=timezone]").select_option("America/New_York")
    page.locator("[name=first_date]").fill("2026-11-24")
    page.locator("[name=start_time]").fill("18:30")
    page.locator("[name=cadence][value=monthly]").check()
    page.locator("[name=weeks_of_month][value='-1']").check()
    page.locator("[name=weekdays][value='4']").check()
    page.get_by_role("button", name="Show the dates").click()
    dates = page.locator("#dates li")
    expect(dates).to_have_count(10)
    expect(dates.first).to_contain_text("Friday 27 November 2026")
    check_access(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/manage\?done=series"))


def _cancel_first_date(page: Page, slug: str, check_access: Check) -> None:
    page.goto(f"/groups/{slug}/manage/meetings/quiet-fridays/2026-11-27T1830")
    check_access(page)
    page.locator("[name=action][value=cancel]").check()
    page.get_by_role("button", name="Publish the change").click()
    page.wait_for_url(re.compile(r"/manage\?done="))
    check_access(page)


def _cancelled(calendar: Calendar) -> list[object]:
    return [event for event in calendar.walk("VEVENT") if event.get("STATUS") == "CANCELLED"]


def test_reminder_leaves_through_the_queue_in_her_own_words(site: Site) -> None:
    site.ring("groupsite.plan")
    mail = site.wait_for_mail("charlene@example.org", "Library hour", ringing="groupsite.deliver")
    assert (mail["Subject"], mail["Cc"]) == ("Library hour today", None)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [one["Subject"] for one in site.mails_to("oisin@example.org")] == []


def test_leaving_ends_the_visit(page: Page, context: BrowserContext) -> None:
    sign_in(page, "charlene")
    answer = context.request.get("/leave", max_redirects=0)
    assert answer.status in {302, 303}
    assert '"cookies"' in answer.headers["clear-site-data"]
    assert "/sign-in" in page.goto("/home").url


def test_every_public_page_can_be_read_by_everybody(page: Page, check_access: Check) -> None:
    for path in ("/help", "/sign-in", "/meetings?day=0&time=evening&modality=online&tz=Europe/London", "/nowhere",
                 "/groups/harbour-thursdays", "/groups/southern-cross", "/groups/linea-serena"):  # fmt: skip
        page.goto(path)
        check_access(page)
