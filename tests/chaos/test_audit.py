"""The audit of a fault run finds what it is there to find."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.chaos.audit import Copy, Kept, weigh
from tests.chaos.people import Person

DUE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC).timestamp()
SHE = Person(UUID(int=1), UUID(int=2), UUID(int=3), "calm-1@chaos.invalid", DUE)
SENT = Kept(SHE.account, "sent", DUE, ambiguous=False, sent_at=DUE)
IN_DOUBT = Kept(SHE.account, "sent", DUE, ambiguous=True, sent_at=DUE)
UNKNOWN = Kept(SHE.account, "unknown", DUE, ambiguous=True, sent_at=None)
COPY = Copy(NOON, SHE.address, "a@dates.invalid", 1)
OTHER_NAME = Copy(NOON, SHE.address, "b@dates.invalid", 1)


def clock(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


@pytest.mark.parametrize(
    ("rows", "copies", "extras", "never_came"),
    [
        ([SENT], [COPY], 0, 0),
        ([IN_DOUBT], [COPY, COPY], 1, 0),
        ([UNKNOWN], [COPY, COPY], 1, 0),
        ([UNKNOWN], [], 0, 1),
        ([Kept(SHE.account, "expired", DUE, ambiguous=False, sent_at=None)], [], 0, 0),
    ],
)
def test_what_is_allowed_is_counted(rows: list[Kept], copies: list[Copy], extras: int, never_came: int) -> None:
    found = weigh([SHE], rows, copies, clock)
    assert (found.faults, found.lost, found.extras, found.never_came) == ([], 0, extras, never_came)


@pytest.mark.parametrize(
    ("rows", "copies", "lost", "fault"),
    [
        ([], [], 1, "has 0 rows"),
        ([SENT, SENT], [COPY], 0, "has 2 rows"),
        ([SENT], [], 1, "counts as sent and nothing came"),
        ([SENT], [COPY, COPY], 0, "got two copies without a record of why"),
        ([IN_DOUBT], [COPY, COPY, COPY], 0, "got 3 copies"),
        ([IN_DOUBT], [COPY, OTHER_NAME], 0, "got copies under different names"),
        ([Kept(SHE.account, "cancelled", DUE, ambiguous=False, sent_at=None)], [COPY], 0, "counts as cancelled"),
        ([Kept(SHE.account, "deferred", DUE, ambiguous=False, sent_at=None)], [], 0, "1 rows have come to no end"),
        ([Kept(SHE.account, "sent", DUE + timedelta(hours=1), ambiguous=False, sent_at=DUE)], [COPY], 0, "is due at"),
        ([SENT], [COPY, Copy(NOON, "else@chaos.invalid", "c@dates.invalid", 1)], 0, "1 addresses that nobody owes"),
        ([SENT], [Copy(DUE.timestamp() - 1, SHE.address, "a@dates.invalid", 1)], 0, "before 2026-11-24 09:00:00"),
    ],
)
def test_what_must_not_be_is_found(rows: list[Kept], copies: list[Copy], lost: int, fault: str) -> None:
    found = weigh([SHE], rows, copies, clock)
    assert found.lost == lost
    assert [one for one in found.faults if fault in one] == found.faults
    assert len(found.faults) == 1
