"""Owe reminders, send what is due."""

from datetime import timedelta

from celery import Celery
from flask import Flask

from groupsite.celery_app import begin
from groupsite.config import Settings
from groupsite.domain.zones import tzdata_version
from groupsite.logging import get_logger
from groupsite.services import occurrences, planning, sending
from groupsite.services.calendars import Site
from groupsite.services.desk import Desk


def register(celery: Celery, app: Flask) -> None:
    settings: Settings = app.extensions["groupsite.settings"]
    clock = app.extensions["groupsite.clock"]
    desk = desk_of(app)

    @celery.task(name="groupsite.plan", shared=False)  # type: ignore[untyped-decorator]  # Celery ships no types
    def plan() -> None:
        with begin() as session:
            if occurrences.follow_zone_data(session, now=clock()):
                get_logger().info("dates_derived_anew", tzdata=tzdata_version())
        with begin() as session:
            planned = planning.plan(session, now=clock(), ahead=timedelta(days=settings.planning_days))
        if planned.planned:
            get_logger().info("planned", planned=planned.planned, expired=planned.expired)

    @celery.task(name="groupsite.deliver", shared=False)  # type: ignore[untyped-decorator]  # Celery ships no types
    def deliver() -> None:
        tally = sending.deliver(begin, app.extensions["groupsite.transport"], desk, clock)
        if tally.counts:
            get_logger().info("delivered", **tally.counts)


def desk_of(app: Flask) -> Desk:
    """What letters need of this application."""
    settings: Settings = app.extensions["groupsite.settings"]
    site = Site(settings.calendar_host, settings.base_url, settings.calendar_name)
    return Desk(site, settings.mail_from, app.extensions["groupsite.vault"])
