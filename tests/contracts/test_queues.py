"""Every task has a queue, every queue a worker, every tick a task."""

from pathlib import Path

from flask import Flask

from groupsite.celery_app import BEAT, QUEUES, ROUTES

ROOT = Path(__file__).parent.parent.parent


def worker_line() -> str:
    lines = (ROOT / "Procfile").read_text().splitlines()
    return next(line for line in lines if line.startswith("worker:"))


def test_every_task_of_ours_is_routed(app: Flask) -> None:
    ours = {name for name in app.extensions["celery"].tasks if name.startswith("groupsite.")}
    assert ours == set(ROUTES)


def test_every_routed_queue_is_known() -> None:
    assert {route["queue"] for route in ROUTES.values()} == set(QUEUES)


def test_the_worker_consumes_every_queue() -> None:
    assert all(queue in worker_line() for queue in QUEUES)


def test_beat_rings_only_tasks_that_exist() -> None:
    assert {entry["task"] for entry in BEAT.values()} <= set(ROUTES)


def test_mail_in_hand_is_not_cut_because_the_queue_is_away(app: Flask) -> None:
    assert app.extensions["celery"].conf.worker_cancel_long_running_tasks_on_connection_loss is False


def test_the_queue_carries_no_arguments(app: Flask) -> None:
    tasks = app.extensions["celery"].tasks
    assert all(tasks[name].run.__code__.co_argcount == 0 for name in ROUTES)
