"""For the people who run the server: alive, ready, what robots may read."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, jsonify
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from groupsite.domain.permissions import Permission
from groupsite.domain.zones import tzdata_version
from groupsite.extensions import db, limiter
from groupsite.queries.readiness import last_runs, oldest_due, schema_revision, zone_data_of_dates
from groupsite.web.auth import requires
from groupsite.web.clock import now

blueprint = Blueprint("operations", __name__)
JOBS_REST_AT_MOST = timedelta(seconds=90)
MAIL_WAITS_AT_MOST = timedelta(seconds=120)
HAVE_TO_RUN = ("plan", "deliver")


@blueprint.get("/healthz")
@limiter.exempt
@requires(Permission.SEE_PUBLIC)
def healthz() -> Response:
    """Alive: the process answers."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@limiter.exempt
@requires(Permission.SEE_PUBLIC)
def readyz() -> tuple[Response, int]:
    """Ready: each check with its own answer; 503 if one fails.

    `beat`: the jobs for mail have run lately, whoever rang for them; `on_time`: no message that is due waits too long.
    `tzdata` is the zone data of this process, `dates_tzdata` that which the dates follow from: the planner brings them up.
    """
    checks, derived_with = _database()
    checks["queue"] = _queue()
    is_ready = all(checks.values())
    zone_data = {"tzdata": tzdata_version(), "dates_tzdata": derived_with}
    answer = jsonify(status="ready" if is_ready else "not ready", **zone_data, **checks)
    return answer, 200 if is_ready else 503


@blueprint.get("/robots.txt")
@requires(Permission.SEE_PUBLIC)
def robots() -> Response:
    """Calendars may be fetched by calendar services; personal pages are marked noindex themselves."""
    return Response("User-agent: *\nDisallow: /account\nDisallow: /home\nDisallow: /admin\n", mimetype="text/plain")


def _database() -> tuple[dict[str, bool], str]:
    """What holds of the database, and which zone data its dates follow from."""
    checks = dict.fromkeys(("database", "migrations", "beat", "on_time"), False)
    try:
        revision = schema_revision(db.session())
        checks["database"] = True
        if revision != current_app.extensions["groupsite.newest_revision"]:
            return checks, ""
        ran, waiting = last_runs(db.session()), oldest_due(db.session(), now=now())
        derived_with = zone_data_of_dates(db.session())
    except SQLAlchemyError:
        db.session.rollback()
        return checks, ""
    checks["migrations"] = True
    checks["beat"] = all(name in ran and now() - ran[name] < JOBS_REST_AT_MOST for name in HAVE_TO_RUN)
    checks["on_time"] = waiting is None or now() - waiting < MAIL_WAITS_AT_MOST
    return checks, derived_with


def _queue() -> bool:
    try:
        queue = Redis.from_url(current_app.config["RATELIMIT_STORAGE_URI"], socket_timeout=2, socket_connect_timeout=2)
        return bool(queue.ping())
    except (RedisError, OSError):
        return False
