"""One clock for every process on every machine: that of the database, so that no worker is early because its own runs fast."""

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

READ_AGAIN_AFTER = 10.0
"""Seconds. In between, this process counts them by a clock that nobody sets."""


class DatabaseClock:
    """Gives aware UTC. While the database is away it goes on from its last reading; before the first, by the machine's clock."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading: tuple[datetime, float] | None = None

    def __call__(self) -> datetime:
        reading = self._reading
        if reading is None or time.monotonic() - reading[1] >= READ_AGAIN_AFTER:
            moment = self._read() or (_later(reading) if reading else datetime.now(UTC))
            reading = self._reading = moment, time.monotonic()
        return _later(reading)

    def _read(self) -> datetime | None:
        try:
            with self._engine.connect() as connection:
                moment = connection.scalar(select(func.clock_timestamp()))
        except SQLAlchemyError:  # whoever needs the database says that it is away
            return None
        return moment.astimezone(UTC) if isinstance(moment, datetime) else None


def _later(reading: tuple[datetime, float]) -> datetime:
    return reading[0] + timedelta(seconds=time.monotonic() - reading[1])
