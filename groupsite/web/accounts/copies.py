"""Take along what the account holds."""

import json

from flask import Response, current_app

from groupsite.domain.permissions import Permission, Target
from groupsite.extensions import db
from groupsite.services.own_copy import own_copy
from groupsite.web.accounts.blueprint import blueprint
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now


@blueprint.get("/account/export")
@requires(Permission.SEE_OWN_ACCOUNT)
def export() -> Response:
    """A JSON file under a neutral name."""
    vault = current_app.extensions["groupsite.vault"]
    content = own_copy(db.session(), authorise(Target()), vault=vault, now=now())
    answer = Response(json.dumps(content, ensure_ascii=False, indent=2) + "\n", mimetype="application/json")
    answer.headers["Content-Disposition"] = "attachment; filename=account.json"
    answer.headers["Cache-Control"] = "no-store"
    return answer
