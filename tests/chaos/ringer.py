"""Rings for the mail jobs as beat and the web do, in any rhythm, and never minds that the queue is away."""

import threading
from contextlib import suppress
from types import TracebackType

from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from groupsite.celery_app import MAIL_QUEUE, task_name

JOBS = ("plan", "deliver")


class Ringer:
    def __init__(self, broker: str, every: float, each: int = 1) -> None:
        self._celery = Celery("ringer", broker=broker, set_as_current=False)
        self._celery.conf.update(
            broker_connection_timeout=1,
            broker_transport_options={"socket_timeout": 1, "socket_connect_timeout": 1},
            task_ignore_result=True,
        )
        self._every, self._each = every, each
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._ring, name="ringer", daemon=True)

    def __enter__(self) -> "Ringer":
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join(10)
        self._celery.close()

    def _ring(self) -> None:
        while not self._is_over.wait(self._every):
            for job in JOBS * self._each:
                with suppress(OperationalError, RedisError, OSError):
                    self._celery.send_task(task_name(job), queue=MAIL_QUEUE, retry=False)
