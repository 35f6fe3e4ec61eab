"""The group file in and out: what is read is what is written, and what cannot be read is refused with its place."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from groupsite.domain.errors import InvalidFile
from groupsite.formats import group_file
from groupsite.formats.json_reader import MAX_BYTES, read_limited

SAMPLE = (Path(__file__).parents[2] / "data" / "sample_groups.json").read_bytes()


def group_with(**series: Any) -> dict[str, Any]:
    """The smallest group that can be loaded, its series changed by `series`."""
    usual = {
        "slug": "main",
        "title": "Quiet hour",
        "kind": "sharing",
        "modality": "online",
        "timezone": "Europe/London",
        "dtstart_local": "2026-11-24T19:00",
        "duration_minutes": 60,
        "rrule": "FREQ=WEEKLY;BYDAY=TU",
    }
    return {
        "slug": "quiet-hour",
        "name": "Quiet Hour",
        "family": "independent",
        "attendance": "observers_welcome",
        "listing_state": "active",
        "series": [usual | series],
    }


def encoded(document: Any) -> bytes:
    return json.dumps(document).encode()


def refused(raw: bytes) -> dict[str, str]:
    """Reasons by path."""
    with pytest.raises(InvalidFile) as caught:
        group_file.parse(raw)
    return {problem.path: problem.reason for problem in caught.value.problems}


def test_parse_reads_the_whole_sample() -> None:
    document = group_file.parse(SAMPLE)
    assert (len(document.groups), len(document.formats), len(document.personas)) == (12, 4, 7)
    assert sum(len(group.series) for group in document.groups) == 16


def test_what_is_written_reads_back_the_same() -> None:
    document = group_file.parse(SAMPLE)
    written = group_file.write(document)
    assert group_file.parse(written) == document
    assert group_file.write(group_file.parse(written)) == written


def test_single_group_and_list_of_one_are_the_same() -> None:
    group = group_with()
    assert group_file.parse(encoded(group)) == group_file.parse(encoded({"groups": [group]}))


def test_byte_order_mark_is_passed_over() -> None:
    assert group_file.parse(b"\xef\xbb\xbf" + SAMPLE) == group_file.parse(SAMPLE)


def test_script_stays_the_text_it_is() -> None:
    group = group_with(title="<script>alert(1)</script>") | {"name": "{{ 7 * 7 }}"}
    (read,) = group_file.parse(encoded(group)).groups
    assert (read.name, read.series[0].schedule.title) == ("{{ 7 * 7 }}", "<script>alert(1)</script>")


def test_file_that_was_cut_in_half_says_so() -> None:
    assert "ends too early" in refused(SAMPLE[: len(SAMPLE) // 2])["file"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "The file is empty."),
        (b" \n", "The file is empty."),
        ("Línea".encode("latin-1"), "The file is not UTF-8 text: line 1"),
        (SAMPLE.decode().encode("utf-16"), "The file is not UTF-8 text: line 1"),
        (b"[" * 100_000, "The file is nested too deeply"),
        (b'{"groups":' * 20_000, "The file is nested too deeply"),
        (b"{'groups': []}", "The file is not valid JSON at line 1, column 2"),
        (b"null", "This must be an object"),
        (b"[]", "This must be an object"),
        (b" " * (MAX_BYTES + 1), "The file is larger than 10 MB"),
    ],
    ids=["nothing", "spaces", "latin-1", "utf-16", "lists", "objects", "quotes", "null", "list", "large"],
)
def test_file_that_is_no_group_file_is_refused_whole(raw: bytes, reason: str) -> None:
    (path, told), *others = refused(raw).items()
    assert (path, told.startswith(reason), others) == ("file", True, [])


class Endless:
    """A stream of spaces that counts what was taken from it."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int) -> bytes:
        self.taken += size
        return b" " * size


def test_large_file_is_refused_before_it_is_read() -> None:
    stream = Endless()
    with pytest.raises(InvalidFile, match="larger than 10 MB"):
        read_limited(stream)  # type: ignore[arg-type]  # all that is asked of a stream is to read
    assert stream.taken == MAX_BYTES + 1


@pytest.mark.parametrize(
    ("rrule", "reason"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "No date matches this rule"),
        ("FREQ=WEEKLY;UNTIL=20200101T000000Z", "No date matches this rule"),
        ("FREQ=WEEKLY;UNTIL=99991231T000000Z", "UNTIL lies between"),
        ("FREQ=SECONDLY", "FREQ cannot be read"),
        ("FREQ=WEEKLY;INTERVAL=0", "INTERVAL lies between"),
        ("FREQ=WEEKLY;COUNT=999999999", "COUNT cannot be read"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY cannot be read"),
        ("FREQ=WEEKLY;FREQ=DAILY", "FREQ is there twice"),
        ("FREQ=WEEKLY\r\nRRULE:FREQ=DAILY", "This contains a line break"),
        ("X" * 501, "This may have 500 characters at most"),
    ],
)
def test_rule_that_no_meeting_can_follow_is_refused(rrule: str, reason: str) -> None:
    found = refused(encoded(group_with(rrule=rrule)))
    assert list(found) == ["series[0].rrule"]
    assert found["series[0].rrule"].startswith(reason)


def test_rule_without_end_is_read() -> None:
    (group,) = group_file.parse(encoded(group_with(rrule="FREQ=DAILY"))).groups
    assert group.series[0].schedule.rrule == "FREQ=DAILY"


@pytest.mark.parametrize(
    "start", ["9999-12-31T23:59", "0001-01-01T00:00", "2026-02-30T10:00", "2026-11-24T19:00Z", "2026-11-24", 5, None]
)
def test_start_that_is_no_local_time_is_refused(start: object) -> None:
    assert list(refused(encoded(group_with(dtstart_local=start)))) == ["series[0].dtstart_local"]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "localtime", "", "UTC\x00", "GMT+25"])
def test_zone_that_nobody_knows_is_refused(zone: str) -> None:
    assert list(refused(encoded(group_with(timezone=zone)))) == ["series[0].timezone"]


@pytest.mark.parametrize("minutes", [0, -1, 1441, "60", True, 60.5, [], float("nan"), float("inf"), 10**400])
def test_length_that_is_no_number_of_minutes_is_refused(minutes: object) -> None:
    found = refused(encoded(group_with(duration_minutes=minutes)))
    assert list(found) == ["series[0].duration_minutes"]
    assert found["series[0].duration_minutes"].startswith("This must be a whole number from 1 to 1440, not ")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("A\r\nBcc: everybody", "a line break"),
        ("A\u2028B", "a line break"),
        ("A\x00", "control character (U+0000)"),
        ("\u202eevil", "direction mark (U+202E)"),
        ("\ud800", "control character (U+D800)"),
        ("x" * 121, "120 characters at most"),
        ("   ", "empty"),
        (["A"], "must be text"),
    ],
)
def test_name_that_cannot_stand_on_one_line_is_refused(name: object, reason: str) -> None:
    assert reason in refused(encoded(group_with() | {"name": name}))["name"]
    assert reason in refused(encoded(group_with(title=name)))["series[0].title"]


@pytest.mark.parametrize("slug", ["Quiet", "-a", "a/b", "../a", "a" * 81, "a\n", "new"])
def test_slug_that_cannot_stand_in_an_address_is_refused(slug: str) -> None:
    assert list(refused(encoded(group_with() | {"slug": slug}))) == ["slug"]
    assert list(refused(encoded(group_with(slug=slug)))) == ["series[0].slug"]


def test_key_that_stands_twice_is_refused() -> None:
    raw = encoded(group_with()).replace(b'"family":', b'"name": "Other", "family":')
    assert refused(raw) == {"name": "This key stands twice in the same object, and only one of them can count."}


def test_key_that_is_misspelt_is_refused() -> None:
    assert list(refused(encoded(group_with(ruule="FREQ=DAILY")))) == ["series[0].ruule"]


def test_slug_that_is_used_twice_names_both_places() -> None:
    found = refused(encoded({"groups": [group_with(), group_with()]}))
    assert found == {"groups[1].slug": "“quiet-hour” is already used at groups[0].slug."}


@pytest.mark.parametrize(
    ("join", "path"),
    [
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "http://meet.example.org"}, "url"),
        ({"url": "https://user:secret@meet.example.org"}, "url"),
        ({"phone": "ask Joan"}, "phone"),
        ({"url": "https://meet.example.org", "reveal": "everybody"}, "reveal"),
    ],
)
def test_way_in_that_nobody_should_follow_is_refused(join: dict[str, str], path: str) -> None:
    assert list(refused(encoded(group_with(join=join)))) == [f"series[0].join.{path}"]


@pytest.mark.parametrize(
    ("override", "path"),
    [
        ({"action": "cancel"}, "recurrence_id_local"),
        ({"action": "move", "recurrence_id_local": "2026-12-01T19:00"}, "new_start_local"),
        ({"action": "relocate", "recurrence_id_local": "2026-12-01T19:00"}, "venue"),
        ({"action": "cancel", "range_local": ["2026-12-08", "2026-12-01"]}, "range_local"),
        ({"action": "vanish", "recurrence_id_local": "2026-12-01T19:00"}, "action"),
    ],
)
def test_change_of_a_date_that_says_too_little_is_refused(override: dict[str, object], path: str) -> None:
    assert list(refused(encoded(group_with(overrides=[override])))) == [f"series[0].overrides[0].{path}"]


def test_reference_to_nothing_is_refused() -> None:
    assert list(refused(encoded(group_with(format="nowhere", replaces="main")))) == [
        "series[0].format",
        "series[0].replaces",
    ]
    persona = {"handle": "joan", "display_name": "Joan", "timezone": "UTC", "memberships": ["nowhere"]}
    found = refused(encoded({"groups": [group_with()], "personas": [persona]}))
    assert list(found) == ["personas[0].memberships[0]"]


def test_every_problem_is_told_up_to_twenty() -> None:
    found = refused(encoded(group_with(timezone="Nowhere", duration_minutes=0, kind="party")))
    assert set(found) == {"series[0].timezone", "series[0].duration_minutes", "series[0].kind"}
    assert len(refused(encoded({"groups": [{} for _ in range(30)]}))) == 20


def test_weekdays_of_kinds_are_numbered_from_monday() -> None:
    (group,) = group_file.parse(encoded(group_with(kind_by_weekday={"MO": "topic", "SU": "speaker"}))).groups
    assert set(group.series[0].schedule.kind_by_weekday) == {0, 6}
    assert group.series[0].schedule.dtstart_local == datetime.fromisoformat("2026-11-24T19:00")
