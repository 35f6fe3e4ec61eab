"""Celery tasks of a few lines: no arguments or ids in, one service call."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind every job to the application's Celery, and give its workers a clock of their own."""
    from groupsite.tasks import jobs, own_clock  # noqa: PLC0415  they need Celery to exist first

    jobs.register(app)
    own_clock.register(app)
