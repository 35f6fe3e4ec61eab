"""The workers' own clock: whatever beat and the queue have not rung for, each process of a worker does by itself.

So mail goes out on time with the queue emptied, hung or away, and with no beat or five. It runs in the processes that Celery
forks, beside their tasks: a thread of the process before the fork would hand its locks and its connections on.
"""

import threading
from collections.abc import Callable
from typing import Any

from celery.signals import worker_process_init, worker_process_shutdown
from flask import Flask

from groupsite.celery_app import RHYTHMS
from groupsite.extensions import db
from groupsite.logging import get_logger
from groupsite.queries.readiness import last_runs
from groupsite.tasks import jobs

LOOKS_EVERY = 5.0
"""Seconds."""
LATE = 1.5
"""A job is done here when its last run is longer ago than this part of its rhythm."""
DRAIN = 25.0
"""Seconds that a run in progress gets when the process is told to end."""


class OwnClock:
    def __init__(self, app: Flask) -> None:
        self._app = app
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._tick, name="own-clock", daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Begin nothing more; returns when the run in progress is done, or has had its time."""
        self._is_over.set()
        self._thread.join(DRAIN)

    def _tick(self) -> None:
        while not self._is_over.wait(LOOKS_EVERY):
            do_what_is_late(self._app, is_over=self._is_over.is_set)


def do_what_is_late(app: Flask, *, is_over: Callable[[], bool] = lambda: False) -> list[str]:
    """Run every job that nobody has run lately; returns their names. Trouble with one is logged and stops no other."""
    done = []
    for name in _late(app):
        if is_over():
            break
        with app.app_context():
            try:
                jobs.run(app, name)
                done.append(name)
            except Exception as error:  # noqa: BLE001  the next look tries again
                get_logger().error("job_failed", task=name, error=type(error).__name__)
            finally:
                db.session.remove()
    return done


def _late(app: Flask) -> list[str]:
    """In the order of the rhythms. Nothing while the database is away: then there is nothing to do either."""
    with app.app_context():
        try:
            ran, now = last_runs(db.session()), jobs.clock_of(app)()
        except Exception as error:  # noqa: BLE001  the next look tries again
            get_logger().error("job_failed", task="own_clock", error=type(error).__name__)
            return []
        finally:
            db.session.remove()
    return [name for name, rhythm in RHYTHMS.items() if name not in ran or now - ran[name] > rhythm.every * LATE]


def register(app: Flask) -> None:
    """Begin with each process of a worker's pool, and end with it."""
    clock = OwnClock(app)

    def begin(**_: Any) -> None:
        clock.begin()

    def end(**_: Any) -> None:
        clock.end()

    worker_process_init.connect(begin, weak=False, dispatch_uid="own-clock")
    worker_process_shutdown.connect(end, weak=False, dispatch_uid="own-clock")
