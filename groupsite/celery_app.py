"""Celery's wiring. The queue is a doorbell: tasks take no arguments or ids, never an address or a text.

Every setting here answers a measured fault: docs/adr/0002-the-queue-is-a-doorbell.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from celery import Celery, Task
from kombu.transport.redis import Transport as RedisTransport
from redis.exceptions import OutOfMemoryError
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from groupsite.config import Settings
from groupsite.extensions import MARKS, db
from groupsite.logging import get_logger

if TYPE_CHECKING:
    from flask import Flask

MAIL_QUEUE = "mail"
UPKEEP_QUEUE = "upkeep"
QUEUES = (MAIL_QUEUE, UPKEEP_QUEUE)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a job has to run, and over which queue it is rung for."""

    every: timedelta
    queue: str


RHYTHMS = {
    "plan": Rhythm(timedelta(seconds=30), MAIL_QUEUE),
    "deliver": Rhythm(timedelta(seconds=15), MAIL_QUEUE),
    "write_lines": Rhythm(timedelta(seconds=30), UPKEEP_QUEUE),
    "erase": Rhythm(timedelta(seconds=30), UPKEEP_QUEUE),
    "forget": Rhythm(timedelta(minutes=10), UPKEEP_QUEUE),
    "roll_forward": Rhythm(timedelta(hours=1), UPKEEP_QUEUE),
}
"""Every job. Beat rings in this rhythm; where it does not, the workers keep it by themselves (tasks/own_clock.py)."""


def task_name(job: str) -> str:
    return f"groupsite.{job}"


ROUTES = {task_name(job): {"queue": rhythm.queue} for job, rhythm in RHYTHMS.items()}
BEAT = {job: {"task": task_name(job), "schedule": rhythm.every} for job, rhythm in RHYTHMS.items()}

TIME_LIMIT = 300
SOFT_TIME_LIMIT = 270


class Queue(RedisTransport):
    """Two faults that would end the worker are taken for a queue that is away, so that it tries again (Celery 5.7, measured).

    A queue that is full refuses the first command of a new connection. And kombu, when it closes a connection that has broken,
    asks it for a host that it has no more: an AttributeError (celery/kombu issue 582).
    """

    connection_errors = (*RedisTransport.connection_errors, OutOfMemoryError, AttributeError)


class TaskBase(Task):  # type: ignore[misc]  # Celery ships no types
    """Runs a task inside the application's context; `begin` is the only place where a task commits."""

    abstract = True
    flask_app: "Flask"

    def __call__(self, *args: object, **kwargs: object) -> object:
        with self.flask_app.app_context():
            try:
                return self.run(*args, **kwargs)
            except Exception:
                get_logger().error("task_failed", task=self.name, exc_info=True)
                raise
            finally:
                db.session.remove()


@contextmanager
def begin() -> Iterator[Session]:
    """One transaction of a task: commits at the end, rolls back on any error."""
    session = db.session()
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def mark() -> Iterator[Connection]:
    """Statements that commit each by itself, at once: for what must be on record before the next byte leaves."""
    with Session(db.engines[MARKS]) as session:
        yield session.connection()
        session.commit()


def make_celery(app: "Flask", settings: Settings) -> Celery:
    """The Celery application that belongs to this Flask application."""
    base = type("AppTask", (TaskBase,), {"flask_app": app, "abstract": True})
    celery = Celery("groupsite", broker=settings.redis_url, task_cls=base, set_as_current=True)
    celery.conf.update(
        accept_content=["json"],
        beat_schedule=BEAT,
        broker_connection_max_retries=None,
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=2,
        broker_transport=f"{__name__}:{Queue.__name__}",
        broker_transport_options={
            "visibility_timeout": 300,
            "unacked_restore_interval": 10,
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
            "retry_on_timeout": True,
        },
        enable_utc=True,
        result_backend=None,
        task_acks_late=True,
        task_default_queue=UPKEEP_QUEUE,
        task_ignore_result=True,
        task_publish_retry=False,
        task_reject_on_worker_lost=True,
        task_routes=ROUTES,
        task_serializer="json",
        task_soft_time_limit=SOFT_TIME_LIMIT,
        task_time_limit=TIME_LIMIT,
        timezone="UTC",
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_hijack_root_logger=False,
        worker_prefetch_multiplier=1,
        worker_soft_shutdown_timeout=25,
    )
    app.extensions["celery"] = celery
    return celery
