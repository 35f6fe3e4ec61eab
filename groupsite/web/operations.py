"""For the people who run the server: alive, ready, what robots may read."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, current_app, jsonify
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from groupsite.domain.permissions import Permission
from groupsite.domain.zones import tzdata_version
from groupsite.extensions import db, limiter
from groupsite.queries.readiness import last_beat, schema_revision
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
    """Ready: database, queue, migrations and beat, each with its own answer; 503 if one is not."""
    checks = _database() | {"queue": _queue()}
    is_ready = all(checks.values())
    answer = jsonify(status="ready" if is_ready else "not ready", tzdata=tzdata_version(), **checks)
    return answer, 200 if is_ready else 503


@blueprint.get("/robots.txt")
@requires(Permission.SEE_PUBLIC)
def robots() -> Response:
    """Calendars may be fetched by calendar services; personal pages are marked noindex themselves."""
    return Response("User-agent: *\nDisallow: /account\nDisallow: /home\nDisallow: /admin\n", mimetype="text/plain")


def _database() -> dict[str, bool]:
    try:
        revision = schema_revision(db.session())
        beat = last_beat(db.session())
    except SQLAlchemyError:
        db.session.rollback()
        return {"database": False, "migrations": False, "beat": False}
    newest = current_app.extensions["groupsite.newest_revision"]
    return {"database": True, "migrations": revision == newest, "beat": _is_recent(beat)}


def _is_recent(beat: datetime | None) -> bool:
    return beat is not None and now() - beat < BEAT_MAY_BE_OLD


def _queue() -> bool:
    try:
        queue = Redis.from_url(current_app.config["RATELIMIT_STORAGE_URI"], socket_timeout=2, socket_connect_timeout=2)
        return bool(queue.ping())
    except (RedisError, OSError):
        return False
