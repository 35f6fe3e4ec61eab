"""For the people who run the site: is it well, how stands the mail, what failed. Never who, never what was said."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Permission, Target
from groupsite.domain.wording import date_words
from groupsite.extensions import db
from groupsite.models import DeliveryKind, DeliveryState
from groupsite.queries.outbox_state import counts, dead_letters, inbound_counts
from groupsite.services import dead_letters as failed
from groupsite.services.doctor import findings
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.operations import examined, queue_answers

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

STATES = {
    DeliveryState.PLANNED: "planned",
    DeliveryState.SENDING: "on the way",
    DeliveryState.DEFERRED: "to be tried again",
    DeliveryState.SENT: "sent",
    DeliveryState.UNKNOWN: "perhaps sent",
    DeliveryState.FAILED: "failed",
    DeliveryState.EXPIRED: "too late",
    DeliveryState.CANCELLED: "no longer wanted",
    DeliveryState.SUPPRESSED: "no address",
}
KINDS = {
    DeliveryKind.REMINDER: "Reminders",
    DeliveryKind.CHANGE: "Changes",
    DeliveryKind.INVITE: "Invites",
    DeliveryKind.INVITE_CANCEL: "Dates called off",
    DeliveryKind.INVITE_WITHDRAW: "Invites taken back",
    DeliveryKind.CONFIRM_EMAIL: "Addresses to confirm",
    DeliveryKind.SIGN_IN_LINK: "Links to sign in",
    DeliveryKind.SIGN_IN_NOTICE: "News of the ways to sign in",
}
DONE = {"retried": "It is owed anew, and leaves with the next run."}


@dataclass(frozen=True, slots=True)
class CountsOfKind:
    """`in_states` are (words, rows); their sum is `owed`: nothing is ever dropped without a word."""

    kind: str
    owed: int
    in_states: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class FailedLine:
    id: UUID
    kind: str
    day: str
    why: str
    tries: int
    can_be_tried: bool


@blueprint.get("")
@requires(Permission.RUN_SITE)
def show() -> str:
    authorise(Target())
    found = findings(
        db.session(), current_app.extensions["groupsite.settings"], examined(), queue_answers=queue_answers()
    )
    return render_template(
        "admin/show.html",
        findings=found,
        counts=_counts(),
        failed=_failed(),
        inbound=sorted(inbound_counts(db.session()).items()),
        done=DONE.get(request.args.get("done", ""), ""),
    )


@blueprint.post("/mail/<uuid:delivery_id>/retry")
@requires(Permission.RUN_SITE)
def retry(delivery_id: UUID) -> Response:
    failed.retry(db.session(), authorise(Target()), delivery_id, now=now())
    return redirect(url_for("admin.show", done="retried"), 303)


def _counts() -> list[CountsOfKind]:
    found = counts(db.session())
    lines = []
    for kind, words in KINDS.items():
        in_states = [(said, found[kind, state]) for state, said in STATES.items() if (kind, state) in found]
        if in_states:
            lines.append(CountsOfKind(words, sum(rows for _, rows in in_states), in_states))
    return lines


def _failed() -> list[FailedLine]:
    return [
        FailedLine(one.id, KINDS[one.kind], date_words(one.due_at), one.why, one.tries, one.expires_at > now())
        for one in dead_letters(db.session())
    ]
