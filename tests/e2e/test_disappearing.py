"""Out of sight in the browser: by a code on paper, with one button, by deleting; and the search for what is left."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from redis import Redis
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from groupsite.models import Account, Delivery, DeliveryState
from tests.e2e.conftest import PHONE, Site
from tests.e2e.test_journeys import PASSWORD
from tests.hers import dump, left_in
from tests.live import PATIENCE

Check = Callable[[Page], None]
SHARE = "A canary sang by the mill"


def somebody_new() -> str:
    return f"quiet-{uuid4().hex[:10]}"


def one_word(word: str, login: str) -> str:
    """A display name of one's own in which nothing looks like a last name, which the page would ask about."""
    return f"{word}{int(login[-6:], 16)}"


def open_account(page: Page, login: str) -> None:
    page.goto("/sign-up")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=adult]").check()
    page.get_by_role("button", name="Open my account").click()
    expect(page).to_have_url(re.compile("/home"))


def join(page: Page, name: str) -> None:
    page.goto("/groups/tuesday-lantern/join?read=yes")
    page.locator("[name=display_name]").fill(name)
    page.get_by_role("button", name="Join").click()
    expect(page).to_have_url(re.compile("/reminders"))


def feed_of(page: Page) -> str:
    page.goto("/account/calendar")
    page.get_by_role("button", name="Make an address").click()
    return page.locator(".copy").inner_text().strip()


def paper_code(page: Page, check_access: Check) -> str:
    page.goto("/account/slip")
    check_access(page)
    page.locator("[name=extent][value=stop]").check()
    page.get_by_role("button", name="Make a code").click()
    check_access(page)
    return page.locator(".slip .copy").inner_text().strip()


@contextmanager
def records(database: str) -> Iterator[Session]:
    engine = create_engine(database)
    with Session(engine) as session:
        yield session
    engine.dispose()


def plan_a_mail(database: str, login: str) -> None:
    """A reminder that waits in an hour, as the planner leaves one."""
    with records(database) as session:
        account = session.scalars(select(Account).where(Account.login == login)).one()
        later = text("now() + interval '1 hour'")
        values = dict.fromkeys(("due_at", "next_try_at", "expires_at"), later)
        row = Delivery(dedupe_key=f"e2e {login}", kind="reminder", state="planned", account_id=account.id, **values)
        session.add(row)
        session.commit()


def mail_states(database: str, login: str) -> set[DeliveryState]:
    with records(database) as session:
        mine = select(Delivery.state).join(Account, Account.id == Delivery.account_id).where(Account.login == login)
        return set(session.scalars(mine))


def is_signed_in(context: BrowserContext) -> bool:
    return context.request.get("/account", max_redirects=0).status == 200


def sign_in_elsewhere(chromium: Browser, site: Site, login: str) -> BrowserContext:
    other = chromium.new_context(base_url=site.address, viewport=PHONE)
    page = other.new_page()
    page.goto("/sign-in")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/home"))
    return other


def leads_elsewhere(asked: Request) -> bool:
    """Whether this is where our way out leads to."""
    return asked.redirected_from is not None and asked.redirected_from.url.endswith("/leave")


def test_code_on_paper_stops_everything(
    page: Page, context: BrowserContext, chromium: Browser, site: Site, check_access: Check, request: object
) -> None:
    login, database = somebody_new(), site.environment["DATABASE_URL"]
    open_account(page, login)
    feed, code = feed_of(page), paper_code(page, check_access)
    tablet = sign_in_elsewhere(chromium, site, login)
    plan_a_mail(database, login)
    assert (context.request.get(feed).status, is_signed_in(context), is_signed_in(tablet)) == (200, True, True)
    assert mail_states(database, login) == {DeliveryState.PLANNED}
    _type_in(chromium, site, code, check_access, has_javascript="without" not in str(request))
    assert (context.request.get(feed).status, is_signed_in(context), is_signed_in(tablet)) == (410, False, False)
    assert mail_states(database, login) <= {DeliveryState.CANCELLED}
    assert "/sign-in" in page.goto("/home").url
    tablet.close()


def _type_in(chromium: Browser, site: Site, code: str, check_access: Check, *, has_javascript: bool) -> None:
    """On a telephone that nobody has signed in to; she stays on the last page, and Back shows no code."""
    anywhere = chromium.new_context(base_url=site.address, viewport=PHONE, java_script_enabled=has_javascript)
    page = anywhere.new_page()
    page.goto("/now")
    check_access(page)
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    page.locator("[name=code]").fill(wrong)
    page.get_by_role("button", name="Go").click()
    expect(page.locator("#code-error")).to_be_visible()
    check_access(page)
    page.locator("[name=code]").fill(code.upper())
    page.locator("[name=goes_on]").uncheck()
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("heading", name="If the code was right")).to_be_visible()
    check_access(page)
    assert anywhere.cookies() == []
    anywhere.close()


@pytest.mark.parametrize("has_javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_one_button_goes_on_to_another_site(
    chromium: Browser, site: Site, check_access: Check, has_javascript: bool
) -> None:
    opened = chromium.new_context(base_url=site.address, viewport=PHONE, java_script_enabled=has_javascript)
    page = opened.new_page()
    open_account(page, somebody_new())
    page.goto("/account/now")
    check_access(page)
    with page.expect_request(leads_elsewhere) as elsewhere:
        page.get_by_role("button", name="Do it now").click()
    assert not elsewhere.value.url.startswith(site.address)
    assert not is_signed_in(opened)
    assert "/sign-in" in opened.new_page().goto("/account/now").url
    opened.close()


def test_nothing_is_found_after_deleting(page: Page, context: BrowserContext, site: Site, check_access: Check) -> None:
    login = somebody_new()
    name = one_word("Canary", login)
    open_account(page, login)
    join(page, name)
    page.goto("/groups/tuesday-lantern/shares/new")
    page.locator("[name=body]").fill(SHARE)
    page.get_by_role("button", name="Post").click()
    feed = feed_of(page)
    page.goto("/account/delete")
    check_access(page)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_text("Your account is gone")).to_be_visible()
    check_access(page)
    assert context.request.get(feed).status in {404, 410}
    site.ring("groupsite.erase")
    _search(site, login, name, SHARE)
    page.goto("/sign-in")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("do not belong together")).to_be_visible()
    _sign_in(page, "marisol")
    page.goto("/groups/tuesday-lantern/shares")
    assert SHARE not in page.content()


def _sign_in(page: Page, login: str) -> None:
    page.goto("/sign-in")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/home"))


def _search(site: Site, *words: str) -> None:
    """In every row of every table, in the queue, in the mail and in what the processes have said, until the worker is done."""
    with records(site.environment["DATABASE_URL"]) as session:
        until = time.monotonic() + PATIENCE
        while left_in(dump(session), *words):
            assert time.monotonic() < until, left_in(dump(session), *words)
            session.rollback()
            time.sleep(0.2)
    with Redis.from_url(site.environment["REDIS_URL"]) as store:
        kept = [f"{key!r} {store.dump(key)!r}" for key in store.keys("*")]
    files = [path.read_bytes().decode("latin-1") for path in site.mail.parent.rglob("*") if path.is_file()]
    assert [one for one in [*kept, *files] if any(word in one for word in words)] == []


def test_account_is_hidden_and_taken_back(page: Page, context: BrowserContext, check_access: Check) -> None:
    login = somebody_new()
    open_account(page, login)
    join(page, one_word("Hidden", login))
    page.goto("/account/codes")
    page.get_by_role("button", name="Make new codes").click()
    code = page.locator("code").first.inner_text()
    page.goto("/account/now")
    page.locator("[name=extent][value=hide]").check()
    page.locator("[name=goes_on]").uncheck()
    page.get_by_role("button", name="Do it now").click()
    expect(page.get_by_role("heading", name="It is done.")).to_be_visible()
    check_access(page)
    assert not is_signed_in(context)
    page.goto("/sign-in/return")
    check_access(page)
    for name, typed in (("login", login), ("password", PASSWORD), ("code", code)):
        page.locator(f"[name={name}]").fill(typed)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("You are back")).to_be_visible()
    check_access(page)
    page.goto("/account/reminders")
    expect(page.get_by_role("button", name="Write to me again")).to_be_visible()
    check_access(page)
