"""Help by country: numbers with their source and their age, a file of the operator's own, and pages that everybody can read."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from groupsite.domain.errors import InvalidFile
from groupsite.domain.help_lines import Age, HelpKind, HelpLine, age, attention
from groupsite.formats import help_file
from groupsite.services.doctor import help_findings
from tests.browser import Browser
from tests.plugins.application import MORNING, Clock
from tests.reading import grade

READ = MORNING.date()
PAGES = ("/help", "/help/safety", "/help/enough", "/help/gb", "/help/in")
GOOD = {
    "kind": "emergency",
    "name": "Police",
    "phone": "110",
    "source": "https://police.example.org/",
    "checked_on": "2026-11-24",
    "checked": "at_source",
}


def written(*lines: dict[str, Any], **country: Any) -> bytes:
    return json.dumps({"countries": [{"code": "XX", "name": "Nowhere", "lines": lines or [GOOD]} | country]}).encode()


def refused(raw: bytes) -> dict[str, str]:
    with pytest.raises(InvalidFile) as caught:
        help_file.parse(raw)
    return {problem.path: problem.reason for problem in caught.value.problems}


def test_shipped_file_has_every_kind_for_every_country() -> None:
    book = help_file.parse(help_file.shipped())
    assert [one.name for one in book.countries if {line.kind for line in one.lines} != set(HelpKind)] == []
    assert 0 < len(book.countries) <= 30


def test_shipped_file_shows_no_number_without_source_day_and_how() -> None:
    lines = [line for country in help_file.parse(help_file.shipped()).countries for line in country.lines]
    numbers = [line for line in lines if line.has_number or line.site]
    assert len(numbers) > 20
    assert [line.name for line in numbers if not (line.source and line.checked_on and line.checked)] == []


@pytest.mark.parametrize(
    ("days", "expected"), [(0, Age.FRESH), (180, Age.FRESH), (181, Age.OVERDUE), (365, Age.OVERDUE), (366, Age.DOUBTED)]
)
def test_entry_ages(days: int, expected: Age) -> None:
    line = HelpLine(HelpKind.CRISIS, "Somebody", phone="1", checked_on=READ - timedelta(days=days))
    assert age(line, READ) is expected


def test_undated_entry_is_in_doubt() -> None:
    assert age(HelpLine(HelpKind.CRISIS, "Somebody"), READ) is Age.DOUBTED


@pytest.mark.parametrize("missing", ["source", "checked_on", "checked"])
def test_file_with_a_number_of_unknown_origin_is_refused(missing: str) -> None:
    line = {key: value for key, value in GOOD.items() if key != missing}
    assert list(refused(written(line))) == [f"countries[0].lines[0].{missing}"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"phone": "tel:110"}, "phone"),
        ({"phone": "<b>110</b>"}, "phone"),
        ({"kind": "therapist"}, "kind"),
        ({"checked": "heard of it"}, "checked"),
        ({"checked_on": "24 November"}, "checked_on"),
        ({"site": "http://police.example.org/"}, "site"),
        ({"site": "javascript:alert(1)"}, "site"),
        ({"source": "javascript:alert(1)"}, "source"),
        ({"number": "110"}, "number"),
    ],
)
def test_file_with_a_bad_entry_is_refused_with_its_place(change: dict[str, str], path: str) -> None:
    assert list(refused(written(GOOD | change))) == [f"countries[0].lines[0].{path}"]


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"", "file"),
        (b'{"countries": []}', "countries"),
        (written(GOOD | {"kind": "crisis"}), "countries[0].lines"),
        (json.dumps({"countries": json.loads(written())["countries"] * 2}).encode(), "countries"),
    ],
)
def test_file_that_cannot_be_is_refused(raw: bytes, path: str) -> None:
    assert list(refused(raw)) == [path]


def test_code_of_a_country_is_two_capital_letters() -> None:
    assert "countries[0].code" in refused(written(code="gb"))


def test_operators_own_file_takes_the_place_of_ours(another_application: Callable[..., Flask], tmp_path: Path) -> None:
    own = tmp_path / "help.json"
    own.write_bytes(written())
    browser = another_application(help_file=str(own)).test_client()
    assert "Nowhere" in browser.get("/help").text
    assert [browser.get(f"/help/{code}").status_code for code in ("xx", "gb")] == [200, 404]


@pytest.mark.parametrize(("content", "reason"), [(None, "cannot be read"), (b"{}", "countries")])
def test_bad_file_stops_the_start_and_says_why(
    another_application: Callable[..., Flask], tmp_path: Path, content: bytes | None, reason: str
) -> None:
    own = tmp_path / "help.json"
    if content is not None:
        own.write_bytes(content)
    with pytest.raises(SystemExit, match=f"HELP_FILE.*{reason}" if content is None else "HELP_FILE"):
        another_application(help_file=str(own))


def test_number_is_text_with_its_source_and_day(client: Browser) -> None:
    page = client.get("/help/gb").text
    assert "116 123" in page
    assert "tel:" not in page
    assert "on 25 November 2026: www.samaritans.org" in page


def test_number_that_nobody_could_check_is_not_shown(client: Browser) -> None:
    page = client.get("/help/in").text
    assert page.count("We have no number here that we could check") == len(HelpKind)


def test_number_of_over_a_year_is_doubted_on_the_page(client: Browser, clock: Clock) -> None:
    clock.now = MORNING + timedelta(days=366)
    assert "Check before use" not in client.get("/help/gb").text
    clock.now = MORNING + timedelta(days=367)
    assert "Check before use" in client.get("/help/gb").text


def test_country_of_the_browsers_language_comes_first(client: Browser) -> None:
    near = client.get("/help", headers={"Accept-Language": "en-NZ,en;q=0.9"})
    assert "Perhaps yours" in near.text
    assert near.text.index("New Zealand") < near.text.index("Australia")
    assert "Accept-Language" in near.headers["Vary"]
    assert "Perhaps yours" not in client.get("/help", headers={"Accept-Language": "en"}).text


def test_address_of_the_reader_is_not_looked_at(client: Browser) -> None:
    near, far = (client.get("/help", environ_base={"REMOTE_ADDR": one}).text for one in ("192.0.2.7", "203.0.113.9"))
    assert near == far


@pytest.mark.parametrize("path", PAGES)
def test_help_sets_no_cookie(client: Browser, path: str) -> None:
    assert client.get(path).headers.getlist("Set-Cookie") == []


def test_country_that_is_not_there_says_so(client: Browser) -> None:
    answer = client.get("/help/zz")
    assert (answer.status_code, "no entry for this country" in answer.text) == (404, True)


@pytest.mark.parametrize("path", ["/help", "/help/safety", "/help/enough"])
def test_page_can_be_read_in_the_eighth_grade(client: Browser, path: str) -> None:
    assert 2 < grade(client.get(path).text) <= 8


def test_grade_tells_easy_from_hard() -> None:
    easy = "<main><p>The cat sat on the mat. It was warm.</p></main>"
    hard = "<main><p>Institutional intermediaries facilitate interdisciplinary collaboration notwithstanding</p></main>"
    assert grade(easy) < 1
    assert grade(hard) > 20


@pytest.mark.usefixtures("sample")
def test_is_a_group_enough_is_linked_where_it_is_needed(client: Browser) -> None:
    client.sign_in("marisol")
    for path in ("/groups/tuesday-lantern/shares", "/groups/tuesday-lantern/manage", "/help"):
        assert 'href="/help/enough"' in client.get(path).text.partition("<main")[2].partition("</main>")[0], path


def test_those_who_run_the_site_are_told_what_to_check() -> None:
    book = help_file.parse(written(GOOD, GOOD | {"kind": "crisis", "name": "New", "checked_on": "2027-06-01"},
                                   {"kind": "therapy", "name": "Nobody"}))  # fmt: skip
    assert attention(book, date(2027, 11, 25)).doubted == ("Nowhere: Police",)
    assert attention(book, date(2027, 6, 1)).overdue == ("Nowhere: Police",)
    said = [one.sentence for one in help_findings(book, date(2027, 6, 1))]
    assert said == [
        "Helplines that nobody has looked at for half a year: 1 (Nowhere: Police). Look at their pages, and set checked_on.",
        "Helplines with neither a number nor a site: 1 (Nowhere: Nobody). docs/operations.md says how to complete them.",
    ]
