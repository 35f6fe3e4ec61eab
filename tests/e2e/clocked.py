"""The application with the clock of the browser tests: every process begins at the same moment, and time goes on from there."""

import os
import time
from datetime import UTC, datetime, timedelta

from groupsite import create_app

SET_TO = datetime.fromisoformat(os.environ["GROUPSITE_TEST_NOW"]).astimezone(UTC)
SET_AT = float(os.environ["GROUPSITE_TEST_SET_AT"])


def clock() -> datetime:
    return SET_TO + timedelta(seconds=time.time() - SET_AT)


app = create_app(clock=clock)
celery = app.extensions["celery"]
