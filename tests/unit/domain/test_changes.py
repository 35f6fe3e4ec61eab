from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groupsite.domain.changes import refuse_bad_start, refuse_past
from groupsite.domain.errors import InvalidInput, NotFound
from groupsite.domain.schedule import Override, Schedule
from groupsite.domain.words import Kind, Modality, OverrideAction

FIRST = datetime(2026, 12, 1, 19, 0)
SECOND = FIRST + timedelta(weeks=1)
MOVED = datetime(2026, 12, 10, 12)
WEEKLY = Schedule("Pacific/Auckland", FIRST, 60, "FREQ=WEEKLY;BYDAY=TU", "Evening", Kind.SHARING, Modality.ONLINE)
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ON_THURSDAY = replace(WEEKLY, overrides=(Override(OverrideAction.MOVE, SECOND, new_start_local=MOVED),))


@pytest.mark.parametrize(
    "start",
    [
        datetime(1, 1, 1),
        datetime(1969, 12, 31),
        datetime(2026, 11, 24, 9),
        datetime(2200, 1, 1),
        datetime(9999, 12, 31, 23, 59),
        FIRST,
        SECOND,
        MOVED,
        datetime(2030, 1, 1, 19),
    ],
)
def test_date_cannot_move_there(start: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        refuse_bad_start(ON_THURSDAY, FIRST, start, NOW)
    assert (refused.value.field, refused.value.reason[-1]) == ("new_start_local", ".")


@pytest.mark.parametrize("start", [MOVED, SECOND - timedelta(hours=1), datetime(2030, 1, 1, 18)])
def test_date_can_move_there(start: datetime) -> None:
    refuse_bad_start(ON_THURSDAY, SECOND, start, NOW)


@pytest.mark.parametrize(
    ("now", "is_over"), [("2026-12-08T07:00", False), ("2026-12-09T22:00", False), ("2026-12-09T23:01", True)]
)
def test_moved_date_is_over_after_its_present_start(now: str, is_over: bool) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    if is_over:
        with pytest.raises(InvalidInput):
            refuse_past(ON_THURSDAY, SECOND, moment)
    else:
        refuse_past(ON_THURSDAY, SECOND, moment)


def test_date_of_no_series_is_not_found() -> None:
    with pytest.raises(NotFound):
        refuse_past(WEEKLY, FIRST + timedelta(minutes=1), NOW)
