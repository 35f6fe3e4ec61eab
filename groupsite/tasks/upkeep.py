"""The heartbeat, the daily roll forward of dates, and forgetting."""

from celery import Celery
from flask import Flask

from groupsite.celery_app import begin
from groupsite.queries.readiness import BEAT
from groupsite.services import occurrences, upkeep


def register(celery: Celery, app: Flask) -> None:
    clock = app.extensions["groupsite.clock"]

    @celery.task(name="groupsite.beat", shared=False)  # type: ignore[untyped-decorator]  # Celery ships no types
    def beat() -> None:
        with begin() as session:
            upkeep.beat(session, BEAT, now=clock())

    @celery.task(name="groupsite.roll_forward", shared=False)  # type: ignore[untyped-decorator]  # Celery ships no types
    def roll_forward() -> None:
        with begin() as session:
            occurrences.rebuild(session, now=clock())

    @celery.task(name="groupsite.forget", shared=False)  # type: ignore[untyped-decorator]  # Celery ships no types
    def forget() -> None:
        with begin() as session:
            upkeep.forget(session, now=clock())
