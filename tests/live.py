"""The application on a port, with a clock that begins where a test says; and other programs that tests start and end."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from dev.services import free_port
from tests.plugins.application import SAMPLE

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PATIENCE = 45.0


@dataclass(frozen=True)
class Live:
    """A server with the sample in its database. `environment` is what it was started with."""

    address: str
    mail: Path
    environment: dict[str, str]
    log: Path


@contextmanager
def live_site(
    folder: Path,
    *,
    database_url: str,
    redis_url: str,
    begins: str,
    exit_url: str = "http://localhost/",
    host: str = "127.0.0.1",
) -> Iterator[Live]:
    """The server alone, without a worker; its clock says `begins` (ISO) at the start and goes on from there.

    `host` is what it is called: browsers make passkeys for a name alone.
    """
    port = free_port()
    environment = dict(os.environ) | {
        "ENVIRONMENT": "development",
        "SECRET_KEY": "for the browser tests alone, nothing else",
        "BASE_URL": f"http://{host}:{port}",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "MAIL_URL": f"maildir://{folder / 'mail'}",
        "EXIT_URL": exit_url,
        "GROUPSITE_TEST_NOW": begins,
        "GROUPSITE_TEST_SET_AT": str(time.time()),
        "PYTHONTZPATH": "",
    }
    flask = [str(BIN / "flask"), "--app", "tests.e2e.clocked:app", "demo", "load", str(SAMPLE)]
    subprocess.run(flask, check=True, cwd=ROOT, env=environment, capture_output=True)
    live = Live(environment["BASE_URL"], folder / "mail", environment, folder / "log")
    web = [
        str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", "4", "--workers-kill-timeout", "2", "tests.e2e.clocked:app",
    ]  # fmt: skip
    with running(web, environment, live.log):
        wait_until_answers(f"{live.address}/healthz", live.log)
        yield live


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """A program and what it starts, ended as a group of processes; what it says goes to the end of `log`."""
    with log.open("ab") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said, start_new_session=True)
    try:
        yield
    finally:
        _stop(process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def wait_until_answers(address: str, log: Path) -> None:
    """Raises AssertionError with the log when the address does not answer in time."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def wait_until_listens(port: int, log: Path) -> None:
    """Raises AssertionError with the log when nobody listens on this port of the machine in time."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text())
