"""What a visitor can reach by following links holds nobody's name and no way in that the group keeps to itself."""

import json
import re
from html import unescape
from urllib.parse import urldefrag, urlsplit

import pytest

from tests.browser import Browser
from tests.plugins.application import SAMPLE

LINK = re.compile(r'(?:href|src|action)="([^"]+)"')
ENOUGH = 400
"""More pages than this are not walked: the sample has fewer."""


def secrets_of_the_sample() -> set[str]:
    """Display names, handles and discreet titles of people; links, numbers and codes that are not public."""
    document = json.loads(SAMPLE.read_text())
    found: set[str] = set()
    for person in document["personas"]:
        found |= {person["display_name"], (person.get("reminders") or {}).get("discreet_title", "")}
    for group in document["groups"]:
        for series in group["series"]:
            join = series.get("join") or {}
            if join.get("reveal") != "public":
                found |= {str(join.get(key) or "") for key in ("url", "phone", "passcode", "access_code")}
    return {text for text in found if len(text) > 3}


def walk(client: Browser) -> dict[str, str]:
    """Every page, feed and file of ours that links lead to from the first page, as text by path."""
    seen: dict[str, str] = {}
    waiting = ["/"]
    while waiting and len(seen) < ENOUGH:
        path = waiting.pop()
        if path in seen or path == "/leave":
            continue
        answer = client.get(path)
        assert answer.status_code < 500, path
        seen[path] = answer.text if answer.status_code == 200 else ""
        if answer.mimetype == "text/html":
            waiting += [_local(link) for link in LINK.findall(answer.text) if _local(link)]
    return seen


def _local(link: str) -> str:
    parts = urlsplit(urldefrag(unescape(link))[0])
    if parts.scheme == "webcal" or parts.netloc not in {"", "localhost"} or parts.scheme in {"mailto", "tel"}:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


@pytest.fixture
def pages(client: Browser, sample: None) -> dict[str, str]:
    return walk(client)


def test_walk_reaches_groups_dates_and_feeds(pages: dict[str, str]) -> None:
    assert "/groups/tuesday-lantern" in pages
    assert "/groups/tuesday-lantern/calendar.ics" in pages
    assert any("/meetings/main/2026-12-" in path for path in pages)
    assert "/meetings.json" in pages


def test_visitors_find_no_secret(pages: dict[str, str]) -> None:
    hidden = secrets_of_the_sample()
    assert hidden
    assert [(path, secret) for path, text in pages.items() for secret in hidden if secret in unescape(text)] == []


def test_titles_are_neutral(pages: dict[str, str]) -> None:
    """A tab or a history names no group, and none of the words that say what this is."""
    names = {group["name"].lower() for group in json.loads(SAMPLE.read_text())["groups"]}
    forbidden = names | {"support", "codependent", "anonymous", "meeting", "drink", "alcohol"}
    titles = {match[1].lower() for text in pages.values() if (match := re.search(r"<title>([^<]*)</title>", text))}
    assert titles
    assert [title for title in titles if any(word in title for word in forbidden)] == []


def test_logs_hold_no_secret(client: Browser, sample: None, capfd: pytest.CaptureFixture[str]) -> None:
    """Also when something goes wrong: refused sign-ins, unknown tokens, forms with bad fields."""
    canaries = ["canary-login", "canary-password", "canary@example.org", "canary-token"]
    client.submit("/sign-in", {"login": canaries[0], "password": canaries[1]})
    client.submit("/sign-up", {"login": canaries[0], "password": "short", "email": canaries[2]})
    client.get(f"/calendar/{canaries[3]}.ics")
    client.get(f"/account/email/{canaries[3]}")
    client.get("/meetings?q=canary-words")
    written = "".join(capfd.readouterr())
    assert [canary for canary in [*canaries, "canary-words"] if canary in written] == []
