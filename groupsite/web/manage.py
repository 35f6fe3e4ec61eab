"""Start a group, see its week, keep its listing true."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.exposures import in_display_name
from groupsite.domain.permissions import Identity, Permission, Target
from groupsite.extensions import db
from groupsite.queries.groups import group_named, group_with_meetings
from groupsite.services import groups
from groupsite.services.sign_in_ways import asks_for_passkey
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forms.answers import text
from groupsite.web.forms.manage import ListingForm, NewGroupForm
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.manage_page import manage_page
from groupsite.web.second_look import second_look
from groupsite.web.targets import group_target
from groupsite.web.vault import vault

blueprint = Blueprint("manage", __name__)

Page = str | Response | tuple[str, int]
MESSAGES = {
    "created": "The group is there. Now add its first meeting.",
    "series": "The meeting is there. These are its dates.",
    "imported": "What you ticked is here now. Look at the dates once more.",
    "saved": "Saved. People read the new words from now on.",
    "admitted": "Let in. They see the pages of the group from now on.",
    "declined": "Not taken up. Nobody is told why, and nothing was sent.",
    "confirmed": "Thank you. People can see that somebody looked today.",
    "changed": "The change is published: on the pages and in the calendars. Those who asked for mail get it.",
    "restored": "The change is undone. The date is as it always was.",
    "reworded": "Saved, on the pages and in the calendars. Dates that have a name or place of their own keep it.",
    "succeeded": "Saved. The old dates end and the new ones begin, here and in the calendars.",
    "ended": "The meeting ends after that day.",
}


@blueprint.get("/groups/new")
@requires(Permission.CREATE_GROUP)
def new() -> str:
    authorise(Target())
    return render_template("manage/new.html", form=NewGroupForm())


@blueprint.post("/groups/new")
@requires(Permission.CREATE_GROUP)
def create() -> Page:
    identity = authorise(Target())
    form = NewGroupForm()
    with refusals_shown_on(form, conflicts_on="name"):
        if form.validate_on_submit():
            look = second_look(in_display_name(text(form.display_name)))
            if look:
                return render_template("manage/new.html", form=form, look=look), 409
            return _created(identity, form)
    return render_template("manage/new.html", form=form), 400


def _created(identity: Identity, form: NewGroupForm) -> Response:
    name = text(form.display_name)
    draft = form.draft(text(form.locale))
    group = groups.create_group(db.session(), identity, draft, display_name=name, vault=vault(), now=now())
    return redirect(url_for("manage.show", slug=group.slug, done="created"), 303)


@blueprint.get("/groups/<slug>/manage")
@requires(Permission.RUN_GROUP)
def show(slug: str) -> str:
    group = group_with_meetings(db.session(), slug)
    identity = authorise(group_target(group))
    page = manage_page(db.session(), group, identity, now())
    message = MESSAGES.get(request.args.get("done", ""), "")
    asks = asks_for_passkey(db.session(), identity, now=now())
    return render_template("manage/show.html", group=group, page=page, message=message, asks_for_passkey=asks)


@blueprint.post("/groups/<slug>/manage/confirm")
@requires(Permission.RUN_GROUP)
def confirm(slug: str) -> Response:
    group = group_named(db.session(), slug)
    groups.confirm_listing(db.session(), authorise(group_target(group)), group, now=now())
    return redirect(url_for("manage.show", slug=slug, done="confirmed"), 303)


@blueprint.get("/groups/<slug>/manage/listing")
@requires(Permission.RUN_GROUP)
def listing(slug: str) -> str:
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    return render_template("manage/listing.html", group=group, form=ListingForm(obj=group))


@blueprint.post("/groups/<slug>/manage/listing")
@requires(Permission.RUN_GROUP)
def describe(slug: str) -> Page:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    form = ListingForm()
    with refusals_shown_on(form, conflicts_on="name"):
        if form.validate_on_submit():
            groups.describe_group(db.session(), identity, group, form.draft(group.locale), now=now())
            return redirect(url_for("manage.show", slug=slug, done="saved"), 303)
    return render_template("manage/listing.html", group=group, form=form), 400
