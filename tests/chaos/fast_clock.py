"""A clock that runs fast for whole processes, by libfaketime: what the product does in an hour it does in a minute of ours.

Beside CHAOS_SPEED, which changes only what the application takes for now: here waits and timeouts are shorter too, and the
database's own clock runs as fast.
"""

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from dev.faketime import faketime

RATE = "CHAOS_RATE"
NAP = 0.5
"""Seconds on the fast clock: how closely an event is looked at."""


def running_at(rate: float, shift: str = "+0") -> dict[str, str]:
    """The environment of a process whose clocks show so many seconds for one of ours, the one that nobody sets too."""
    return {"LD_PRELOAD": str(faketime()), "FAKETIME": f"{shift} x{rate:g}", RATE: str(rate)}


@contextmanager
def told(environment: Mapping[str, str]) -> Iterator[None]:
    """What is started in between gets this environment."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def wait_by_naps() -> None:
    """libfaketime 0.9.10 knows sleep, select and poll, but not sem_clockwait, with which Python waits for an event.

    Such a wait would end when the true clock shows what the fast one did: never, for us. So events are looked at again and
    again instead. Nothing happens in a process whose clock is true.
    """
    if os.environ.get("LD_PRELOAD") and RATE in os.environ:
        threading.Event.wait = _wait  # type: ignore[method-assign]  # the standard library's, in this process alone


def _wait(self: threading.Event, timeout: float | None = None) -> bool:
    until = None if timeout is None else time.monotonic() + timeout
    while not self.is_set():
        left = NAP if until is None else until - time.monotonic()
        if left <= 0:
            break
        time.sleep(min(NAP, left))
    return self.is_set()
