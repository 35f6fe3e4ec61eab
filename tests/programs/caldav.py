"""A calendar kept on Radicale, as calendar programs keep it: one object for each UID, asked for by span of time (RFC 4791)."""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

from icalendar import Calendar

from dev.programs import program
from dev.services import free_port
from tests.live import running, wait_until_answers

SETTINGS = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = none
[storage]
filesystem_folder = {folder}
[logging]
level = warning
"""
QUERY = """<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<D:prop><D:getetag/><C:calendar-data><C:expand {span}/></C:calendar-data></D:prop>
<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range {span}/></C:comp-filter>
</C:comp-filter></C:filter></C:calendar-query>"""
FOUND = re.compile(r"<C:calendar-data>(.*?)</C:calendar-data>", re.DOTALL)
ACCESS = "Basic " + base64.b64encode(b"reader:any").decode()
UTC_FORMAT = "%Y%m%dT%H%M%SZ"


@contextmanager
def radicale(folder: Path) -> Iterator[int]:
    """The server on a free port, which it gives; its files lie in `folder`."""
    port = free_port()
    settings, log = folder / "settings", folder / "log"
    settings.write_text(SETTINGS.format(port=port, folder=folder / "collections"))
    with running([program("radicale"), "--config", str(settings)], {}, log):
        wait_until_answers(f"http://127.0.0.1:{port}/.web/", log)
        yield port


@dataclass(frozen=True)
class KeptCalendar:
    """One calendar of a reader's."""

    port: int
    path: str

    def put(self, uid: str, body: bytes) -> int:
        return self._ask("PUT", f"{uid}.ics", body, kind="text/calendar; charset=utf-8")[0]

    def get(self, uid: str) -> bytes:
        return self._ask("GET", f"{uid}.ics")[1]

    def delete(self, uid: str) -> int:
        return self._ask("DELETE", f"{uid}.ics")[0]

    def between(self, first: datetime, last: datetime) -> list[Calendar]:
        """The objects that have a date in this span (UTC), each with its dates in it instead of its rule."""
        span = f'start="{first.strftime(UTC_FORMAT)}" end="{last.strftime(UTC_FORMAT)}"'
        status, answer = self._ask("REPORT", "", QUERY.format(span=span).encode(), kind="application/xml")
        assert status == 207, answer
        return [Calendar.from_ical(unescape(found)) for found in FOUND.findall(answer.decode())]

    def _ask(self, method: str, name: str, body: bytes = b"", *, kind: str = "") -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Authorization": ACCESS, "Depth": "1"} | ({"Content-Type": kind} if kind else {})
        connection.request(method, self.path + name, body, headers)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found


def new_calendar(port: int) -> KeptCalendar:
    """An empty calendar of its own."""
    made = KeptCalendar(port, f"/reader/{uuid4().hex}/")
    assert made._ask("MKCALENDAR", "")[0] == 201
    return made
