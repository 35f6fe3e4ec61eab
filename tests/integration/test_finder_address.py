"""The finder as an address and a browser meet it: nothing that an address can hold breaks it, and nothing is kept unasked."""

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.browser import Browser
from tests.plugins.application import MORNING, Clock

HOSTILE = [
    "q=" + "x" * 5000, "q=%00", "q=a%00b", "q=%FF%FE", "q=%ED%A0%80", "q=" + "a+" * 500, "q=%25%25%5C", "day=9", "day=-1",
    "day=%C2%B2", "day=1e3", "time=noon", "kind=%00", "kind=sharing%0d%0a", "modality=teleport", "family=%3Cscript%3E",
    "language=%00", "language=" + "x" * 500, "language=%27;--", "tz=Mars/Olympus", "tz=../../etc/passwd", "tz=%00",
    "tz=Factory", "tz=Factory&day=1", "tz=posixrules", "tz=" + "A/" * 900, "after=x", "after=99999999999999999999-1",
    "after=0001-01-01T00:00%2B14:00", "after=1-" + "f" * 32, "after=99999999999-" + "0" * 32, "after=-5-" + "0" * 32,
    "after=%00", "q=a&q=b&day=1&day=2", "_external=1&endpoint=x&_anchor=y", "keep=y&tz=Mars/Olympus", "near=&within=x",
    "[]=1&=2&&&", "keep=%00",
]  # fmt: skip


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: query[:30])
def test_hostile_address_is_answered_politely(client: Browser, query: str) -> None:
    for path in ("/", "/meetings"):
        page = client.get(f"{path}?{query}")
        assert page.status_code == 200
        assert "<script>" not in page.text


@pytest.mark.usefixtures("sample")
def test_choices_that_we_do_not_know_are_named(client: Browser) -> None:
    page = unescape(client.get("/meetings?day=9&kind=circus&tz=Mars/Olympus").text)
    left_out = re.sub(r"\s+", " ", page.split("left them out:")[1].split("</p>")[0])
    assert left_out.strip() == "day, kind, time zone."


@pytest.mark.usefixtures("sample")
def test_zone_is_kept_only_on_request_and_forgotten_on_request(client: Browser) -> None:
    assert client.get("/meetings?tz=Europe/London").headers.get("Set-Cookie") is None
    kept = client.get("/meetings?tz=Europe/London&keep=y").headers["Set-Cookie"]
    assert "tz=Europe/London" in kept
    assert "SameSite=Lax" in kept
    assert "Max-Age=15552000" in kept
    assert "For you" in client.get("/meetings?q=lantern").text
    assert "For you" not in client.get("/meetings?q=lantern&tz=").text
    client.get("/meetings?tz=&keep=y")
    assert "For you" not in client.get("/meetings?q=lantern").text


@pytest.mark.usefixtures("sample")
def test_visitors_browser_asks_anew_and_gets_304(client: Browser, clock: Clock) -> None:
    first = client.get("/meetings")
    assert first.headers["Cache-Control"] == "private, max-age=0, must-revalidate"
    same = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/meetings", headers=same).status_code == 304
    clock.now = MORNING + timedelta(days=1)
    assert client.get("/meetings", headers=same).status_code == 200


@pytest.mark.usefixtures("sample")
def test_page_of_somebody_signed_in_is_not_kept(client: Browser) -> None:
    client.sign_in("charlene")
    page = client.get("/meetings")
    assert (page.headers["Cache-Control"], page.headers.get("ETag")) == ("no-store", None)


@pytest.mark.usefixtures("sample")
def test_finder_offers_its_listings_to_other_programs(client: Browser) -> None:
    page = client.get("/").text
    assert '<link rel="alternate" type="application/json" title="Meetings Feed" href="/meetings.json">' in page


def test_finder_of_an_empty_site_says_so(client: Browser) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Nothing in the coming weeks fits all of this." in page.text
