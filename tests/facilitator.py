"""The steps of somebody who runs a group, for the tests of the pages that they use."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from groupsite.models import OccurrenceRow
from tests.browser import Browser

GROUP = {
    "name": "Window Seat",
    "summary": "A quiet hour at the end of the month.",
    "city": "Leeds",
    "family": "independent",
    "attendance": "observers_welcome",
    "holidays": "ask",
    "arrival_note": "The blue door beside the bakery.",
    "display_name": "Robin",
}
SERIES = {
    "title": "Friday evening",
    "kind": "sharing",
    "modality": "in_person",
    "timezone": "Europe/London",
    "first_date": "2026-11-27",
    "start_time": "19:30",
    "duration_minutes": "75",
    "cadence": "monthly",
    "interval": "1",
    "weeks_of_month": ["-1"],
    "weekdays": ["4"],
    "ends": "never",
    "venue_name": "Reading Room",
    "venue_address": "4 Hill Street",
    "reveal": "members",
    "window_minutes": "30",
}
LAST_FRIDAYS = [
    f"{day}T19:30"
    for day in (
        "2026-11-27",
        "2026-12-25",
        "2027-01-29",
        "2027-02-26",
        "2027-03-26",
        "2027-04-30",
        "2027-05-28",
        "2027-06-25",
        "2027-07-30",
        "2027-08-27",
    )
]
MANAGE = "/groups/window-seat/manage"
ADD = f"{MANAGE}/meetings/new"
SERIES_PAGE = f"{MANAGE}/meetings/friday-evening"
CHRISTMAS = f"{SERIES_PAGE}/2026-12-25T1930"
TIMES = re.compile(r'<time datetime="([^"]+)"')
ERROR = re.compile(r'<p class="field__error" id="([a-z_]+)-error"')


def start_group(browser: Browser) -> Browser:
    """Signed up, with a group that has no meeting yet."""
    browser.sign_up("robin")
    assert browser.submit("/groups/new", GROUP).status_code == 303
    return browser


def start_meeting(browser: Browser) -> Browser:
    """Signed up, with a group that meets on the last Friday of the month."""
    assert start_group(browser).submit(ADD, SERIES | {"do": "save"}).status_code == 303
    return browser


def starts(session: Session) -> list[str]:
    session.expire_all()
    rows = session.scalars(select(OccurrenceRow.original_local).order_by(OccurrenceRow.original_local))
    return [row.isoformat(timespec="minutes") for row in rows]


def christmas(session: Session) -> OccurrenceRow:
    session.expire_all()
    return session.scalars(
        select(OccurrenceRow).where(OccurrenceRow.original_local == datetime(2026, 12, 25, 19, 30))
    ).one()


def count(session: Session, model: type[Any]) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(model)) or 0


def named_fields(answer: TestResponse) -> set[str]:
    return set(ERROR.findall(answer.text))
