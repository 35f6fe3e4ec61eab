"""Tonight's run sheet of the sample: its address, its hours, and its buttons as a browser presses them."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from groupsite.models import RunSheet, WebSession
from tests.browser import Browser
from tests.plugins.application import MORNING, Clock
from tests.worlds import GROUP

DATE = f"/groups/{GROUP}/meetings/main/2026-11-24T1900"
SHEET = f"{DATE}/sheet"
STARTS = MORNING + timedelta(hours=15)
ENDS = STARTS + timedelta(minutes=90)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
CODE = re.compile(r"<code class=\"copy\"[^>]*>([a-z0-9-]+)</code>")


def arrive(session: Session, clock: Clock, moment: datetime) -> None:
    """It is that time, and whoever is signed in has just signed in."""
    for row in session.scalars(select(WebSession)):
        row.last_seen_at, row.expires_at = moment, moment + timedelta(hours=12)
    session.commit()
    clock.now = moment


def state(browser: Browser, path: str = f"{SHEET}/state") -> dict[str, Any]:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = json.loads(answer.text)
    return told


def press(browser: Browser, do: str, version: int | None = None, **fields: object) -> TestResponse:
    """A button as the script sends it, on what the page showed last unless told otherwise."""
    known = state(browser)["version"] if version is None else version
    sent = {"csrf_token": browser.token(SHEET), "do": do, "version": str(known)}
    return browser.client.post(
        SHEET, data=sent | {name: str(value) for name, value in fields.items()}, headers={"Accept": "application/json"}
    )


def sheets(session: Session) -> list[RunSheet]:
    session.expire_all()
    return list(session.scalars(select(RunSheet)))


def code_of(chair: Browser) -> str:
    answer = chair.submit(f"{SHEET}/code", {"version": str(state(chair)["version"])}, page=SHEET)
    found = CODE.search(answer.text)
    assert found, answer.text
    return found[1]
