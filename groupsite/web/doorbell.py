"""Ring the worker: mail is due. If the queue is away the ring is lost, and the worker's next sweep finds the rows."""

from flask import current_app
from kombu.exceptions import OperationalError

from groupsite.logging import get_logger


def ring_worker() -> None:
    try:
        # Celery's own idea of a current application holds for the thread that made it, not for those that answer requests
        current_app.extensions["celery"].send_task("groupsite.deliver", queue="mail", ignore_result=True)
    except (OperationalError, OSError) as error:
        get_logger().warning("doorbell_silent", exc_info=error)
