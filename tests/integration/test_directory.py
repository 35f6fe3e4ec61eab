"""160 real listings: what is taken, changed and refused is said for each, and nothing is lost on a second run."""

import json
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groupsite.domain.errors import InvalidInput
from groupsite.domain.permissions import VISITOR
from groupsite.formats import meeting_guide
from groupsite.models import Group, Membership
from groupsite.services import directory
from groupsite.services.directory import Line, Verdict
from tests.browser import Browser
from tests.plugins.application import MORNING

FILE = Path(__file__).parent.parent / "data" / "online_meetings_meeting_guide.json"
ENTRIES = meeting_guide.parse(FILE.read_bytes())


@pytest.fixture
def lines(session: Session) -> list[Line]:
    found = directory.bring_in(session, VISITOR, ENTRIES, now=MORNING)
    session.commit()
    return found


def test_every_record_has_its_line(lines: list[Line]) -> None:
    assert len(lines) == 160
    assert Counter(line.verdict for line in lines) == {Verdict.NEW: 149, Verdict.REFUSED: 11}


def test_refusals_say_why(lines: list[Line]) -> None:
    reasons = Counter(line.notes[0].split(",")[0] for line in lines if line.verdict is Verdict.REFUSED)
    assert reasons == {"It gives no day or no hour": 10, "It names no time zone": 1}


def test_second_import_changes_nothing(lines: list[Line], session: Session) -> None:
    session.expire_all()
    again = directory.bring_in(session, VISITOR, ENTRIES, now=MORNING)
    assert Counter(line.verdict for line in again) == {Verdict.SAME: 149, Verdict.REFUSED: 11}


def test_meeting_that_left_the_file_is_reported_and_stays(lines: list[Line], session: Session) -> None:
    session.expire_all()
    fewer = directory.bring_in(session, VISITOR, ENTRIES[1:], now=MORNING)
    assert [line.slug for line in fewer if line.verdict is Verdict.GONE] == [ENTRIES[0].slug]
    assert session.scalar(select(func.count()).select_from(Group)) == 149


def test_unknown_codes_are_kept(lines: list[Line], session: Session) -> None:
    codes = {code for group in session.scalars(select(Group)) for code in group.type_codes}
    assert {"12x12", "D-HOH", "POA"} <= codes


def test_listing_is_found_says_where_it_is_from_and_takes_no_members(
    lines: list[Line], client: Browser, session: Session
) -> None:
    page = client.get("/meetings?q=pickle jar").text
    assert "Pickle Jar" in page
    assert "From a public directory" in page
    slug = session.scalars(select(Group.slug).where(Group.name.contains("Pickle Jar"))).first()
    shown = client.get(f"/groups/{slug}").text
    assert "Where this comes from" in shown
    client.sign_up("somebody-new")
    assert client.submit(f"/groups/{slug}/join", {"display_name": "S."}, page="/account").status_code == 403
    assert session.scalar(select(func.count()).select_from(Membership)) == 0


def test_what_goes_in_comes_out_the_same(lines: list[Line], client: Browser) -> None:
    told = {one["slug"]: one for one in json.loads(FILE.read_text())}
    given = client.get("/meetings.json").json
    assert given is not None
    assert len(given) == 149
    for one in given:
        for key in ("day", "time", "timezone", "types", "conference_url"):
            assert one.get(key) == told[one["slug"]].get(key), one["slug"]


def test_export_keeps_the_way_in_of_members_out(client: Browser, sample: None) -> None:
    given = client.get("/meetings.json").json
    assert given is not None
    assert all("conference_url" not in one for one in given if "tuesday-lantern" in one["slug"])


def test_export_answers_304(client: Browser, sample: None) -> None:
    first = client.get("/meetings.json")
    assert client.get("/meetings.json", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_command_plans_without_apply_and_stores_with_it(app: Flask, session: Session) -> None:
    command = ["directory", "import", str(FILE), "--format", "meeting-guide"]
    planned = app.test_cli_runner().invoke(args=command)
    assert planned.exit_code == 0
    assert "149 new, 11 refused" in planned.output
    assert session.scalar(select(func.count()).select_from(Group)) == 0
    session.commit()
    applied = app.test_cli_runner().invoke(args=[*command, "--apply"])
    assert applied.exit_code == 0
    assert session.scalar(select(func.count()).select_from(Group)) == 149


@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"[", b"\xff\xfe[]", b'[{"slug": "a"', b"null", b'{"a": ' * 2000, b"[" + b" " * 11_000_000 + b"]"],
    ids=["nothing", "object", "cut", "not UTF-8", "cut in half", "null", "deep", "huge"],
)
def test_broken_file_is_refused_whole(app: Flask, session: Session, tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "listings.json"
    file.write_bytes(raw)
    done = app.test_cli_runner().invoke(args=["directory", "import", str(file), "--format", "meeting-guide", "--apply"])
    assert (done.exit_code, session.scalar(select(func.count()).select_from(Group))) == (1, 0)
    assert done.stderr.strip()


def test_hostile_records_are_refused_or_made_harmless(session: Session) -> None:
    records = [
        1, None, {"slug": "a"}, {"slug": "b", "name": "B", "day": 9, "time": "10:00", "timezone": "UTC"},
        {"slug": "c", "name": "C\r\nBcc: x", "day": [1, 3], "time": "10:00", "end_time": "10:00", "timezone": "UTC"},
        {"slug": "c", "name": "Again", "day": 1, "time": "10:00", "timezone": "UTC"},
        {"slug": "d", "name": "D", "day": 1, "time": "25:00", "timezone": "UTC"},
        {"slug": "e", "name": "E", "day": 1, "time": "10:00", "timezone": "Mars/Olympus"},
        {"slug": "f", "name": "<script>x</script>F", "day": 0, "time": "23:30", "end_time": "00:30", "timezone": "UTC",
         "conference_url": "javascript:alert(1)", "types": ["O", 5, "ZZ"], "notes": "<b>Come</b> in"},
    ]  # fmt: skip
    entries = meeting_guide.parse(json.dumps(records).encode())
    assert [entry.listing is not None for entry in entries] == [
        False,
        False,
        False,
        False,
        True,
        False,
        False,
        False,
        True,
    ]
    taken = entries[-1].listing
    assert taken is not None
    assert (taken.name, taken.notes, taken.url, taken.minutes, taken.types) == ("F", "Come in", "", 60, ("O", "ZZ"))
    assert entries[4].listing is not None
    assert entries[4].listing.days == (1, 3)
    directory.bring_in(session, VISITOR, entries, now=MORNING)


def test_file_with_too_many_records_is_refused() -> None:
    with pytest.raises(InvalidInput):
        meeting_guide.parse(json.dumps([0] * (meeting_guide.MOST_RECORDS + 1)).encode())
