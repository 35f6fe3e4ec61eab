"""The application with the clock of the browser tests: every process begins at the same moment, and time goes on from there."""

import os
import time
from datetime import UTC, datetime, timedelta

from flask import request

from groupsite import create_app

SET_TO = datetime.fromisoformat(os.environ["GROUPSITE_TEST_NOW"]).astimezone(UTC)
SET_AT = float(os.environ["GROUPSITE_TEST_SET_AT"])


def clock() -> datetime:
    return SET_TO + timedelta(seconds=time.time() - SET_AT)


app = create_app(clock=clock)
celery = app.extensions["celery"]


@app.context_processor
def end_visits_sooner() -> dict[str, int]:
    """A browser that sends this header is told of an idle limit that a test can wait for."""
    told = request.headers.get("X-Test-Idle")
    return {"idle_seconds": int(told)} if told else {}
