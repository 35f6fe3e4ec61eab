"""Single dates of a foreign series that are not taken: each is said, with the reason that is true."""

import pytest

from groupsite.formats.ical_import import ForeignSeries, read_calendar
from groupsite.formats.ical_import_changes import LONG_OVER
from tests.bombs import NOW, calendar, event

EVENING = ("RRULE:FREQ=WEEKLY", "LOCATION:Hall")


def read(*events: str) -> ForeignSeries:
    (found,) = read_calendar(calendar(*events), "UTC", now=NOW).series
    assert found.draft, found.reason
    return found


@pytest.mark.parametrize(
    ("original", "note"),
    [
        ("20381207", "A change for 7 December 2038 is left out: it is more than ten years ahead."),
        ("20261203", "A change for 3 December 2026 is left out: there is no such date in the meeting."),
        ("20250107", LONG_OVER),
    ],
)
def test_change_that_is_left_out_is_said_with_its_reason(original: str, note: str) -> None:
    change = event(f"RECURRENCE-ID;TZID=Europe/London:{original}T190000", "SUMMARY:Another evening")
    found = read(event(*EVENING), change)
    assert found.draft
    assert (found.notes, found.draft.schedule.overrides) == ((note,), ())


@pytest.mark.parametrize(
    ("skipped", "notes"),
    [
        ("20381207", ("The file leaves out single dates more than ten years ahead. Here those stay in.",)),
        ("20250107", (LONG_OVER,)),
        ("20261208", ()),
    ],
)
def test_skipped_date_that_is_not_taken_is_said(skipped: str, notes: tuple[str, ...]) -> None:
    found = read(event(*EVENING, f"EXDATE;TZID=Europe/London:{skipped}T190000"))
    assert found.draft
    assert (found.notes, bool(found.draft.schedule.exdates_local)) == (notes, not notes)
