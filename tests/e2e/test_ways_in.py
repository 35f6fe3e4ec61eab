"""Coming in as people do: with a passkey and nothing typed, with a code from an app, with a link that was asked for."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from groupsite.domain.totp import as_bytes, code_of, step_at
from tests.e2e.conftest import BEFORE_THE_REMINDER, PHONE, Site
from tests.e2e.test_journeys import PASSWORD, sign_in
from tests.live import PATIENCE, live_site

Check = Callable[[Page], None]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named(new_database: Callable[[], str], redis_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of a site that is reached by a name: for a number browsers make no passkeys."""
    begins = BEFORE_THE_REMINDER
    with live_site(tmp_path, database_url=new_database(), redis_url=redis_url, begins=begins, host="localhost") as live:
        yield live.address


@pytest.fixture
def visitor(chromium: Browser, named: str) -> Iterator[Page]:
    opened = chromium.new_context(base_url=named, viewport=PHONE)
    yield opened.new_page()
    opened.close()


def with_device(page: Page) -> CDPSession:
    """The browser's own device for passkeys, in software."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_load_state()


def test_facilitator_signs_in_with_a_passkey_and_types_nothing(visitor: Page, check_access: Check) -> None:
    page = visitor
    with_device(page)
    sign_in(page, "marisol")
    page.goto("/home")
    check_access(page)
    page.get_by_role("link", name="Add a passkey").click()
    check_access(page)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("The passkey is here")
    check_access(page)
    page.get_by_role("link", name=re.compile("Rename or remove")).click()
    check_access(page)
    page.locator("[name=name]").fill("Blue telephone")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Blue telephone").first).to_be_visible()
    page.goto("/home")
    expect(page.get_by_text("one touch instead of a password")).to_have_count(0)

    sign_out(page)
    page.goto("/sign-in?next=/account")
    check_access(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/account$"))
    page.goto("/account/security")
    check_access(page)
    page.goto("/account/confirm?next=/account/codes")
    check_access(page)
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page).to_have_url(re.compile("/account/codes$"))


def test_passkey_that_was_not_shown_leaves_the_page_as_it_is(visitor: Page, check_access: Check) -> None:
    page = visitor
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    nobody = DEVICE | {"isUserVerified": False}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": nobody})
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("nothing was changed")
    check_access(page)
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


def test_button_for_passkeys_needs_javascript(chromium: Browser, named: str) -> None:
    with chromium.new_context(base_url=named, viewport=PHONE, java_script_enabled=False) as opened:
        page = opened.new_page()
        page.goto("/sign-in")
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
        expect(page.locator("[data-passkey] button")).to_be_hidden()


def test_code_of_an_app_is_asked_for_after_the_password(page: Page, site: Site, check_access: Check) -> None:
    login = f"quiet-{uuid4().hex[:10]}"
    page.goto("/sign-up")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=adult]").check()
    page.get_by_role("button", name="Open my account").click()
    page.goto("/account/ways")
    check_access(page)
    page.get_by_role("button", name="Set up an app").click()
    check_access(page)
    assert page.locator(".code-picture").evaluate("one => one.naturalWidth") > 100
    secret = as_bytes(page.locator(".copy").inner_text())
    page.locator("[name=code]").fill("000000")
    page.get_by_role("button", name="Ask for codes from now on").click()
    check_access(page)
    step = step_at(_server_clock(site))
    page.locator("[name=code]").fill(code_of(secret, step))
    page.get_by_role("button", name="Ask for codes from now on").click()
    expect(page.get_by_role("status")).to_contain_text("a code is asked for")
    check_access(page)

    sign_out(page)
    page.goto("/sign-in")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/sign-in/code$"))
    check_access(page)
    page.locator("[name=code]").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not the code")
    check_access(page)
    page.locator("[name=code]").fill(code_of(secret, step + 1))
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/home"))
    page.goto("/sign-in/code")
    check_access(page)


def test_link_opens_in_the_browser_that_asked(
    page: Page, context: BrowserContext, chromium: Browser, site: Site, check_access: Check
) -> None:
    sign_in(page, "charlene")
    page.goto("/account/ways")
    allow = page.get_by_role("button", name=re.compile("allow links"))
    if allow.count():
        allow.click()
    check_access(page)
    sign_out(page)
    known = _links(site)
    page.goto("/sign-in/link")
    check_access(page)
    page.locator("[name=login]").fill("charlene")
    page.get_by_role("button", name="Send a link").click()
    expect(page.get_by_role("status")).to_contain_text("If the account of this name takes links")
    check_access(page)
    address = _new_link(site, known)
    with chromium.new_context(base_url=site.address, viewport=PHONE) as elsewhere:
        other = elsewhere.new_page()
        other.goto(address)
        expect(other.get_by_text("does not open anything here")).to_be_visible()
    page.goto(address)
    check_access(page)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/home"))


def _new_link(site: Site, known: set[str]) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if new := _links(site) - known:
            return new.pop()
        time.sleep(0.2)
    raise AssertionError("no link came")


def _links(site: Site) -> set[str]:
    """Addresses in the mails to Charlene that sign in."""
    found: set[str] = set()
    for mail in site.mails_to("charlene@example.org"):
        body = mail.get_body(("plain",))
        assert body is not None
        found |= set(re.findall(r"\S+/sign-in/link/\S+", body.get_content()))
    return found


def _server_clock(site: Site) -> datetime:
    """What time it is for the server, which lives on another day than we do."""
    begun, set_at = site.environment["GROUPSITE_TEST_NOW"], float(site.environment["GROUPSITE_TEST_SET_AT"])
    return datetime.fromisoformat(begun) + timedelta(seconds=time.time() - set_at)
