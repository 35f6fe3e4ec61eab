"""Somebody who uses the pages all through a fault: reads, signs up, signs in, joins, leaves; every answer is counted."""

import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.cookiejar import CookieJar

from dev.services import free_port
from tests.chaos.people import GUEST
from tests.chaos.stage import Stage
from tests.live import BIN, wait_until_answers

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PASSWORD = "seven quiet lanterns"
READS = ("/", "/meetings", "/meetings.json", "/help", "/home", "/account/reminders", "/account/calendar")
EVERY = 2.5
"""Seconds between two visits: more often would be more sign-ups than one place may have."""
PATIENCE = 20.0


class Visitor:
    """`answers` by the web server so far; `faults` are sentences."""

    def __init__(self, address: str, slug: str) -> None:
        self._address, self._slug = address, slug
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._visit, name="visitor", daemon=True)
        self.answers = 0
        self.faults: list[str] = []

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._is_over.set()
        self._thread.join(PATIENCE)

    def _visit(self) -> None:
        number = 0
        while not self._is_over.wait(EVERY):
            number += 1
            self._come(f"guest{number}")

    def _come(self, login: str) -> None:
        """Once from signing up, whose mail asks for a ring, to leaving a group, with a look at every page."""
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        opener, pair = urllib.request.build_opener(jar), {"login": login, "password": PASSWORD}
        self._submit(opener, "/sign-up", pair | {"adult": "y", "email": f"{GUEST}{login}@example.org"})
        self._submit(opener, "/sign-in", pair)
        group = f"/groups/{self._slug}"
        for path in (*READS, group, f"{group}/calendar.ics"):
            self._ask(opener, path)
        self._submit(opener, f"{group}/join", {"display_name": login})
        self._submit(opener, f"{group}/leave", {}, page=group)

    def _submit(
        self, opener: urllib.request.OpenerDirector, path: str, fields: dict[str, str], *, page: str | None = None
    ) -> None:
        found = TOKEN.search(self._ask(opener, page or path))
        token = {"csrf_token": found[1]} if found else {}
        self._ask(opener, path, urllib.parse.urlencode(token | fields).encode())

    def _ask(self, opener: urllib.request.OpenerDirector, path: str, form: bytes | None = None) -> str:
        try:
            with opener.open(self._address + path, form, PATIENCE) as answer:
                text = str(answer.read(), "utf-8")
        except urllib.error.HTTPError as error:
            text = error.read().decode()
            if error.code >= HTTPStatus.BAD_REQUEST:
                self.faults.append(f"{path} was answered with {error.code}")
        except OSError as error:
            text = ""
            self.faults.append(f"{path} was not answered: {error}")
        self.answers += 1
        return text


@contextmanager
def visiting(stage: Stage, **changes: str) -> Iterator[Visitor]:
    """A web server as on a server, told the stage's clock, with its limits of tries on; and somebody who visits it."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    told = stage.clock() | {"LD_PRELOAD": "", "FAKETIME": "", "ENVIRONMENT": "development", "BASE_URL": address}
    stage.start(
        str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", "2", "tests.chaos.app:web", **told | changes,
    )  # fmt: skip
    wait_until_answers(f"{address}/healthz", stage.log)
    visitor = Visitor(address, f"storm-{stage.people[0].group.hex[:12]}")
    visitor.begin()
    try:
        yield visitor
    finally:
        visitor.end()
