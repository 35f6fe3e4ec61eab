"""Nobody rings: the worker does by itself what is late, and says when something waits too long."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from groupsite.celery_app import RHYTHMS
from groupsite.models import Delivery, DeliveryState, Heartbeat
from groupsite.tasks import jobs, own_clock
from tests.browser import Browser
from tests.plugins.application import MORNING, Clock
from tests.post_office import EVENING


def ready(client: Browser) -> dict[str, object]:
    return client.get("/readyz").json or {}


def test_everything_is_late_where_nothing_has_run(app: Flask, sample: None, clock: Clock) -> None:
    assert own_clock.do_what_is_late(app) == list(RHYTHMS)
    assert own_clock.do_what_is_late(app) == []
    clock.now = MORNING + timedelta(seconds=50)
    assert own_clock.do_what_is_late(app) == ["plan", "deliver", "write_lines", "erase"]


def test_reminder_is_sent_without_a_bell(app: Flask, sample: None, session: Session, clock: Clock) -> None:
    own_clock.do_what_is_late(app)
    clock.now = EVENING
    own_clock.do_what_is_late(app)
    sent = select(Delivery.lead_minutes).where(Delivery.state == DeliveryState.SENT)
    assert set(session.scalars(sent)) == {180}


def test_job_that_was_rung_for_is_not_done_again(app: Flask, sample: None, clock: Clock) -> None:
    for name in RHYTHMS:
        app.extensions["celery"].tasks[f"groupsite.{name}"]()
    assert own_clock.do_what_is_late(app) == []


def test_trouble_with_one_job_stops_no_other(app: Flask, sample: None, session: Session) -> None:
    """A table that is not there stops the one that forgets."""
    session.execute(text("ALTER TABLE single_use_token RENAME TO gone"))
    session.commit()
    assert own_clock.do_what_is_late(app) == [name for name in RHYTHMS if name != "forget"]


def test_worker_that_is_told_to_end_begins_nothing(app: Flask, sample: None) -> None:
    assert own_clock.do_what_is_late(app, is_over=lambda: True) == []


def test_site_is_not_ready_while_jobs_rest(app: Flask, sample: None, client: Browser, clock: Clock) -> None:
    assert ready(client)["beat"] is False
    own_clock.do_what_is_late(app)
    assert ready(client)["beat"] is True
    clock.now = MORNING + timedelta(seconds=91)
    assert ready(client)["beat"] is False


def test_site_is_not_ready_while_mail_waits_too_long(
    app: Flask, sample: None, session: Session, client: Browser, clock: Clock
) -> None:
    clock.now = EVENING - timedelta(minutes=2)
    with app.app_context():
        jobs.run(app, "plan")
        jobs.run(app, "deliver")
    assert ready(client)["on_time"] is True
    first = session.scalars(
        select(Delivery.due_at).where(Delivery.state == DeliveryState.PLANNED).order_by(Delivery.due_at)
    ).first()
    assert first
    clock.now = first + timedelta(seconds=121)
    assert ready(client)["on_time"] is False
    with app.app_context():
        jobs.run(app, "deliver")
    assert ready(client)["on_time"] is True


def test_each_run_is_noted_once(app: Flask, sample: None, session: Session) -> None:
    for _ in range(2):
        with app.app_context():
            jobs.run(app, "plan")
    assert sorted(session.scalars(select(Heartbeat.name))) == ["plan", "planned_until"]
