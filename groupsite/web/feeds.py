"""My own calendar addresses: what they will show, making one, ending one."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.discretion import own_title
from groupsite.domain.permissions import Permission, Target
from groupsite.domain.wording import date_words
from groupsite.extensions import db
from groupsite.queries.calendars import live_feeds
from groupsite.queries.memberships import account_of
from groupsite.services import feeds
from groupsite.web.accounts.own import own_id
from groupsite.web.auth import authorise, requires
from groupsite.web.calendars import site
from groupsite.web.clock import now
from groupsite.web.forms.feeds import FeedForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.groups import webcal_address

blueprint = Blueprint("feeds", __name__, url_prefix="/account/calendar")

Page = str | Response | tuple[str, int]
DONE = {"ended": "The address is ended. Programs that still ask for it are told that it is gone."}


@blueprint.get("")
@requires(Permission.SEE_OWN_ACCOUNT)
def show() -> str:
    authorise(Target())
    return _page(FeedForm())


@blueprint.post("")
@requires(Permission.SEE_OWN_ACCOUNT)
def make() -> Page:
    identity = authorise(Target())
    form = FeedForm()
    with refusals_shown_on(form, conflicts_on="level"):
        if form.validate_on_submit():
            token = feeds.create_feed(db.session(), identity, discreet=form.level.data != "full", now=now())
            return _page(FeedForm(formdata=None), token=token)
    return _page(form), 400


@blueprint.post("/<uuid:feed_id>/end")
@requires(Permission.SEE_OWN_ACCOUNT)
def end(feed_id: UUID) -> Response:
    identity = authorise(Target())
    feeds.revoke_feed(db.session(), identity, feed_id, now=now())
    return redirect(url_for("feeds.show", done="ended"), 303)


def _page(form: FeedForm, *, token: str = "") -> str:
    """`token` is shown this once: the address cannot be read again later."""
    account_id = own_id(authorise(Target()))
    path = url_for("calendars.personal_feed", token=token) if token else ""
    return render_template(
        "accounts/calendar.html",
        form=form,
        address=site().base_url + path if token else "",
        webcal=webcal_address(path) if token else "",
        feeds=[
            (one, date_words(one.last_used_on) if one.last_used_on else "")
            for one in live_feeds(db.session(), account_id)
        ],
        title=own_title(account_of(db.session(), account_id).discreet_title),
        calendar_name=site().name,
        done=DONE.get(request.args.get("done", ""), ""),
    )
