"""The application of a fault run's processes: a clock that can run fast, and places where a process stops or dies.

CHAOS_NOW is where the clock began at CHAOS_SET_AT (seconds since 1970), CHAOS_SPEED how many of its seconds go by in one; 0
stands still. Without CHAOS_NOW the clock is the product's own.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask

from groupsite import create_app
from tests.chaos import failpoints, fast_clock


def moment_of(began: datetime, set_at: float, speed: float, at: float) -> datetime:
    """What such a clock shows at a moment (seconds since 1970)."""
    return began + timedelta(seconds=(at - set_at) * speed)


def build(clock: Callable[[], datetime] | None = None) -> Flask:
    fast_clock.wait_by_naps()
    clock = clock or _clock_told()
    app = create_app(clock=clock) if clock else create_app()
    failpoints.install(app)
    return app


def _clock_told() -> Callable[[], datetime] | None:
    said = os.environ.get("CHAOS_NOW")
    if said is None:
        return None
    began = datetime.fromisoformat(said).astimezone(UTC)
    set_at, speed = float(os.environ["CHAOS_SET_AT"]), float(os.environ["CHAOS_SPEED"])
    return lambda: moment_of(began, set_at, speed, time.time())
