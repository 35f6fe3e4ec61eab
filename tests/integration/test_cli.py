"""Commands: what they do, and how they say no."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groupsite.models import Account, Delivery, Group, OccurrenceRow
from tests.plugins.application import SAMPLE


def run(app: Flask, *words: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=typed)


def count(session: Session, model: type[Group | Account | Delivery | OccurrenceRow]) -> int:
    found = session.scalar(select(func.count()).select_from(model)) or 0
    session.commit()  # what the command does next must not happen inside this reading
    return found


def test_load_stores_and_a_dry_run_does_not(app: Flask, session: Session) -> None:
    dry = run(app, "groups", "load", str(SAMPLE), "--dry-run")
    assert (dry.exit_code, dry.output.count(": new"), count(session, Group)) == (0, 12, 0)
    assert run(app, "groups", "load", str(SAMPLE)).exit_code == 0
    assert count(session, Group) == 12
    again = run(app, "groups", "load", str(SAMPLE))
    assert again.output.count(": unchanged") == 12


def test_dump_prints_a_group_file(app: Flask, sample: None, tmp_path: Path) -> None:
    dumped = run(app, "groups", "dump", "last-friday-voices")
    assert json.loads(dumped.output)["groups"][0]["name"] == "Last Friday Voices"
    again = tmp_path / "one.json"
    again.write_text(dumped.output)
    assert run(app, "groups", "load", str(again)).output == "last-friday-voices: unchanged\n"


def test_dump_of_nothing_says_so(app: Flask) -> None:
    answer = run(app, "groups", "dump", "nowhere")
    assert (answer.exit_code, "There is no group" in answer.stderr) == (1, True)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (SAMPLE.read_bytes()[:20_000], "line"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b" " * (11 * 1024 * 1024), "10 MB"),
        (SAMPLE.read_bytes().replace(b"America/New_York", b"Mars/Olympus", 1), "personas[0].timezone"),
        (SAMPLE.read_bytes().replace(b'"slug": "open-door-beginners"', b'"slug": "tuesday-lantern"'), "groups[1].slug"),
    ],
    ids=["cut", "not UTF-8", "huge", "unknown zone", "slug twice"],
)
def test_broken_file_is_refused_whole(app: Flask, session: Session, tmp_path: Path, raw: bytes, words: str) -> None:
    file = tmp_path / "groups.json"
    file.write_bytes(raw)
    answer = run(app, "groups", "load", str(file))
    assert answer.exit_code == 1
    assert words in answer.stderr
    assert "Traceback" not in answer.output
    assert count(session, Group) == 0


def test_rebuild_gives_what_was_there(app: Flask, session: Session, sample: None) -> None:
    before = count(session, OccurrenceRow)
    assert run(app, "occurrences", "rebuild").output == f"{before} dates are in place.\n"
    assert count(session, OccurrenceRow) == before


def test_preview_tells_and_changes_nothing(app: Flask, session: Session, sample: None) -> None:
    answer = run(app, "reminders", "preview", "--from", "2026-11-24T09:00Z", "--to", "2026-11-25T00:00Z", "--json")
    told = {(one["send_at"], one["subject"]) for one in json.loads(answer.output)}
    assert ("2026-11-24T21:00Z", "Library hour today") in told
    assert count(session, Delivery) == 0


@pytest.mark.parametrize("moment", ["yesterday", "", "2026-13-01", "9999-99-99T00:00Z"])
def test_preview_refuses_what_is_no_moment(app: Flask, moment: str) -> None:
    answer = run(app, "reminders", "preview", "--from", moment, "--to", "2026-11-25T00:00Z")
    assert (answer.exit_code, "--from" in answer.stderr) == (1, True)


def test_first_account_of_a_site_is_opened(app: Flask, session: Session) -> None:
    typed = "keeper\nseven quiet lanterns\nseven quiet lanterns\n"
    assert run(app, "accounts", "create", "--admin", typed=typed).exit_code == 0
    assert session.scalars(select(Account)).one().is_admin


def test_weak_password_is_refused(app: Flask, session: Session) -> None:
    assert run(app, "accounts", "create", typed="keeper\nshort\nshort\n").exit_code == 1
    assert count(session, Account) == 0


def test_demo_is_loaded_into_an_empty_database_only(app: Flask, session: Session) -> None:
    assert run(app, "demo", "load", str(SAMPLE)).exit_code == 0
    people = count(session, Account)
    assert run(app, "demo", "load", str(SAMPLE)).exit_code == 1
    assert (people, count(session, Account)) == (8, 8)
    shown = run(app, "demo", "show", str(SAMPLE))
    assert "marisol      runs tuesday-lantern" in shown.output


def test_mail_is_taken_from_standard_input_and_never_refused(app: Flask, sample: None) -> None:
    taken = app.test_cli_runner().invoke(args=["mail", "receive"], input=b"\xff\x00 no mail at all")
    assert (taken.exit_code, taken.output) == (0, "unreadable\n")
    too_much = app.test_cli_runner().invoke(args=["mail", "receive", "--recipient", "x@y"], input=b"x" * 600_000)
    assert (too_much.exit_code, too_much.output) == (0, "too_large\n")


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nowhere.invalid"])
def test_mail_is_left_to_the_mail_server_while_the_database_is_away(address: str) -> None:
    """Any other end than 75 (EX_TEMPFAIL) would send an automatic answer, and hers would be lost."""
    settings = {"DATABASE_URL": f"postgresql://nobody@{address}/none", "SECRET_KEY": "x" * 40}
    taken = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "groupsite", "mail", "receive"],
        input=b"From: marisol@example.org\n\nHello", env=os.environ | settings, capture_output=True, check=False,
    )  # fmt: skip
    assert (taken.returncode, taken.stdout) == (75, b"")
    assert taken.stderr == b"The database does not answer. Nothing was taken: the mail is to be handed in again.\n"
