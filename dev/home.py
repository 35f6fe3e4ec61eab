"""The folder of data of one machine: its services, its secret, and the environment that the application gets there."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev.services import Postgres, Valkey, start_postgres, start_valkey

DATABASE = "groupsite"


class Busy(Exception):
    """Another process runs on this folder of data."""


@dataclass(frozen=True, slots=True)
class Home:
    folder: Path

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    @property
    def port_note(self) -> Path:
        """Holds Valkey's port while the services run."""
        return self.folder / "valkey.port"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the folder for this process alone. Raises Busy."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Busy from None
            yield

    @contextmanager
    def services(self) -> Iterator[tuple[Postgres, Valkey]]:
        """PostgreSQL and Valkey on this folder; both are stopped at the end, whatever happens."""
        postgres = start_postgres(self.folder / "postgres")
        try:
            if not postgres.has(DATABASE):
                postgres.run(f"CREATE DATABASE {DATABASE}")
            valkey = start_valkey(self.folder / "valkey")
            try:
                self.port_note.write_text(str(valkey.port))
                yield postgres, valkey
            finally:
                self.port_note.unlink(missing_ok=True)
                valkey.stop()
        finally:
            postgres.stop()

    def environment(self, database_url: str, redis_url: str, port: int) -> dict[str, str]:
        """What the application reads on this machine; whatever is set outside goes before it."""
        own = {
            "ENVIRONMENT": "development",
            "SECRET_KEY": self._secret(),
            "BASE_URL": f"http://127.0.0.1:{port}",
            "MAIL_URL": f"maildir://{self.mail.resolve()}",
            "MAIL_FROM": "notes@localhost.localdomain",
            "BEAT_SCHEDULE": str((self.folder / "beat").resolve()),
        }
        services = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "PYTHONTZPATH": ""}
        return own | dict(os.environ) | services

    def _secret(self) -> str:
        """Made once for this folder, readable by its owner alone."""
        note = self.folder / "secret"
        if not note.exists():
            note.touch(mode=0o600)
            note.write_text(secrets.token_urlsafe(48))
        return note.read_text().strip()
