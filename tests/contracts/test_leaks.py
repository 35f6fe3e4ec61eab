"""What a visitor can reach by following links holds nobody's name and no way in that the group keeps to itself."""

import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pytest

from groupsite.config import Settings
from tests.browser import Browser
from tests.canaries import CANARIES, LEAKS, SEEN
from tests.plugins.application import SAMPLE

ROOT = Path(__file__).parents[2]
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


def written_by(environment: dict[str, str], *words: str) -> str:
    """Everything that a process writes while it answers requests that carry canaries."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.canaries", *words], cwd=ROOT, env=os.environ | environment, check=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert SEEN in run.stdout
    return run.stdout


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    return {"ENVIRONMENT": "development", "DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}


def test_logs_hold_no_secret(environment: dict[str, str]) -> None:
    """Also when something goes wrong: refused sign-ins, unknown tokens, forms with bad fields."""
    assert [canary for canary in CANARIES if canary in written_by(environment)] == []


def test_logs_hold_no_secret_while_the_database_is_away(environment: dict[str, str]) -> None:
    """Its errors quote the statement with what was looked for."""
    written = written_by(environment | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"})
    assert "request_failed" in written
    assert [canary for canary in CANARIES if canary in written] == []


def test_secrets_that_are_logged_would_be_found(environment: dict[str, str]) -> None:
    written = written_by(environment, *LEAKS)
    assert [canary for canary in CANARIES if canary in written] == list(CANARIES[: len(LEAKS)])
