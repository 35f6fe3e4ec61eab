"""How a group writes, and who looks at shares for it."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.permissions import VISITOR
from groupsite.domain.sharing import Sharing
from groupsite.formats import group_file
from groupsite.models import Group
from groupsite.services import group_files
from groupsite.services.group_files import Outcome
from tests.plugins.application import MORNING
from tests.writers import QUEUE, RIVER, SHARES, Writers, quiet_river

SHARING = f"{RIVER}/manage/sharing"
CHOSEN = {"holds_first": "y", "own_line": "It stays here.", "topic_0": "Rest", "topic_6": "Hope"}


@pytest.fixture
def people(app: Flask, session: Session) -> Writers:
    return quiet_river(app, session)


def group(session: Session) -> Group:
    session.expire_all()
    return session.scalars(select(Group)).one()


def test_those_who_run_the_group_choose_how_it_writes(people: Writers, session: Session) -> None:
    assert people["mari"].submit(SHARING, CHOSEN).headers["Location"] == f"{SHARING}?done=saved"
    chosen = Sharing(holds_first=True, nudges=False, own_line="It stays here.", topics=("Rest", *("",) * 5, "Hope"))
    assert group(session).sharing == chosen
    page = people["mari"].get(SHARING).text
    assert [f'value="{words}"' in page for words in ("It stays here.", "Rest", "Hope")] == [True] * 3
    assert people["noor"].get(SHARING).status_code == 403


@pytest.mark.parametrize(("field", "value"), [("own_line", "x" * 201), ("topic_3", "a\u202eb"), ("own_line", "a\r\nb")])
def test_line_that_cannot_be_is_refused_beside_its_field(
    people: Writers, session: Session, field: str, value: str
) -> None:
    answer = people["mari"].submit(SHARING, CHOSEN | {field: value})
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (400, True)
    assert group(session).sharing == Sharing()


def test_group_that_has_not_chosen_shows_shares_at_once_and_nudges(people: Writers) -> None:
    people.post("charlene")
    assert people.sees("dev")
    assert "data-compose-names" in people["dev"].get(f"{SHARES}/new").text


def test_group_can_switch_the_nudge_off_but_not_the_way_to_help(people: Writers) -> None:
    people.choose(nudges=False)
    page = people["dev"].get(f"{SHARES}/new").text
    assert ("data-compose-names" in page, "data-compose-help" in page) == (False, True)


def test_share_reader_is_appointed_and_released(people: Writers) -> None:
    people["dev"].get(SHARES)
    appoint, release = f"{SHARING}/readers", f"{SHARING}/readers/release"
    assert people["mari"].submit(appoint, {"display_name": "dev"}, page=SHARING).status_code == 303
    assert "<strong>Dev</strong>" in people["mari"].get(SHARING).text
    assert people["dev"].get(QUEUE).status_code == 200
    assert people["mari"].submit(release, {"display_name": "Dev"}, page=SHARING).status_code == 303
    assert people["dev"].get(QUEUE).status_code == 403
    for name in ("Nobody", "", "a\0b", "x" * 400):
        assert people["mari"].submit(appoint, {"display_name": name}, page=SHARING).status_code == 404


def test_how_a_group_writes_survives_the_file_and_stays_where_the_file_is_silent(
    people: Writers, session: Session
) -> None:
    people.choose(holds_first=True, own_line="It stays here.", topics=("Rest", *("",) * 6))
    dumped = group_files.dump(session, "quiet-river")
    assert dumped is not None
    assert group_file.parse(dumped).groups[0].sharing == group(session).sharing
    assert [one.outcome for one in group_files.load(session, VISITOR, group_file.parse(dumped), now=MORNING)] == [
        Outcome.SAME
    ]
    people.choose()
    silent = group_files.dump(session, "quiet-river")
    assert silent is not None
    people.choose(holds_first=True)
    assert [one.outcome for one in group_files.load(session, VISITOR, group_file.parse(silent), now=MORNING)] == [
        Outcome.SAME
    ]
    assert group(session).sharing.holds_first
    outcomes = [one.outcome for one in group_files.load(session, VISITOR, group_file.parse(dumped), now=MORNING)]
    assert (outcomes, group(session).sharing.own_line) == ([Outcome.CHANGED], "It stays here.")


def test_names_to_look_for_are_those_that_the_writer_reads_anyway(people: Writers, session: Session) -> None:
    """Who has only joined, who hides, and she herself are in no attribute of the page."""
    for login in ("charlene", "ana"):
        people.post(login)
    people["tom"].get(SHARES)
    hide = next(path for path in people["ana"].get(SHARES).text.split('"') if path.endswith("/hide"))
    people["ana"].submit(hide)
    names = {
        login: people[login].get(f"{SHARES}/new").text.split("data-compose-names=")[1].split(">")[0]
        for login in ("dev", "charlene")
    }
    assert [[name in names[login] for name in ("Charlie", "Ana", "Tom")] for login in ("dev", "charlene")] == [
        [True, True, False],
        [False, False, False],
    ]
