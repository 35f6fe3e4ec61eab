"""Take along what the account holds."""

from flask import Response, current_app

from groupsite.domain.permissions import Permission, Target
from groupsite.extensions import db
from groupsite.services.own_archive import own_archive
from groupsite.tasks.jobs import site_of
from groupsite.web.accounts.blueprint import blueprint
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.vault import vault


@blueprint.get("/account/export")
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def export() -> Response:
    """A zip archive under a neutral name."""
    written = own_archive(db.session(), authorise(Target()), vault=vault(), site=site_of(current_app), now=now())
    answer = Response(written, mimetype="application/zip")
    answer.headers["Content-Disposition"] = "attachment; filename=account.zip"
    answer.headers["Cache-Control"] = "no-store"
    return answer
