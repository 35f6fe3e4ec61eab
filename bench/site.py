"""The running system that is measured: embedded services, the sample, granian, and a bare Flask view beside it."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev.services import Postgres, free_port, start_postgres, start_valkey

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SAMPLE = ROOT / "tests" / "data" / "sample_groups.json"
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Site:
    host: str
    port: int
    postgres: Postgres
    environment: dict[str, str]
    server: int
    """Its process id."""


@contextmanager
def running_site() -> Iterator[Site]:
    """Everything of one machine, with the sample in it; gone at the end."""
    with tempfile.TemporaryDirectory(prefix="groupsite-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres = start_postgres(folder / "postgres")
        valkey = start_valkey(folder / "valkey")
        try:
            postgres.run("CREATE DATABASE bench")
            port = free_port()
            environment = dict(os.environ) | {
                "ENVIRONMENT": "development",
                "SECRET_KEY": "for the speed table alone, nothing else",
                "BASE_URL": f"http://127.0.0.1:{port}",
                "DATABASE_URL": postgres.url("bench"),
                "REDIS_URL": valkey.url(),
                "MAIL_URL": "null:",
                "PYTHONTZPATH": "",
            }
            for words in (["db", "upgrade"], ["demo", "load", str(SAMPLE)]):
                _run("flask", "--app", "groupsite", *words, environment=environment)
            with _server(port, environment) as server:
                yield Site("127.0.0.1", port, postgres, environment, server)
        finally:
            valkey.stop()
            postgres.stop()


def migrate(site: Site, database: str) -> None:
    """Bring another, empty database of this server to the newest revision."""
    environment = site.environment | {"DATABASE_URL": site.postgres.url(database)}
    _run("flask", "--app", "groupsite", "db", "upgrade", environment=environment)


def _run(*command: str, environment: dict[str, str]) -> None:
    subprocess.run([str(BIN / command[0]), *command[1:]], check=True, cwd=ROOT, env=environment, capture_output=True)


@contextmanager
def _server(port: int, environment: dict[str, str]) -> Iterator[int]:
    command = [
        str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", "4", "--workers-kill-timeout", "2", "bench.served:application",
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/healthz")
        yield server.pid
    finally:
        server.terminate()
        server.wait(10)


def _wait(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310  our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("The server that was to be measured did not start.")
