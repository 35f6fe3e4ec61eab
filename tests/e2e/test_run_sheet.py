"""A meeting held with the run sheet: on two telephones, through a lost connection, and by its buttons alone."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.e2e.conftest import PHONE, Site
from tests.e2e.test_journeys import sign_in
from tests.e2e.test_leaving import ON_TOP

Check = Callable[[Page], None]
SHEET = "/groups/tuesday-lantern/meetings/main/2026-11-24T1900/sheet"
FIRST, SECOND, THIRD, FOURTH = (
    "Arrivals and hello",
    "Opening words and moment of quiet",
    "Foundational readings",
    "How we share: no crosstalk, passing is fine, what is said stays here",
)
NEWCOMERS = "Newcomer welcome (first names only, nobody has to speak)"


@contextmanager
def telephone(chromium: Browser, site: Site, *, has_javascript: bool = True) -> Iterator[Page]:
    opened = chromium.new_context(base_url=site.address, viewport=PHONE, java_script_enabled=has_javascript)
    elsewhere: list[str] = []
    opened.on("request", lambda asked: elsewhere.append(asked.url) if not asked.url.startswith(site.address) else None)
    yield opened.new_page()
    opened.close()
    assert elsewhere == []


@pytest.fixture
def chair(chromium: Browser, site: Site) -> Iterator[Page]:
    """Marisol with tonight's sheet, as if nobody had used it."""
    with telephone(chromium, site) as page:
        sign_in(page, "marisol")
        page.goto(SHEET)
        page.get_by_role("button", name="Forget this sheet").click()
        expect(page.get_by_text("Nothing of this sheet is kept.")).to_be_visible()
        yield page


@pytest.fixture
def timekeeper(chromium: Browser, site: Site) -> Iterator[Page]:
    """Charlene, a member without duties."""
    with telephone(chromium, site) as page:
        sign_in(page, "charlene")
        page.goto(f"{SHEET}/time")
        yield page


def stands_at(page: Page, title: str) -> None:
    expect(page.locator("[data-title]")).to_have_text(title)
    expect(page.locator("[aria-current=step]:visible")).to_have_count(1)
    expect(page.locator("[aria-current=step]")).to_contain_text(title)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def is_offline(page: Page, *, away: bool = True) -> None:
    page.context.set_offline(away)
    if away:
        expect(page.locator("[data-line]")).to_contain_text("The clock goes on")


def test_meeting_is_held_on_two_telephones(chair: Page, timekeeper: Page, check_access: Check) -> None:
    for page in (chair, timekeeper):
        expect(page.locator("[data-title]")).to_have_text("Not begun yet")
        check_access(page)
    press(chair, "Begin")
    for page in (chair, timekeeper):
        stands_at(page, FIRST)
        expect(page.locator("[data-left]")).to_have_text(re.compile(r"^[45]:\d\d$"))
    expect(timekeeper.get_by_text(NEWCOMERS)).to_be_hidden()
    press(chair, "A newcomer is here")
    expect(timekeeper.get_by_text(NEWCOMERS)).to_be_visible()
    _readers(chair, timekeeper)
    press(chair, "Next")
    stands_at(timekeeper, SECOND)
    _quiet(chair, timekeeper, check_access)
    press(chair, "Back")
    stands_at(timekeeper, FIRST)
    chair.get_by_text("Calm card").click()
    expect(chair.get_by_text("You are not the emergency service.")).to_be_visible()
    check_access(chair)


def _readers(chair: Page, timekeeper: Page) -> None:
    chair.get_by_text(f"Who reads or leads: {THIRD}").click()
    chair.get_by_label(f"First name for: {THIRD}").fill("Wes")
    chair.get_by_role("button", name=f"Save for {THIRD}").click()
    expect(timekeeper.locator("[data-part]", has_text=THIRD)).to_contain_text("Wes")


def _quiet(chair: Page, timekeeper: Page, check_access: Check) -> None:
    """Everything else is out of sight, but for the way out."""
    press(chair, "30 seconds of quiet")
    for page in (chair, timekeeper):
        expect(page.get_by_text("Thirty seconds of quiet")).to_be_visible()
        expect(page.locator("[data-title]")).to_be_hidden()
        assert page.evaluate(ON_TOP) == [True, True]
    check_access(chair)
    press(chair, "Go on now")
    for page in (chair, timekeeper):
        expect(page.get_by_text("Thirty seconds of quiet")).to_be_hidden()
        stands_at(page, SECOND)


def test_thirty_seconds_end_by_themselves(chair: Page, timekeeper: Page) -> None:
    chair.clock.install()
    chair.reload()
    press(chair, "30 seconds of quiet")
    expect(timekeeper.get_by_text("Thirty seconds of quiet")).to_be_visible()
    with chair.expect_response(lambda answer: answer.status == 304):
        """The page has heard all that there is, the server's time among it."""
    chair.clock.fast_forward(31_000)
    expect(chair.get_by_text("Thirty seconds of quiet")).to_be_hidden()


def test_lost_connection_stops_nothing(chair: Page, timekeeper: Page) -> None:
    press(chair, "Begin")
    stands_at(timekeeper, FIRST)
    is_offline(chair)
    before = chair.locator("[data-left]").inner_text()
    press(chair, "Next")
    press(chair, "Next")
    stands_at(chair, THIRD)
    expect(chair.locator("[data-left]")).not_to_have_text(before)
    press(chair, "30 seconds of quiet")
    expect(chair.get_by_text("Thirty seconds of quiet")).to_be_visible()
    press(chair, "Go on now")
    chair.get_by_role("link", name="Formats and texts").click()
    expect(chair.locator("[data-line]")).to_contain_text("this page stays open")
    chair.get_by_text(f"Who reads or leads: {FOURTH}").click()
    chair.get_by_role("button", name=f"Save for {FOURTH}").click()
    expect(chair.locator("[data-line]")).to_contain_text("this waits until the line is back")
    stands_at(timekeeper, FIRST)
    is_offline(chair, away=False)
    stands_at(timekeeper, THIRD)
    stands_at(chair, THIRD)
    expect(chair.locator("[data-line]")).to_be_hidden()


def test_whoever_comes_back_is_told_that_somebody_else_was_first(chair: Page, chromium: Browser, site: Site) -> None:
    press(chair, "Begin")
    stands_at(chair, FIRST)
    is_offline(chair)
    with telephone(chromium, site) as other:
        sign_in(other, "marisol")
        other.goto(SHEET)
        press(other, "Next")
        stands_at(other, SECOND)
        press(other, "Next")
        stands_at(other, THIRD)
        press(chair, "Next")
        stands_at(chair, SECOND)
        is_offline(chair, away=False)
        expect(chair.locator("[data-line]")).to_contain_text("Somebody else pressed a button first")
        for page in (chair, other):
            stands_at(page, THIRD)


def test_second_telephone_looks_on_with_a_code(chair: Page, chromium: Browser, site: Site, check_access: Check) -> None:
    press(chair, "Begin")
    press(chair, "Make a code")
    expect(chair.locator("[data-code-letters]")).to_have_text(re.compile(r"^[a-z0-9]{4}(-[a-z0-9]{4}){2}$"))
    code = chair.locator("[data-code-letters]").inner_text()
    with telephone(chromium, site) as visitor:
        visitor.goto("/clock")
        check_access(visitor)
        visitor.get_by_label("Code").fill(code.upper())
        press(visitor, "Go")
        stands_at(visitor, FIRST)
        check_access(visitor)
        assert "Lantern" not in visitor.content()
        press(chair, "Next")
        stands_at(visitor, SECOND)
        press(chair, "Make a code")
        expect(visitor).to_have_url(re.compile(r"/clock$"))


def test_name_that_is_saved_while_a_step_is_on_its_way_comes_after_it(chair: Page, timekeeper: Page) -> None:
    waiting: list[Route] = []
    chair.context.route("**/sheet", lambda route: waiting.append(route) if not waiting else route.continue_())
    press(chair, "Begin")
    while not waiting:
        chair.wait_for_timeout(20)
    chair.get_by_text(f"Who reads or leads: {THIRD}").click()
    chair.get_by_label(f"First name for: {THIRD}").fill("Wes")
    chair.get_by_role("button", name=f"Save for {THIRD}").click()
    waiting[0].continue_()
    stands_at(timekeeper, FIRST)
    expect(timekeeper.locator("[data-part]", has_text=THIRD)).to_contain_text("Wes")
    expect(chair.locator("[data-line]")).to_be_hidden()


def test_page_goes_blank_when_the_visit_ends_elsewhere(chair: Page) -> None:
    chair.context.request.get("/leave", max_redirects=0)
    expect(chair).to_have_url(re.compile("/sign-in.*done=idle"))


def test_other_page_that_times_out_leaves_the_sheet_alone(chair: Page, site: Site) -> None:
    other = chair.context.new_page()
    other.set_extra_http_headers({"X-Test-Idle": "3"})
    other.goto("/groups/tuesday-lantern/manage")
    expect(other).to_have_url(re.compile("/sign-in.*done=idle"))
    press(chair, "Begin")
    stands_at(chair, FIRST)


@pytest.fixture
def plain(chromium: Browser, site: Site) -> Iterator[Page]:
    with telephone(chromium, site, has_javascript=False) as page:
        yield page


def test_chair_needs_no_javascript(plain: Page) -> None:
    sign_in(plain, "marisol")
    plain.goto(SHEET)
    press(plain, "Forget this sheet")
    press(plain, "Begin")
    stands_at(plain, FIRST)
    press(plain, "Next")
    stands_at(plain, SECOND)
    press(plain, "A newcomer is here")
    expect(plain.get_by_text(NEWCOMERS).first).to_be_visible()
    plain.get_by_text(f"Who reads or leads: {THIRD}").click()
    plain.get_by_label(f"First name for: {THIRD}").fill("Joan")
    plain.get_by_role("button", name=f"Save for {THIRD}").click()
    expect(plain.locator("[data-part]", has_text=THIRD).first).to_contain_text("Joan")
    press(plain, "30 seconds of quiet")
    expect(plain.get_by_text("Thirty seconds of quiet")).to_be_visible()
    expect(plain.locator("[data-title]")).to_be_hidden()
    press(plain, "Go on now")
    stands_at(plain, SECOND)
    press(plain, "Make a code")
    code = plain.locator("[data-code-letters]").inner_text()
    plain.goto("/clock")
    plain.get_by_label("Code").fill(code)
    press(plain, "Go")
    stands_at(plain, SECOND)


def test_facilitator_makes_a_format_and_puts_a_text_in(
    page: Page, context: BrowserContext, check_access: Check
) -> None:
    sign_in(page, "marisol")
    page.goto("/groups/tuesday-lantern/manage")
    page.get_by_role("link", name="Formats and texts").click()
    check_access(page)
    page.locator("[name=name]").fill("Short evening")
    page.locator("[name=style][value=alanon_style]").check()
    press(page, "Make the format")
    page.wait_for_url(re.compile("done=made"))
    check_access(page)
    page.get_by_role("button", name=re.compile("Down.*Opening readings")).click()
    page.wait_for_url(re.compile("done=changed"))
    page.get_by_role("link", name=re.compile("Change.*Opening readings")).click()
    check_access(page)
    page.locator("[name=minutes]").fill("12")
    press(page, "Save")
    expect(page.get_by_text("12 min, volunteer readers")).to_be_visible()
    page.get_by_role("link", name="Daily reading").click()
    page.locator("[name=body]").fill("Words of our own.")
    press(page, "Save")
    expect(page.get_by_text("Please tick this only if your group may use the text").first).to_be_visible()
    check_access(page)
    page.locator("[name=may_be_used]").check()
    page.locator("[name=visibility][value=members]").check()
    press(page, "Save")
    expect(page.get_by_role("status")).to_contain_text("Only those whom you chose see the text")
    page.goto("/groups/tuesday-lantern/texts")
    expect(page.get_by_text("Words of our own.")).to_be_visible()
    check_access(page)
    page.goto("/groups/tuesday-lantern/manage/texts/daily_reading")
    press(page, "Remove this text")
    page.wait_for_url(re.compile("done=text-removed"))
