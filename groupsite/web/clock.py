"""What time it is for this request. Tests and the demo hand the application another clock (`create_app(clock=...)`)."""

from datetime import datetime

from flask import current_app


def now() -> datetime:
    """Aware UTC."""
    moment: datetime = current_app.extensions["groupsite.clock"]()
    return moment
