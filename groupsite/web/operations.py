"""For the people who run the server: alive, ready, what robots may read."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, current_app, jsonify
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from groupsite.domain.permissions import Permission
from groupsite.domain.zones import tzdata_version
from groupsite.extensions import db, limiter
from groupsite.queries.readiness import last_beat, schema_revision, zone_data_of_dates
from groupsite.web.auth import requires
from groupsite.web.clock import now

blueprint = Blueprint("operations", __name__)
BEAT_MAY_BE_OLD = timedelta(seconds=90)


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
    """Ready: database, queue, migrations and beat, each with its own answer; 503 if one is not.

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
    try:
        revision, beat = schema_revision(db.session()), last_beat(db.session())
        is_newest = revision == current_app.extensions["groupsite.newest_revision"]
        derived_with = zone_data_of_dates(db.session()) if is_newest else ""
    except SQLAlchemyError:
        db.session.rollback()
        return {"database": False, "migrations": False, "beat": False}, ""
    return {"database": True, "migrations": is_newest, "beat": _is_recent(beat)}, derived_with


def _is_recent(beat: datetime | None) -> bool:
    return beat is not None and now() - beat < BEAT_MAY_BE_OLD


def _queue() -> bool:
    try:
        queue = Redis.from_url(current_app.config["RATELIMIT_STORAGE_URI"], socket_timeout=2, socket_connect_timeout=2)
        return bool(queue.ping())
    except (RedisError, OSError):
        return False
