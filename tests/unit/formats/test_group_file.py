"""The group file: read whole, written the same, and refused with the path and the reason of everything that is wrong."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from groupsite.domain.errors import InvalidFile
from groupsite.formats import group_file
from groupsite.formats.json_reader import MAX_BYTES, read_limited
from tests.sample import FILE

RAW = FILE.read_bytes()


def changed(change: Callable[[dict[str, Any]], None]) -> bytes:
    """The sample with one thing done to it."""
    document = json.loads(RAW)
    change(document)
    return json.dumps(document).encode()


def first_series(document: dict[str, Any]) -> dict[str, Any]:
    series: dict[str, Any] = document["groups"][0]["series"][0]
    return series


def refusal(raw: bytes) -> dict[str, str]:
    with pytest.raises(InvalidFile) as refused:
        group_file.parse(raw)
    return {problem.path: problem.reason for problem in refused.value.problems}


def test_sample_is_read_whole() -> None:
    read = group_file.parse(RAW)
    assert (len(read.groups), len(read.formats), len(read.personas)) == (12, 4, 7)
    assert sum(len(group.series) for group in read.groups) == 16


def test_writing_and_reading_changes_nothing() -> None:
    read = group_file.parse(RAW)
    assert group_file.parse(group_file.write(read)) == read


def test_one_group_alone_is_a_file_too() -> None:
    one = json.loads(RAW)["groups"][1]
    one["series"][0].pop("format", None)
    assert group_file.parse(json.dumps(one).encode()).groups[0].slug == "open-door-beginners"


@pytest.mark.parametrize(
    "raw",
    [b"", RAW[: len(RAW) // 2], b"\xff\xfe" + RAW, RAW.replace(b"Lantern", b"Lant\xffern"), b"null", b"[]", b"{}",
     b'{"groups": []}', b'{"groups": {}}', b"[" * 5000, b'{"groups": NaN}', b'{"a": 1, "a": 2}', b'"text"'],
    ids=["nothing", "cut in half", "UTF-16", "not UTF-8", "null", "list", "empty", "no group", "no list", "deep", "NaN",
         "a key twice", "text"],
)  # fmt: skip
def test_broken_file_is_refused(raw: bytes) -> None:
    assert all(reason for reason in refusal(raw).values())


def test_50_megabytes_are_refused_before_they_are_read_whole() -> None:
    stream = BytesIO(b" " * (50 * 1024 * 1024))
    with pytest.raises(InvalidFile):
        read_limited(stream)
    assert stream.tell() <= MAX_BYTES + 1


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("groups[0].name", lambda d: d["groups"][0].update(name="Lantern\r\nBcc: x@example.org")),
        ("groups[0].name", lambda d: d["groups"][0].update(name="x" * 5000)),
        ("groups[0].family", lambda d: d["groups"][0].update(family="knitting")),
        ("groups[1].slug", lambda d: d["groups"][1].update(slug="tuesday-lantern")),
        ("groups[0].slug", lambda d: d["groups"][0].update(slug="../../etc")),
        ("groups[0].naem", lambda d: d["groups"][0].update(naem="misspelt")),
        ("groups[0].series[0].timezone", lambda d: first_series(d).update(timezone="Mars/Olympus")),
        ("groups[0].series[0].rrule", lambda d: first_series(d).update(rrule="FREQ=SECONDLY")),
        ("groups[0].series[0].rrule", lambda d: first_series(d).update(rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")),
        ("groups[0].series[0].rrule", lambda d: first_series(d).update(rrule="FREQ=WEEKLY;INTERVAL=0")),
        ("groups[0].series[0].rrule", lambda d: first_series(d).update(rrule="FREQ=WEEKLY;" * 400)),
        ("groups[0].series[0].dtstart_local", lambda d: first_series(d).update(dtstart_local="9999-12-31T23:59")),
        ("groups[0].series[0].dtstart_local", lambda d: first_series(d).update(dtstart_local="yesterday")),
        ("groups[0].series[0].duration_minutes", lambda d: first_series(d).update(duration_minutes=-5)),
        ("groups[0].series[0].duration_minutes", lambda d: first_series(d).update(duration_minutes=10**30)),
        ("groups[0].series[0].duration_minutes", lambda d: first_series(d).update(duration_minutes="ninety")),
        ("groups[0].series[0].join.url", lambda d: first_series(d)["join"].update(url="javascript:alert(1)")),
    ],
)
def test_wrong_value_is_refused_with_its_path(path: str, change: Callable[[dict[str, Any]], None]) -> None:
    assert path in refusal(changed(change))


def test_everything_that_is_wrong_is_told_at_once() -> None:
    def spoil(document: dict[str, Any]) -> None:
        document["groups"][0]["family"] = "knitting"
        document["groups"][3]["series"][0]["timezone"] = "Mars/Olympus"

    assert set(refusal(changed(spoil))) == {"groups[0].family", "groups[3].series[0].timezone"}


def test_script_in_a_text_stays_text() -> None:
    raw = changed(lambda document: document["groups"][0].update(summary="<script>alert(1)</script>"))
    assert group_file.parse(raw).groups[0].summary == "<script>alert(1)</script>"
