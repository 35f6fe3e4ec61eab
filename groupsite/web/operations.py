"""For the people who run the server: alive, ready, in numbers, and what robots may read."""

from flask import Blueprint, Response, current_app, jsonify, request
from redis import Redis
from redis.exceptions import RedisError

from groupsite.domain.errors import NotFound
from groupsite.domain.permissions import Permission
from groupsite.domain.zones import tzdata_version
from groupsite.extensions import db, limiter
from groupsite.services.health import Health, examine
from groupsite.web.auth import requires
from groupsite.web.clock import now
from groupsite.web.metrics import metrics_text

blueprint = Blueprint("operations", __name__)
THIS_MACHINE = {"127.0.0.1", "::1"}
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")


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

    `tzdata` is the zone data of this process, `dates_tzdata` that which the dates follow from: the planner brings them up.
    """
    health = examined()
    checks = health.checks | {"queue": queue_answers()}
    is_ready = all(checks.values())
    zone_data = {"tzdata": tzdata_version(), "dates_tzdata": health.dates_tzdata}
    answer = jsonify(status="ready" if is_ready else "not ready", **zone_data, **checks)
    return answer, 200 if is_ready else 503


@blueprint.get("/metrics")
@limiter.exempt
@requires(Permission.SEE_PUBLIC)
def metrics() -> Response:
    """Numbers for a monitor on this machine: through a proxy nobody finds anything here. Raises NotFound."""
    if request.remote_addr not in THIS_MACHINE or any(name in request.headers for name in FORWARDED):
        raise NotFound("There is nothing at this address.")
    text = metrics_text(db.session(), examined(), queue_answers=queue_answers())
    return Response(text, mimetype="text/plain", content_type="text/plain; version=0.0.4; charset=utf-8")


@blueprint.get("/robots.txt")
@requires(Permission.SEE_PUBLIC)
def robots() -> Response:
    """Calendars may be fetched by calendar services; personal pages are marked noindex themselves."""
    return Response("User-agent: *\nDisallow: /account\nDisallow: /home\nDisallow: /admin\n", mimetype="text/plain")


def examined() -> Health:
    return examine(db.session(), current_app.extensions["groupsite.newest_revision"], now=now())


def queue_answers() -> bool:
    try:
        queue = Redis.from_url(current_app.config["RATELIMIT_STORAGE_URI"], socket_timeout=2, socket_connect_timeout=2)
        return bool(queue.ping())
    except (RedisError, OSError):
        return False
