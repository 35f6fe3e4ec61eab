import re
from dataclasses import replace
from datetime import time

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.permissions import VISITOR
from groupsite.domain.schedule import Venue
from groupsite.domain.words import Modality
from groupsite.services import series
from tests.browser import Browser
from tests.members import account, new_group, new_member
from tests.plugins.application import MORNING
from tests.weekly import WEEKLY

PAGE = "/account/reminders"
WISHES = {
    "discreet": "y",
    "discreet_title": "Library hour",
    "quiet_from": "21:00",
    "quiet_until": "08:00",
    "timezone": "America/New_York",
}
ERROR = re.compile(r'id="([a-z_]+)-error"')


@pytest.fixture
def browser(app: Flask, session: Session) -> Browser:
    river = new_group(session, "quiet-river", name="Quiet River")
    meets = replace(WEEKLY, modality=Modality.IN_PERSON, venue=Venue("Boat House"))
    series.create_series(session, VISITOR, river, SeriesDraft(meets), now=MORNING)
    session.commit()
    return new_member(app, "charlene", {"quiet-river": "Charlie"})


def test_wishes_are_kept_and_shown_again(browser: Browser, session: Session) -> None:
    assert browser.submit(PAGE, WISHES).headers["Location"] == f"{PAGE}?done=saved"
    kept = account(session, "charlene")
    assert (kept.discreet, kept.discreet_title, kept.timezone) == (True, "Library hour", "America/New_York")
    assert (kept.quiet_from, kept.quiet_until) == (time(21), time(8))
    page = browser.get(f"{PAGE}?done=saved").text
    assert 'value="Library hour"' in page
    assert 'value="21:00"' in page


def test_wishes_can_all_be_taken_back(browser: Browser, session: Session) -> None:
    browser.submit(PAGE, WISHES)
    browser.submit(PAGE, {})
    kept = account(session, "charlene")
    assert (kept.discreet, kept.discreet_title, kept.quiet_from, kept.timezone) == (False, "", None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("discreet_title", "x" * 61), ("discreet_title", "Library\r\nBcc: all@example.org"), ("discreet_title", "a\u202eb"),
        ("discreet_title", "My support group"), ("discreet_title", "quiet river"),
        ("discreet_title", "By the boat house"),
        ("quiet_until", ""), ("quiet_until", "21:00"), ("quiet_from", "25:99"), ("quiet_from", "soon"),
        ("timezone", "Mars/Olympus"), ("timezone", "../etc/passwd"), ("timezone", ""), ("timezone", "x" * 20_000),
    ],
)  # fmt: skip
def test_wish_that_cannot_be_is_refused_beside_its_field(
    browser: Browser, session: Session, field: str, value: str
) -> None:
    answer = browser.submit(PAGE, WISHES | {field: value})
    assert (answer.status_code, ERROR.findall(answer.text)) == (400, [field])
    assert account(session, "charlene").discreet_title == ""


def test_words_are_shown_as_text(browser: Browser) -> None:
    browser.submit(PAGE, WISHES | {"discreet_title": "<script>alert(1)</script>"})
    assert "<script>alert" not in browser.get(PAGE).text


@pytest.mark.usefixtures("sample")
def test_page_shows_what_a_locked_screen_would(app: Flask) -> None:
    browser = new_member(app, "charlie-at-home", {"tuesday-lantern": "C."})
    browser.submit(PAGE, WISHES)
    screen = browser.get(PAGE).text.split("What a locked screen would show")[1].split("</section>")[0]
    assert "Library hour" in screen
    assert [word for word in ("Lantern", "Mill Lane", "meeting", "group") if word in screen] == []
    browser.submit(PAGE, {name: wish for name, wish in WISHES.items() if name != "discreet"})
    screen = browser.get(PAGE).text.split("What a locked screen would show")[1].split("</section>")[0]
    assert "Tuesday Lantern" in screen
