"""The whole system as people use it: granian, a Celery worker, a mailbox, and Chromium in front."""

import mailbox
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, sync_playwright

from dev.browser import chromium_path
from tests.live import BIN, PATIENCE, ROOT, live_site, running

BEFORE_THE_REMINDER = "2026-11-24T20:59:45+00:00"
"""A quarter of a minute before Charlie's reminder for tonight, which begins at midnight UTC."""
RUNS_OVER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PHONE: ViewportSize = {"width": 360, "height": 780}
DESK: ViewportSize = {"width": 1280, "height": 900}
WITHOUT_NOISE = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Site:
    """A running system. `environment` is what its processes were started with, `neutral` where people leave to."""

    address: str
    mail: Path
    environment: dict[str, str]
    neutral: str

    def ring(self, task: str) -> None:
        """Ask the worker for a task, as beat does."""
        command = [str(BIN / "celery"), "-A", "tests.e2e.clocked:celery", "call", task]
        subprocess.run(command, check=True, cwd=ROOT, env=self.environment, capture_output=True)

    def mails_to(self, address: str) -> list[EmailMessage]:
        box = mailbox.Maildir(self.mail, create=True)
        mails = [message_from_bytes(box.get_bytes(key), policy=policy.default) for key in box.keys()]  # noqa: SIM118
        return [mail for mail in mails if mail["To"] == address]

    def wait_for_mail(self, address: str, words: str, *, ringing: str = "") -> EmailMessage:
        """The first mail to this address whose subject has these words; `ringing` is a task to ask for meanwhile."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if ringing:
                self.ring(ringing)
            for mail in self.mails_to(address):
                if words in mail["Subject"]:
                    return mail
            time.sleep(0.2)
        raise AssertionError(f"no mail about {words}: {[mail['Subject'] for mail in self.mails_to(address)]}")


class News(BaseHTTPRequestHandler):
    """An ordinary site, as the one that people leave to."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><title>News</title><h1>Rain in the west</h1>")

    def log_message(self, *_words: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="session")
def neutral() -> Iterator[str]:
    """The address of the neutral site: another one than ours, on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), News)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def site(
    new_database: Callable[[], str], redis_url: str, tmp_path_factory: pytest.TempPathFactory, neutral: str
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    celery = [str(BIN / "celery"), "-A", "tests.e2e.clocked:celery"]
    worker = [*celery, "worker", "--queues", "mail,upkeep", "--concurrency", "1"]
    with ExitStack() as stack:
        live = stack.enter_context(
            live_site(
                folder, database_url=new_database(), redis_url=redis_url, begins=BEFORE_THE_REMINDER, exit_url=neutral
            )
        )
        stack.enter_context(running(worker, live.environment, live.log))
        yield Site(live.address, live.mail, live.environment, neutral)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=WITHOUT_NOISE)
    yield browser
    browser.close()


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def context(request: pytest.FixtureRequest, chromium: Browser, site: Site) -> Iterator[BrowserContext]:
    """A private window; requests to any other place than ours fail the test."""
    has_javascript = request.param == "with JavaScript"
    opened = chromium.new_context(base_url=site.address, viewport=PHONE, java_script_enabled=has_javascript)
    elsewhere: list[str] = []
    opened.on("request", lambda asked: elsewhere.append(asked.url) if not asked.url.startswith(site.address) else None)
    yield opened
    opened.close()
    assert elsewhere == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def check_access(request: pytest.FixtureRequest) -> Callable[[Page], None]:
    """Looks at the page on a phone and on a desk: nothing runs over the edge, and axe (which needs JavaScript) finds nothing."""
    has_javascript = "without JavaScript" not in request.node.name

    def check(page: Page) -> None:
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            if has_javascript:
                found = Axe().run(page)
                assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
                assert page.evaluate(RUNS_OVER) is False, f"{page.url} is wider than {size['width']} px"

    return check
