"""Ring the worker: mail is due. If the queue is away the ring is lost, and the worker's next sweep finds the rows."""

from celery import current_app as celery
from kombu.exceptions import OperationalError

from groupsite.logging import get_logger


def ring_worker() -> None:
    try:
        celery.send_task("groupsite.deliver", queue="mail", ignore_result=True)
    except (OperationalError, OSError) as error:
        get_logger().warning("doorbell_silent", exc_info=error)
