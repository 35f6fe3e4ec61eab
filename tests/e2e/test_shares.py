"""Writing to each other: a day of a written meeting, and a share that is held, given back, mended and shown."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.e2e.conftest import PHONE, Site
from tests.e2e.test_apart import sign_out, sign_up
from tests.e2e.test_journeys import sign_in

Check = Callable[[Page], None]
LINE = "What you read here stays here. Please do not copy it, quote it or tell it on."
COPIED = "addEventListener('copy', event => { window.copied = event.clipboardData.getData('text/plain') })"
SELECTED = "words => getSelection().selectAllChildren(words)"


@pytest.fixture
def login(request: pytest.FixtureRequest) -> str:
    """One of its own for each journey: the letters that its name begins with, and whether there is JavaScript."""
    words = re.findall("[a-z]+", request.node.name.lower())
    return f"writer-{''.join(word[0] for word in words[:-2])}-{words[-2]}"


def start_group(page: Page) -> str:
    """A group that Marisol runs; its address."""
    sign_in(page, "marisol")
    page.goto("/groups/new")
    page.locator("[name=name]").fill("Quiet Pages")
    page.locator("[name=display_name]").fill("M.")
    page.get_by_role("button", name="Create the group").click()
    page.wait_for_url(re.compile(r"/manage\?done=created"))
    return page.url.split("/groups/")[1].split("/")[0]


def add_written_days(page: Page, slug: str) -> None:
    page.goto(f"/groups/{slug}/manage/meetings/new")
    page.locator("[name=title]").fill("A page a day")
    page.locator("[name=kind]").select_option("written")
    page.locator("[name=modality][value=written]").check()
    page.locator("[name=timezone]").select_option("Europe/London")
    page.locator("[name=first_date]").fill("2026-11-24")
    page.locator("[name=start_time]").fill("00:00")
    page.locator("[name=duration_minutes]").fill("1440")
    for day in page.locator("[name=weekdays]").all():
        day.check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/manage\?done=series"))


def come_in(page: Page, slug: str, login: str, name: str) -> None:
    sign_out(page)
    sign_up(page, login)
    page.goto(f"/groups/{slug}/join?read=yes")
    page.locator("[name=display_name]").fill(name)
    page.get_by_role("button", name="Join").click()
    page.wait_for_url(re.compile(r"/reminders\?done=joined"))


def go_on_as(page: Page, login: str) -> None:
    sign_out(page)
    sign_in(page, login)


def test_day_of_a_written_meeting(page: Page, check_access: Check, login: str) -> None:
    slug = start_group(page)
    add_written_days(page, slug)
    page.get_by_role("link", name="How we write").click()
    check_access(page)
    page.get_by_label("Tuesday").fill("What I need today")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    page.goto(f"/groups/{slug}/written")
    page.get_by_role("link", name="Write into this day").click()
    expect(page.get_by_text("What I need today")).to_be_visible()
    check_access(page)
    page.locator("[name=body]").fill("Welcome. Take what time you need.")
    page.locator("[name=opens_day]").check()
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("heading", name="What opens the day")).to_be_visible()
    come_in(page, slug, login, "Ana")
    page.goto(f"/groups/{slug}/shares")
    page.get_by_role("link", name="A page a day").click()
    expect(page.get_by_text("Welcome. Take what time you need.")).to_be_visible()
    page.get_by_role("link", name="Write into this day").click()
    assert page.locator("[name=opens_day]").count() == 0
    page.locator("[name=body]").fill("I rested, and nobody minded.")
    page.locator("[name=content_note]").fill("about rest")
    page.get_by_role("button", name="Post").click()
    page.get_by_text("about rest").click()
    expect(page.get_by_text("I rested, and nobody minded.")).to_be_visible()
    check_access(page)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("status")).to_contain_text("Taken back.")
    page.goto(f"/groups/{slug}/written")
    expect(page.get_by_text("about rest")).to_have_count(0)


def test_share_is_held_given_back_mended_and_shown(page: Page, check_access: Check, login: str) -> None:
    slug = start_group(page)
    reader = f"{login}-r"
    come_in(page, slug, reader, "Noor")
    go_on_as(page, "marisol")
    page.goto(f"/groups/{slug}/manage/sharing")
    page.locator("[name=holds_first]").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Name in this group").fill("Noor")
    page.get_by_role("button", name="Let them look at shares").click()
    check_access(page)
    come_in(page, slug, login, "Ana")
    page.goto(f"/groups/{slug}/shares/new")
    page.locator("[name=body]").fill("Ring me: +44 20 7946 0958.")
    page.get_by_role("button", name="Post").click()
    page.get_by_role("button", name="Keep it as it is").click()
    expect(page.get_by_text("Nobody else sees it until then.")).to_be_visible()
    check_access(page)
    decide(page, slug, reader, check_access, mended=False)
    go_on_as(page, login)
    page.goto(f"/groups/{slug}/shares")
    expect(page.get_by_text("It came back to you. It has a telephone number")).to_be_visible()
    check_access(page)
    page.get_by_role("link", name="Change it").click()
    expect(page.locator("[name=body]")).to_have_value("Ring me: +44 20 7946 0958.")
    check_access(page)
    page.locator("[name=body]").fill("I would like to talk.")
    page.get_by_role("button", name="Post").click()
    decide(page, slug, reader, check_access, mended=True)
    go_on_as(page, "marisol")
    page.goto(f"/groups/{slug}/shares")
    expect(page.get_by_text("I would like to talk.")).to_be_visible()
    report(page, slug, check_access)


def decide(page: Page, slug: str, reader: str, check_access: Check, *, mended: bool) -> None:
    go_on_as(page, reader)
    page.goto(f"/groups/{slug}/shares")
    page.get_by_role("link", name="Shares to look at").click()
    check_access(page)
    if mended:
        page.get_by_role("button", name="Keep it").click()
        expect(page.get_by_role("status")).to_contain_text("It is shown now.")
    else:
        page.get_by_label("Guideline").select_option("contact_details")
        page.get_by_role("button", name="Give it back").click()
        expect(page.get_by_role("status")).to_contain_text("It is back with its author")


def report(page: Page, slug: str, check_access: Check) -> None:
    """Two taps."""
    page.get_by_role("link", name="Not all right?").click()
    check_access(page)
    page.get_by_role("button", name="It names somebody").click()
    expect(page.get_by_role("status")).to_contain_text("Nobody is told that it was you.")
    expect(page.get_by_text("I would like to talk.")).to_have_count(0)


def test_draft_outlasts_the_visit(page: Page, check_access: Check, login: str) -> None:
    slug = start_group(page)
    come_in(page, slug, login, "Ana")
    page.goto(f"/groups/{slug}/shares/new")
    page.locator("[name=body]").fill("Half a thought")
    page.get_by_role("button", name="Keep as a draft").click()
    check_access(page)
    go_on_as(page, login)
    page.goto(f"/groups/{slug}/shares")
    page.get_by_role("link", name="Go on writing").click()
    expect(page.locator("[name=body]")).to_have_value("Half a thought")
    page.get_by_role("button", name="Throw the draft away").click()
    expect(page.get_by_text("Your draft")).to_have_count(0)


def test_confidentiality_line_comes_first_on_paper(page: Page) -> None:
    sign_in(page, "marisol")
    page.goto("/groups/tuesday-lantern/shares")
    expect(page.get_by_text(LINE)).to_be_hidden()
    page.emulate_media(media="print")
    assert page.locator("body").inner_text().strip().startswith(LINE)


def test_content_notes_stand_open_for_whoever_wants_it(page: Page, check_access: Check) -> None:
    sign_in(page, "marisol")
    page.goto("/groups/tuesday-lantern/shares/reading")
    check_access(page)
    page.get_by_role("button", name="Show them open").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")


@pytest.fixture(scope="module")
def signed_in(chromium: Browser, site: Site) -> Iterator[Page]:
    """Marisol's browser, with JavaScript."""
    context = chromium.new_context(base_url=site.address, viewport=PHONE)
    page = context.new_page()
    sign_in(page, "marisol")
    yield page
    context.close()


@pytest.fixture
def writing(signed_in: Page) -> Page:
    """Her form in the group where Charlie has written."""
    signed_in.goto("/groups/tuesday-lantern/shares/new", wait_until="networkidle")
    return signed_in


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("you should rest", "advice"),
        ("have you tried tea", "advice"),
        ("deberías descansar", "advice"),
        ("yo que tú, lo dejaba", "advice"),
        ("Charlie L. sat beside me", "name"),
        ("I want to die", "help"),
        ("quiero morirme", "help"),
        ("ya no puedo más", "help"),
        ("I rested, and it was good", ""),
        ("Charlie Lomax, a dog, and the thousand shoulders", ""),
        ("He descansado bien", ""),
    ],
)
def test_browser_asks_while_she_writes_and_nothing_leaves_it(writing: Page, words: str, hint: str) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    writing.on("request", note)
    writing.locator("[name=body]").press_sequentially(words)
    shown = {mark for mark in ("advice", "name", "help") if writing.locator(f"[data-compose-{mark}]").is_visible()}
    assert shown == ({hint} if hint else set())
    expect(writing.get_by_role("button", name="Post")).to_be_enabled()
    writing.remove_listener("request", note)
    assert asked == []
    assert writing.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_hint_goes_when_its_words_do_and_never_stops_her(writing: Page) -> None:
    body, help_now = writing.locator("[name=body]"), writing.get_by_text("you need not carry it alone")
    body.fill("I want to die")
    expect(help_now).to_be_visible()
    assert writing.locator("[data-compose-help] a").get_attribute("href") == "/help"
    body.fill("I want to live")
    expect(help_now).to_be_hidden()


def test_copy_begins_with_the_confidentiality_line(writing: Page) -> None:
    writing.goto("/groups/tuesday-lantern/shares")
    writing.evaluate(COPIED)
    writing.locator(".words").first.evaluate(SELECTED)
    writing.keyboard.press("Control+C")
    copied = writing.evaluate("window.copied")
    assert copied.startswith(f"{LINE}\n\n")
    assert len(copied) > len(LINE) + 2
