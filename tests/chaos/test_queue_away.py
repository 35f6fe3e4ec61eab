"""The queue is away from the start, and nobody rings: the worker sends on time by its own clock."""

import mailbox
import os
import subprocess
import time
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path

from dev.services import free_port
from tests.live import BIN, PATIENCE, ROOT, running
from tests.plugins.application import SAMPLE

ALMOST = "2026-11-24T20:59:55+00:00"
"""Five seconds before Charlie's reminder is due."""


def test_mail_goes_out_on_time_without_queue_and_without_beat(new_database: Callable[[], str], tmp_path: Path) -> None:
    environment = os.environ | {
        "ENVIRONMENT": "development",
        "SECRET_KEY": "for the worker without a queue alone",
        "DATABASE_URL": new_database(),
        "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",
        "MAIL_URL": f"maildir://{tmp_path / 'mail'}",
        "GROUPSITE_TEST_NOW": ALMOST,
        "GROUPSITE_TEST_SET_AT": str(time.time()),
        "PYTHONTZPATH": "",
    }
    flask = [str(BIN / "flask"), "--app", "tests.e2e.clocked:app", "demo", "load", str(SAMPLE)]
    subprocess.run(flask, check=True, cwd=ROOT, env=environment, capture_output=True)
    worker = [str(BIN / "celery"), "-A", "tests.e2e.clocked:celery", "worker", "--queues", "mail", "--concurrency", "2"]
    log = tmp_path / "log"
    with running(worker, environment, log):
        until = time.monotonic() + PATIENCE
        while not (sent := recipients(tmp_path / "mail")) and time.monotonic() < until:
            time.sleep(0.5)
    assert sent == ["charlene@example.org"], log.read_text()[-2000:]


def recipients(folder: Path) -> list[str]:
    box = mailbox.Maildir(folder, create=True)
    return [str(message_from_bytes(box.get_bytes(key))["To"]) for key in box.keys()]  # noqa: SIM118
