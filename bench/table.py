"""One line of the speed table."""

import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """`ratio` is ours / theirs in units of the same work per second: 0.5 is half as fast. It must not fall under `limit`."""

    name: str
    ours_per_second: float
    theirs: str
    theirs_per_second: float
    limit: float
    unit: str = "/s"

    @property
    def ratio(self) -> float:
        return self.ours_per_second / self.theirs_per_second

    @property
    def holds(self) -> bool:
        return self.ratio >= self.limit

    def __str__(self) -> str:
        mark = "ok  " if self.holds else "SLOW"
        ours, theirs = f"{self.ours_per_second:,.0f}{self.unit}", f"{self.theirs_per_second:,.0f}{self.unit}"
        return f"{mark} {self.name:<44} {ours:>11}   {self.theirs:<34} {theirs:>11}   {self.ratio:7.3f} (≥ {self.limit:.3f})"


def best_rate(work: Callable[[], int], rounds: int = ROUNDS) -> float:
    """Units per second of the fastest round; `work` returns how many units it did."""
    rates = []
    for _ in range(rounds):
        begun = time.perf_counter()
        done = work()
        rates.append(done / (time.perf_counter() - begun))
    return max(rates)
