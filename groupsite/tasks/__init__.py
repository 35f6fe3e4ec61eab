"""Celery tasks of a few lines: no arguments or ids in, one service call."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind every task to the application's Celery."""
    from groupsite.tasks import delivery, upkeep  # noqa: PLC0415  they need Celery to exist first

    delivery.register(app.extensions["celery"], app)
    upkeep.register(app.extensions["celery"], app)
