"""What time it is for this request. Tests and the demo hand the application another clock (`create_app(clock=...)`)."""

from datetime import UTC, datetime

from flask import current_app


def system_clock() -> datetime:
    return datetime.now(UTC)


def now() -> datetime:
    """Aware UTC."""
    moment: datetime = current_app.extensions["groupsite.clock"]()
    return moment
