"""`make run` on a folder of its own: it starts whole, says no clearly, keeps the data, and leaves nothing running."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from dev.services import free_port

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 90.0


class Run:
    """One `make run`, by the program that it starts."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.log = folder.parent / f"{folder.name}-{port}.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dev.run"], cwd=ROOT, env=environment(folder, port), stdout=log, stderr=log
            )

    def wait_until_ready(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise AssertionError(self.log.read_text())

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(40)


def environment(folder: Path, port: int) -> dict[str, str]:
    own = {"DATA_DIR": str(folder), "PORT": str(port), "WEB_WORKERS": "1", "WORKER_CONCURRENCY": "1"}
    return dict(os.environ) | own


def refused(folder: Path, port: int) -> str:
    """What a start says that ends at once."""
    done = subprocess.run(
        [sys.executable, "-m", "dev.run"], check=False, cwd=ROOT, env=environment(folder, port), capture_output=True,
        text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    return done.stderr


def processes_of(folder: Path) -> list[str]:
    """Command lines and environments of living processes that name the folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes() + b"\0" + (entry / "environ").read_bytes()
            except OSError:
                continue
            if str(folder).encode() in words:
                found.append(words.split(b"\0")[0].decode(errors="replace"))
    return found


def page(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return str(answer.read().decode())


def test_everything_starts_says_no_when_it_must_keeps_data_and_stops(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    folder, port = tmp_path / "data", free_port()
    run = Run(folder, port)
    try:
        run.wait_until_ready()
        assert "Tuesday Lantern" in page(port, "/groups/tuesday-lantern")
        told = run.log.read_text()
        assert [words in told for words in (f"http://127.0.0.1:{port}", "marisol", "seven quiet lanterns", "mail")] == [
            True
        ] * 4
        assert "runs already" in refused(folder, free_port())
        assert f"Port {port} is taken" in refused(tmp_path / "other", port)
        secret = (folder / "secret").read_text()
    finally:
        assert run.stop() == 0
    assert processes_of(folder) == []
    _second_start_keeps(folder, secret)


def _second_start_keeps(folder: Path, secret: str) -> None:
    run = Run(folder, free_port())
    try:
        run.wait_until_ready()
        assert "Tuesday Lantern" in page(run.port, "/groups/tuesday-lantern")
        assert (folder / "secret").read_text() == secret
    finally:
        assert run.stop() == 0
    assert processes_of(folder) == []


@pytest.mark.parametrize("port", ["none", "0", "70000"])
def test_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dev.run"], check=False, cwd=ROOT, capture_output=True, text=True, timeout=30,
        env=dict(os.environ) | {"DATA_DIR": str(tmp_path), "PORT": port},
    )  # fmt: skip
    assert (done.returncode, "PORT must be a number" in done.stderr) == (1, True)
