"""Every periodic job: what it does, and that it has run. Any number of processes may run each at the same time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask

from groupsite.celery_app import begin, mark, task_name
from groupsite.config import Settings
from groupsite.domain.zones import tzdata_version
from groupsite.logging import get_logger
from groupsite.services import erasure, kept_lines, occurrences, planning, sending, upkeep
from groupsite.services.calendars import Site
from groupsite.services.database_clock import DatabaseClock
from groupsite.services.desk import Desk

Clock = Callable[[], datetime]

PLANNED_AHEAD = timedelta(minutes=5)
"""Eight missed ticks in a row make nothing late."""


def register(app: Flask) -> None:
    for name in JOBS:
        app.extensions["celery"].task(name=task_name(name), shared=False)(_task(app, name))


def _task(app: Flask, name: str) -> Callable[[], None]:
    def task() -> None:
        run(app, name)

    return task


def run(app: Flask, name: str) -> None:
    """Do the job to its end, inside an application context, and note that it was done."""
    clock = clock_of(app)
    if isinstance(clock, DatabaseClock):
        clock.read_anew()
    JOBS[name](app)
    with begin() as session:
        upkeep.note_run(session, name, now=clock())


def clock_of(app: Flask) -> Clock:
    clock: Clock = app.extensions["groupsite.clock"]
    return clock


def site_of(app: Flask) -> Site:
    """How calendars name this site."""
    settings: Settings = app.extensions["groupsite.settings"]
    return Site(settings.calendar_host, settings.base_url, settings.calendar_name)


def desk_of(app: Flask) -> Desk:
    """What letters need of this application."""
    settings: Settings = app.extensions["groupsite.settings"]
    return Desk(site_of(app), settings.mail_from, app.extensions["groupsite.vault"])


def _plan(app: Flask) -> None:
    _follow_zone_data(clock_of(app))
    with begin() as session:
        planned = planning.plan(session, now=clock_of(app)(), ahead=PLANNED_AHEAD)
    if planned.planned:
        get_logger().info("planned", planned=planned.planned, expired=planned.expired)


def _follow_zone_data(clock: Clock) -> None:
    """Whatever goes wrong, reminders of dates that are known are planned all the same."""
    try:
        with begin() as session:
            if occurrences.follow_zone_data(session, now=clock()):
                get_logger().info("dates_derived_anew", tzdata=tzdata_version())
    except Exception:  # noqa: BLE001  the next tick tries again
        get_logger().error("job_failed", task="follow_zone_data", exc_info=True)


def _deliver(app: Flask) -> None:
    tally = sending.deliver(begin, mark, app.extensions["groupsite.transport"], desk_of(app), clock_of(app))
    if tally.counts:
        get_logger().info("delivered", **tally.counts)


def _write_lines(app: Flask) -> None:
    written = kept_lines.write_stale(begin, site_of(app), now=clock_of(app)())
    if written:
        get_logger().info("lines_written", count=written)


def _erase(_app: Flask) -> None:
    erased = erasure.erase(begin)
    if erased:
        get_logger().info("accounts_erased", count=erased)


def _forget(app: Flask) -> None:
    with begin() as session:
        upkeep.forget(session, now=clock_of(app)())
    upkeep.prune_deliveries(begin, now=clock_of(app)())


def _roll_forward(app: Flask) -> None:
    with begin() as session:
        occurrences.roll_forward(session, now=clock_of(app)())


JOBS: dict[str, Callable[[Flask], None]] = {
    "plan": _plan,
    "deliver": _deliver,
    "write_lines": _write_lines,
    "erase": _erase,
    "forget": _forget,
    "roll_forward": _roll_forward,
}
