"""Whatever text comes: a result, or the one refusal."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from groupsite.domain.errors import InvalidInput
from groupsite.domain.recurrence import next_occurrences
from groupsite.formats.ical_import import ForeignSeries, read_calendar
from groupsite.formats.ical_import_lines import READ
from tests.bombs import NOW, calendar, event

FILES = [path.read_bytes() for path in sorted((Path(__file__).parents[2] / "data" / "imports").glob("*.ics"))]
NAMES = sorted(READ)
VALUES = [
    "",
    "20261201T190000",
    "20261201T190000Z",
    "20261201",
    "99991231T235959Z",
    "00010101T000000",
    "20261201T190000/PT1H",
    "P1W",
    "-PT1H",
    "PT0S",
    "FREQ=WEEKLY",
    "FREQ=YEARLY;BYDAY=39SU;BYMONTH=7",
    "FREQ=DAILY;COUNT=1;UNTIL=1",
    "https://zoom.us/j/1",
    "https://[",
    "1" * 40,
    "CANCELLED",
    "\\",
    "\\n,;",
]
PARAMETERS = [
    "",
    ";TZID=Europe/London",
    ";TZID=Nowhere/Land",
    ";VALUE=DATE",
    ";RANGE=THISANDFUTURE",
    ';X="',
    ";TZID",
    ";TZID=UTC",
]
LINES = st.builds(
    lambda name, parameter, value: f"{name}{parameter}:{value}",
    st.sampled_from(NAMES),
    st.sampled_from(PARAMETERS),
    st.one_of(st.sampled_from(VALUES), st.text(max_size=30)),
)


def read(content: bytes, timezone: str = "America/New_York") -> None:
    """Raises nothing but the refusal; what is a draft has dates."""
    found = _series(content, timezone)
    for one in found:
        assert bool(one.draft) is not bool(one.reason)
        assert one.draft is None or next_occurrences(one.draft.schedule, NOW, 10)


def _series(content: bytes, timezone: str) -> tuple[ForeignSeries, ...]:
    try:
        return read_calendar(content, timezone, now=NOW).series
    except InvalidInput:
        return ()


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    read(text.encode(errors="surrogatepass"))


@given(st.binary())
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    read(content)


@settings(max_examples=300)
@given(
    st.lists(st.lists(LINES, max_size=8), min_size=1, max_size=3),
    st.sampled_from(["America/New_York", "UTC", "Asia/Tokyo"]),
)
def test_any_lines_of_events_are_read_or_refused(events: list[list[str]], timezone: str) -> None:
    read(calendar(*("\r\n".join(["BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT"]) for lines in events)), timezone)


@settings(max_examples=300)
@given(st.lists(LINES, max_size=5), st.sampled_from(["America/New_York", "Europe/London"]))
def test_any_lines_more_are_read_or_refused(lines: list[str], timezone: str) -> None:
    read(calendar(event(*lines)), timezone)


@settings(max_examples=300)
@given(st.data())
def test_any_mutation_of_a_file_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(FILES)))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content) - 1))
        end = start + data.draw(st.integers(0, 12))
        content[start:end] = data.draw(
            st.one_of(st.binary(max_size=6), st.sampled_from([b"9", b":", b";", b"\r\n", b"Z", b"BEGIN:"]))
        )
    read(bytes(content))
