"""Tasks that do nothing, through the same broker and the settings of our own workers: what Celery itself costs."""

import os
import subprocess
import time

from celery import Celery
from redis import Redis

from bench.site import BIN, ROOT, Site

TASKS = 5_000
QUEUE = "bench"
DONE = "bench-done"
PATIENCE = 120.0

celery = Celery("bench", broker=os.environ.get("REDIS_URL"))
celery.conf.update(task_acks_late=True, worker_prefetch_multiplier=1, task_ignore_result=True, result_backend=None)


@celery.task(name="bench.nothing")  # type: ignore[untyped-decorator]  # Celery ships no types
def nothing() -> None:
    """Nothing."""


@celery.task(name="bench.last")  # type: ignore[untyped-decorator]  # Celery ships no types
def last() -> None:
    """Says that all before it are done: one process takes them in their order."""
    Redis.from_url(celery.conf.broker_url).set(DONE, "1")


def noops_per_second(site: Site) -> float:
    """From when a warm worker with one process begins to take them until the last is done."""
    server = Redis.from_url(site.environment["REDIS_URL"])
    celery.conf.broker_url = site.environment["REDIS_URL"]
    command = [
        str(BIN / "celery"), "-A", "bench.tasks", "worker", "--queues", QUEUE, "--concurrency", "1", "--loglevel", "ERROR",
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, env=site.environment, stderr=subprocess.DEVNULL) as worker:
        try:
            last.apply_async(queue=QUEUE)
            _wait_for(server)
            server.delete(DONE)
            begun = time.perf_counter()
            for _ in range(TASKS):
                nothing.apply_async(queue=QUEUE)
            last.apply_async(queue=QUEUE)
            _wait_for(server)
            return TASKS / (time.perf_counter() - begun)
        finally:
            worker.terminate()


def _wait_for(server: "Redis") -> None:
    until = time.monotonic() + PATIENCE
    while not server.exists(DONE):
        if time.monotonic() > until:
            raise SystemExit("The worker of the speed table did not finish.")
        time.sleep(0.01)
