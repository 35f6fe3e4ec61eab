"""Ask for a second look at a share: two taps, a reason from a list, no text, and nobody learns who asked."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.errors import NotFound
from groupsite.domain.permissions import Identity, Permission
from groupsite.domain.share_states import ReportReason
from groupsite.extensions import db, limiter
from groupsite.models import Group, WrittenShare
from groupsite.queries.groups import group_named
from groupsite.queries.shares import share_of
from groupsite.services import share_reading
from groupsite.web import limits
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forms.shares import REASONS
from groupsite.web.reading import own_id_in
from groupsite.web.targets import group_target

blueprint = Blueprint("share_reports", __name__, url_prefix="/groups/<slug>/shares/<uuid:share_id>/report")

Page = str | Response | tuple[str, int]
_REASONS = {one.value: one for one in ReportReason}


@blueprint.get("")
@requires(Permission.READ_SHARES)
def ask(slug: str, share_id: UUID) -> str:
    group, _, _ = _of_somebody_else(slug, share_id)
    return _question(group)


@blueprint.post("")
@limiter.limit(limits.REPORTS_OF_ONE_ACCOUNT, key_func=limits.account_asking)
@requires(Permission.READ_SHARES)
def report(slug: str, share_id: UUID) -> Page:
    group, share, identity = _of_somebody_else(slug, share_id)
    reason = _REASONS.get(request.form.get("reason", ""))
    if reason is None:
        return _question(group), 400
    share_reading.report(db.session(), identity, share, reason, now=now())
    return redirect(url_for("shares.list", slug=slug, done="reported"), 303)


def _of_somebody_else(slug: str, share_id: UUID) -> tuple[Group, WrittenShare, Identity]:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    share, _ = share_of(db.session(), group.id, share_id, reader=identity, now=now())
    if share.membership_id == own_id_in(group, identity):
        raise NotFound(share_reading.YOUR_OWN)
    return group, share, identity


def _question(group: Group) -> str:
    return render_template("shares/report.html", group=group, reasons=REASONS)
