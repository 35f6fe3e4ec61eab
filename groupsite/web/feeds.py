"""My own calendars: what each says and to whom it could show, making one, changing it, ending one or all."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Permission, Target
from groupsite.domain.wording import date_words
from groupsite.domain.words import FeedLevel
from groupsite.extensions import db
from groupsite.models import Account, CalendarFeed
from groupsite.queries.calendars import live_feeds, my_series
from groupsite.queries.memberships import account_of
from groupsite.services import feeds
from groupsite.services.personal_calendars import Glance, glance
from groupsite.web.accounts.own import own_id
from groupsite.web.auth import authorise, requires
from groupsite.web.calendars import site
from groupsite.web.clock import now
from groupsite.web.forms.feeds import ALARMS, LEVELS, FeedForm, answers_in
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.groups import webcal_address

blueprint = Blueprint("feeds", __name__, url_prefix="/account/calendar")

Page = str | Response | tuple[str, int]
DONE = {
    "changed": "Saved. Programs show it the next time they fetch the calendar; until then they show what they have.",
    "ended": "The address is ended. Programs that still ask for it are told that it is gone.",
    "all-ended": "Every address is ended. Programs that still ask for one are told that it is gone.",
}


@dataclass(frozen=True, slots=True)
class FeedView:
    """One address in use, in words."""

    id: UUID
    name: str
    says: str
    alarm: str
    made: str
    last_used: str


@blueprint.get("")
@requires(Permission.SEE_OWN_ACCOUNT)
def show() -> str:
    authorise(Target())
    return _page(FeedForm())


@blueprint.post("")
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def make() -> Page:
    identity = authorise(Target())
    form = _form(identity.account_id)
    with refusals_shown_on(form, conflicts_on="level"):
        if form.validate_on_submit():
            feed, token = feeds.create_feed(db.session(), identity, form.wishes(), now=now())
            return _page(FeedForm(formdata=None), made=feed, token=token)
    return _page(form), 400


@blueprint.get("/<uuid:feed_id>")
@requires(Permission.SEE_OWN_ACCOUNT)
def one(feed_id: UUID) -> str:
    feed = feeds.own_feed(db.session(), authorise(Target()), feed_id)
    return _one_page(feed, FeedForm(formdata=None, data=answers_in(feed)))


@blueprint.post("/<uuid:feed_id>")
@requires(Permission.SEE_OWN_ACCOUNT)
def change(feed_id: UUID) -> Page:
    identity = authorise(Target())
    feed = feeds.own_feed(db.session(), identity, feed_id)
    form = _form(identity.account_id)
    with refusals_shown_on(form):
        if form.validate_on_submit():
            feeds.change_feed(db.session(), identity, feed_id, form.wishes(), now=now())
            return redirect(url_for("feeds.one", feed_id=feed_id, done="changed"), 303)
    return _one_page(feed, form), 400


@blueprint.post("/<uuid:feed_id>/end")
@requires(Permission.SEE_OWN_ACCOUNT)
def end(feed_id: UUID) -> Response:
    identity = authorise(Target())
    feeds.revoke_feed(db.session(), identity, feed_id, now=now())
    return redirect(url_for("feeds.show", done="ended"), 303)


@blueprint.get("/end-all")
@requires(Permission.SEE_OWN_ACCOUNT)
def ask_end_all() -> str:
    authorise(Target())
    return render_template("accounts/calendar_end_all.html")


@blueprint.post("/end-all")
@requires(Permission.SEE_OWN_ACCOUNT)
def end_all() -> Response:
    feeds.revoke_all(db.session(), authorise(Target()), now=now())
    return redirect(url_for("feeds.show", done="all-ended"), 303)


def _form(account_id: UUID | None) -> FeedForm:
    """A form that knows which meetings may be picked."""
    form = FeedForm()
    form.offer(my_series(db.session(), account_id) if account_id else [])
    return form


def _page(form: FeedForm, *, made: CalendarFeed | None = None, token: str = "") -> str:
    """`token` is shown this once: the address cannot be read again later."""
    account = account_of(db.session(), own_id(authorise(Target())))
    form.offer(my_series(db.session(), account.id))
    path = url_for("calendars.personal_feed", token=token) if token else ""
    return render_template(
        "accounts/calendar.html",
        form=form,
        address=site().base_url + path if token else "",
        webcal=webcal_address(path) if token else "",
        made=_glance(made, account) if made else None,
        feeds=[_view(feed) for feed in live_feeds(db.session(), account.id)],
        levels=[(LEVELS[level].partition(":")[0], _glance_at(level, account).title) for level in FeedLevel],
        calendar_name=site().name,
        done=DONE.get(request.args.get("done", ""), ""),
    )


def _one_page(feed: CalendarFeed, form: FeedForm) -> str:
    account = account_of(db.session(), feed.account_id)
    form.offer(my_series(db.session(), account.id))
    return render_template(
        "accounts/calendar_one.html",
        form=form,
        feed=_view(feed),
        seen=_glance(feed, account),
        done=DONE.get(request.args.get("done", ""), ""),
    )


def _glance_at(level: FeedLevel, account: Account) -> Glance:
    """What a calendar of this level would show, if there were one."""
    return _glance(feeds.draft(account.id, level=level, now=now()), account)


def _glance(feed: CalendarFeed, account: Account) -> Glance:
    return glance(db.session(), feed, account, site(), now=now())


def _view(feed: CalendarFeed) -> FeedView:
    says = LEVELS[feed.level].partition(":")[0]
    return FeedView(
        id=feed.id,
        name=feed.name or says,
        says=says,
        alarm="" if feed.alarm_minutes is None else ALARMS[feed.alarm_minutes],
        made=f"{feed.created_at:%B %Y}",
        last_used=date_words(feed.last_used_on) if feed.last_used_on else "",
    )
