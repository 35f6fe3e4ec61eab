"""The table of a fault run, a row for each fault."""

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.chaos.audit import Audit
from tests.chaos.house import House
from tests.chaos.size import Size

COLUMNS = ("owed", "sent", "extra", "unknown", "expired", "failed", "cancelled", "suppressed", "lost")
SHOWN_FAULTS = 8

Scenario = Callable[[House, Size], Audit]


@dataclass(frozen=True, slots=True)
class Row:
    fault: str
    name: str
    found: Audit
    seconds: float

    @property
    def holds(self) -> bool:
        return not self.found.faults and self.found.lost == 0

    def numbers(self) -> dict[str, int]:
        told = {name: self.found.count(name) for name in COLUMNS}
        return told | {"owed": self.found.owed, "extra": self.found.extras, "lost": self.found.lost}

    def delay(self) -> str:
        """The longest, in hours, minutes and seconds."""
        return str(timedelta(seconds=round(self.found.delay.total_seconds())))


def run(fault: str, name: str, scenario: Scenario, house: House, size: Size) -> Row:
    begun = time.monotonic()
    try:
        found = scenario(house, size)
    except Exception as error:  # noqa: BLE001  the other rows are wanted all the same
        traceback.print_exc()
        found = Audit(0, {}, faults=[f"the run itself broke off: {type(error).__name__}"])
        house.mend()
    return Row(fault, name, found, time.monotonic() - begun)


def heading() -> str:
    return f"{'fault':<5} {'what is done':<46}" + "".join(f"{name:>11}" for name in COLUMNS) + "    delay        s"


def line(row: Row) -> str:
    numbers = "".join(f"{row.numbers()[name]:>11,}" for name in COLUMNS)
    faults = "".join(f"\n      {fault}" for fault in row.found.faults[:SHOWN_FAULTS])
    note = f"\n      {row.found.note}" if row.found.note else ""
    more = len(row.found.faults) - SHOWN_FAULTS
    rest = f"\n      and {more} more like these" if more > 0 else ""
    verdict = "ok" if row.holds else "FAILED"
    told = f"{row.fault:<5} {row.name:<46}{numbers} {row.delay():>8} {row.seconds:>8.1f}  {verdict}"
    return f"{told}{note}{faults}{rest}"


def markdown(rows: list[Row]) -> str:
    """The same for the docs."""
    head = ["fault", "what is done", *COLUMNS, "longest delay", "s", "verdict"]
    lines = [head, ["---"] * len(head)]
    for row in rows:
        numbers = [f"{row.numbers()[name]:,}" for name in COLUMNS]
        lines.append(
            [row.fault, row.name, *numbers, row.delay(), f"{row.seconds:.0f}", "ok" if row.holds else "**failed**"]
        )
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
