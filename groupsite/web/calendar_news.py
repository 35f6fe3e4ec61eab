"""Hears from the database which calendars have changed (LISTEN, migrations/0009), in a thread of its own."""

import threading
import time
from collections.abc import Callable

import psycopg

from groupsite.logging import get_logger

CHANNEL = "calendars"
ASKED_EVERY = 1.0
SILENT_TOO_LONG = 8.0
"""Seconds. A connection that has not answered for so long is one that may have missed something."""


class CalendarNews:
    """Tells which calendars have changed, and when that is not known.

    `on_change` gets the owner (`group:<id>`, `account:<id>`) of each calendar that changed; `on_gap` is called when some may
    have been missed. `hears` says whether nothing can have been missed up to now.
    """

    def __init__(self, database_url: str, on_change: Callable[[str], None], on_gap: Callable[[], None]) -> None:
        self._url = database_url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._on_change = on_change
        self._on_gap = on_gap
        self.told = 0
        """How many changes have been passed on."""
        self._heard_at = float("-inf")
        self._start = threading.Lock()
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def hears(self) -> bool:
        return time.monotonic() - self._heard_at < SILENT_TOO_LONG

    def begin(self) -> None:
        """Start listening, once in each process and not before it serves: a thread does not outlive a fork."""
        if self._thread is not None:
            return
        with self._start:
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen_for_ever, name="calendar-news", daemon=True)
                self._thread.start()

    def end(self) -> None:
        """Stop listening; returns when the connection is closed."""
        self._is_over.set()
        if self._thread is not None:
            self._thread.join()

    def _listen_for_ever(self) -> None:
        while not self._is_over.is_set():
            try:
                self._listen()
            except (psycopg.Error, OSError) as error:
                get_logger().warning("calendar_news_lost", error=type(error).__name__)
            self._heard_at = float("-inf")
            self._on_gap()
            self._is_over.wait(ASKED_EVERY)

    def _listen(self) -> None:
        with psycopg.connect(self._url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self._on_gap()
            while not self._is_over.is_set():
                connection.execute("SELECT 1")
                self._heard_at = time.monotonic()
                for told in connection.notifies(timeout=ASKED_EVERY):
                    self._on_change(told.payload)
                    self.told += 1
