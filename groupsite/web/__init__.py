"""Blueprints, forms and the seams between requests and use cases."""

from flask import Flask

from groupsite.config import Settings
from groupsite.web import (
    accounts,
    admin,
    answers,
    calendars,
    dates,
    feeds,
    finder,
    groups,
    hiding,
    home,
    kept_out,
    manage,
    manage_course,
    manage_dates,
    manage_formats,
    manage_import,
    manage_joining,
    manage_series,
    manage_texts,
    members,
    operations,
    out_of_sight,
    own_shares,
    people,
    reading,
    run_sheet,
    safety,
    second_phone,
    share_queue,
    share_reports,
    shares,
    sharing,
    texts,
    unsubscribe,
    written,
)
from groupsite.web.auth import init_auth
from groupsite.web.calendar_shelf import init_calendar_shelf
from groupsite.web.doorbell import ring_worker
from groupsite.web.errors import init_errors
from groupsite.web.headers import init_headers
from groupsite.web.pages import init_pages
from groupsite.web.sessions import init_sessions
from groupsite.web.unit_of_work import init_unit_of_work
from groupsite.web.url_names import init_url_names

BLUEPRINTS = (
    finder.blueprint,
    groups.blueprint,
    dates.blueprint,
    answers.blueprint,
    calendars.blueprint,
    feeds.blueprint,
    accounts.blueprint,
    home.blueprint,
    members.blueprint,
    people.blueprint,
    shares.blueprint,
    own_shares.blueprint,
    share_reports.blueprint,
    share_queue.blueprint,
    reading.blueprint,
    sharing.blueprint,
    written.blueprint,
    hiding.blueprint,
    kept_out.blueprint,
    manage.blueprint,
    manage_course.blueprint,
    manage_dates.blueprint,
    manage_import.blueprint,
    manage_joining.blueprint,
    manage_series.blueprint,
    manage_formats.blueprint,
    manage_texts.blueprint,
    texts.blueprint,
    run_sheet.blueprint,
    second_phone.blueprint,
    unsubscribe.blueprint,
    safety.blueprint,
    out_of_sight.blueprint,
    admin.blueprint,
    operations.blueprint,
)


def register(app: Flask, settings: Settings) -> None:
    """Everything that answers requests. Order matters: after_request functions run last to first."""
    init_sessions(app, is_https=settings.is_https)
    init_headers(app, settings)
    init_unit_of_work(app, ring_worker)
    init_auth(app)
    init_errors(app)
    init_pages(app, settings)
    init_url_names(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    init_calendar_shelf(app, settings)
