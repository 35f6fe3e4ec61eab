"""The services of a fault run: a PostgreSQL that keeps what it promises and a Valkey, both to be knocked over and set up again."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import psycopg
import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from dev.services import Postgres, Valkey, start_postgres, start_valkey
from tests.chaos.fast_clock import running_at, told
from tests.chaos.small_disk import SmallDisk
from tests.plugins.services import migrate

TEMPLATE = "template_of_storms"
SMALL = "small"
PATIENTLY = Retry(ConstantBackoff(0.1), 100, supported_errors=(redis.ConnectionError, redis.BusyLoadingError))


@dataclass
class House:
    """One for a whole run; each scenario has a database of its own in it."""

    folder: Path
    postgres: Postgres
    valkey: Valkey

    def new_database(self, name: str, *, tablespace: str = "pg_default") -> str:
        """A migrated, empty database; its URL."""
        self.postgres.run(
            f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE} TABLESPACE {tablespace}',
        )
        return self.postgres.url(name)

    @contextmanager
    def tablespace_on(self, disk: SmallDisk) -> Iterator[str]:
        """Its name. Databases that are made there are gone at the end."""
        place = disk.place / "tables"
        place.mkdir()
        owner = (self.folder / "postgres" / "PG_VERSION").stat()
        os.chown(place, owner.st_uid, owner.st_gid)
        self.postgres.run(f"CREATE TABLESPACE {SMALL} LOCATION '{place}'")
        try:
            yield SMALL
        finally:
            disk.empty()
            self.postgres.run(*self._drops(), f"DROP TABLESPACE {SMALL}")

    def _drops(self) -> list[str]:
        query = "SELECT datname FROM pg_database JOIN pg_tablespace s ON s.oid = dattablespace WHERE spcname = %s"
        with psycopg.connect(str(self.postgres.server.get_uri())) as connection:
            return [f'DROP DATABASE "{name}" WITH (FORCE)' for (name,) in connection.execute(query, [SMALL]).fetchall()]

    def postgres_falls(self) -> None:
        """And is up again."""
        self.postgres.fall()
        self.postgres.rise()

    @contextmanager
    def clock_at(self, rate: float) -> Iterator[None]:
        """PostgreSQL's clock shows so many seconds for one of ours meanwhile; it is started anew before and afterwards."""
        if rate == 1.0:
            yield
            return
        self.postgres.fall()
        try:
            with told(running_at(rate)):
                self.postgres.rise()
            yield
        finally:
            self.postgres_falls()

    def clock_shows(self) -> datetime:
        """PostgreSQL's clock."""
        with psycopg.connect(str(self.postgres.server.get_uri())) as connection:
            found = connection.execute("SELECT clock_timestamp()").fetchone()
        return cast("datetime", found[0]).astimezone(UTC) if found else datetime.now(UTC)

    def valkey_falls(self, *, emptied: bool = False) -> None:
        """Killed, and up again under its address; `emptied`: with nothing in it."""
        self.valkey.stop(kill=True)
        if emptied:
            self.valkey.wipe()
        self.valkey_rises()

    def valkey_rises(self) -> None:
        """Returns once it has read what it had written down."""
        self.valkey = start_valkey(self.folder / "valkey", port=self.valkey.port)
        with redis.Redis(port=self.valkey.port, retry=PATIENTLY) as client:
            client.ping()

    def mend(self) -> None:
        """Whatever a scenario that broke off has left: both services are up again."""
        self.valkey.stop(kill=True)
        self.valkey_rises()
        self.postgres.rise()


@contextmanager
def open_house() -> Iterator[House]:
    """PostgreSQL with fsync, so that only a fault of ours can lose anything; gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="groupsite-chaos-"))
    folder.chmod(0o755)
    postgres = start_postgres(folder / "postgres")
    house = House(folder, postgres, start_valkey(folder / "valkey"))
    try:
        # a short way back after each fall
        postgres.run("ALTER SYSTEM SET checkpoint_timeout = '30s'", "SELECT pg_reload_conf()")
        postgres.run(f"CREATE DATABASE {TEMPLATE}")
        migrate(postgres.url(TEMPLATE))
        yield house
    finally:
        house.valkey.stop(kill=True)
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
