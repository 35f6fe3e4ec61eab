"""Ring the worker: work is due. If the queue is away the ring is lost, and the worker's own clock finds it."""

from flask import current_app
from kombu.exceptions import OperationalError

from groupsite.celery_app import RHYTHMS, task_name
from groupsite.logging import get_logger
from groupsite.services.doorbell import Bell


def ring_worker(bell: Bell) -> None:
    try:
        # Celery's own idea of a current application holds for the thread that made it, not for those that answer requests
        celery = current_app.extensions["celery"]
        celery.send_task(task_name(bell), queue=RHYTHMS[bell].queue, ignore_result=True)
    except (OperationalError, OSError) as error:
        get_logger().warning("doorbell_silent", exc_info=error)
