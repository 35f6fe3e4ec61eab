"""Gone means gone: from each page, file and search, at once. And who reads what, while it is there."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.members import taken_along
from tests.plugins.application import MORNING, Clock
from tests.writers import QUEUE, RIVER, SHARES, WORDS, Writers, quiet_river

RARE = "Marmalade"
SEARCHES = [f"/meetings?q={RARE}", f"/?q={RARE}", "/meetings.json", f"{RIVER}/calendar.ics", RIVER, "/home"]


@pytest.fixture
def people(app: Flask, session: Session) -> Writers:
    return quiet_river(app, session)


def everywhere(people: Writers, share_id: UUID) -> dict[str, bool]:
    """Whether the words, or a page about them, can be reached: by the author, a reader, a share reader, in files and searches."""
    about = [SHARES, QUEUE, f"{SHARES}?for=newcomers", f"{SHARES}/{share_id}/again"]
    found = {
        f"{login} {path}": RARE in people[login].get(path).text
        for login in ("charlene", "dev", "noor")
        for path in about
    }
    asked = [f"{SHARES}/{share_id}/{what}" for what in ("report", "hide")]
    found |= {path: people["dev"].get(path).status_code == 200 for path in asked}
    found |= {path: RARE in people["dev"].get(path).text.replace(f'value="{RARE}"', "") for path in SEARCHES}
    return found | {"copy": RARE in str(taken_along(people["charlene"]))}


@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_share_that_has_ended_is_nowhere(people: Writers, clock: Clock, end: str) -> None:
    share_id = people.post("charlene", f"{RARE} on toast.", audience="newcomers", days="1")
    people.report("ana", share_id, "other")
    there = {name for name, is_there in everywhere(people, share_id).items() if is_there}
    assert there >= {
        f"dev {SHARES}",
        f"noor {QUEUE}",
        f"dev {SHARES}?for=newcomers",
        f"{SHARES}/{share_id}/report",
        "copy",
    }
    assert not there & set(SEARCHES)
    if end == "withdrawn":
        people["charlene"].submit(f"{SHARES}/{share_id}/withdraw", page=SHARES)
    else:
        people.come_back(clock, MORNING + timedelta(days=1), "charlene", "dev", "noor")
    assert [name for name, is_there in everywhere(people, share_id).items() if is_there] == []
    assert people.report("dev", share_id, "advice").status_code == 404
    assert people.keep("noor", share_id).status_code == 404


def test_no_cache_keeps_a_page_of_shares(people: Writers) -> None:
    share_id = people.post("charlene")
    people.report("ana", share_id, "other")
    pages = [people["dev"].get(SHARES), people["dev"].get(f"{SHARES}/{share_id}/report"), people["noor"].get(QUEUE)]
    assert {page.headers["Cache-Control"] for page in pages} == {"no-store"}


def test_share_of_the_first_of_november_is_unreachable_on_the_second_of_december(people: Writers, clock: Clock) -> None:
    """Scenario H: thirty days, and no more."""
    clock.now = MORNING.replace(month=11, day=1)
    share_id = people.post("charlene", f"{RARE} on toast.", days="30")
    people.come_back(clock, MORNING.replace(month=11, day=30), "dev")
    assert people.sees("dev", RARE)
    people.come_back(clock, MORNING.replace(month=12, day=2), "charlene", "dev", "noor")
    assert [name for name, is_there in everywhere(people, share_id).items() if is_there] == []


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        ("members", {"charlene", "dev", "noor", "mari"}),
        ("newcomers", {"charlene", "dev", "noor", "mari"}),
        ("trusted", {"charlene", "noor", "mari"}),
    ],
)
def test_share_is_there_for_those_whom_it_is_for(people: Writers, audience: str, readers: set[str]) -> None:
    share_id = people.post("charlene", audience=audience)
    everybody = ("charlene", "dev", "noor", "mari")
    assert {login for login in everybody if people.sees(login)} == readers
    for what in ("hide", "report"):
        assert (people["dev"].get(f"{SHARES}/{share_id}/{what}").status_code == 200) is ("dev" in readers)


def test_audience_is_one_of_the_list(people: Writers) -> None:
    refused = people["charlene"].submit(f"{SHARES}/new", {"body": WORDS, "days": "7", "audience": "everybody"})
    assert (refused.status_code, WORDS in refused.text) == (400, True)


def test_newcomer_finds_what_is_fine_for_somebody_new(people: Writers) -> None:
    people.post("charlene", "Heavy words.")
    people.post("dev", "Gentle words.", audience="newcomers")
    page = people["ana"].get(f"{SHARES}?for=newcomers").text
    assert ("Gentle words." in page, "Heavy words." in page) == (True, False)
    assert "Fine for somebody new" in people["ana"].get(SHARES).text


def test_content_notes_are_folded_until_the_reader_wants_them_open_and_for_her_alone(people: Writers) -> None:
    people.post("charlene", content_note="about an accident")
    opened = re.compile(r"<details\s+open>")
    assert "<details" in people["dev"].get(SHARES).text
    for choice, is_open in (("open", True), ("fold", False)):
        assert people["dev"].submit(f"{SHARES}/reading", {"notes": choice}).status_code == 303
        assert bool(opened.search(people["dev"].get(SHARES).text)) is is_open
        assert not opened.search(people["charlene"].get(SHARES).text)


def test_leaving_takes_every_share_along_whatever_its_state(people: Writers, session: Session) -> None:
    people.post("charlene", "Shown.")
    people["charlene"].submit(f"{SHARES}/new", {"body": "Draft.", "days": "7", "do": "keep"})
    people.choose(holds_first=True)
    people.post("charlene", "Held.")
    people.give_back("noor", people.post("charlene", "Returned."))
    people["charlene"].submit(f"{RIVER}/leave", page=SHARES)
    assert [people.sees("noor", words, path) for words in ("Shown.", "Held.") for path in (SHARES, QUEUE)] == [
        False
    ] * 4
    assert "Returned." not in str(taken_along(people["charlene"]))


def test_line_stands_first_on_paper_and_is_the_groups_own(people: Writers) -> None:
    people.post("charlene")
    main = people["dev"].get(SHARES).text.split("<main")[1]
    assert re.search(r"<(?:p|h1)[^>]*>([^<]+)<", main)[1].startswith("What you read here stays here.")  # type: ignore[index]
    people.choose(own_line="Ours to hear, not ours to tell.")
    assert "Ours to hear, not ours to tell." in people["dev"].get(SHARES).text
