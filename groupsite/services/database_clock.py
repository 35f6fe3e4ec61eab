"""One clock for every process on every machine: that of the database, so that no worker is early because its own runs fast.

Between two readings a process counts by its own, and more slowly: a machine whose clock is being set right may count a twelfth
too fast (chrony's `maxslewrate`), and a mail that is a moment late is better than one that is early.
"""

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

READ_AGAIN_AFTER = 1.0
"""Seconds."""
COUNTED = 0.9
"""Of each second in between."""


class DatabaseClock:
    """Gives aware UTC. While the database is away it goes on from its last reading; before the first, by the machine's clock."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading: tuple[datetime, float] | None = None
        self._read_again_at = 0.0

    def __call__(self) -> datetime:
        reading = self._reading
        if reading is None or time.monotonic() >= self._read_again_at:
            moment = self._read() or (_later(reading) if reading else datetime.now(UTC))
            reading = self._reading = moment, time.monotonic()
            self._read_again_at = reading[1] + READ_AGAIN_AFTER
        return _later(reading)

    def read_anew(self) -> None:
        """At the next look, whenever the last one was: whoever was rung for what was written just now must find it due."""
        self._read_again_at = 0.0

    def _read(self) -> datetime | None:
        try:
            with self._engine.connect() as connection:
                moment = connection.scalar(select(func.clock_timestamp()))
        except SQLAlchemyError:  # whoever needs the database says that it is away
            return None
        return moment.astimezone(UTC) if isinstance(moment, datetime) else None


def _later(reading: tuple[datetime, float]) -> datetime:
    return reading[0] + timedelta(seconds=COUNTED * (time.monotonic() - reading[1]))
