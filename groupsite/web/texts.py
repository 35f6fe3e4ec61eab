"""Texts that the group shows to its members: always, or while a meeting is on."""

from flask import Blueprint, render_template

from groupsite.domain.meeting_format import slot_words
from groupsite.domain.permissions import Permission
from groupsite.domain.texts import CALM_CARD
from groupsite.extensions import db
from groupsite.queries.formats import texts_for_members
from groupsite.queries.groups import group_named
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.member_text import safe
from groupsite.web.targets import group_target

blueprint = Blueprint("texts", __name__)


@blueprint.get("/groups/<slug>/texts")
@requires(Permission.READ_TEXTS)
def show(slug: str) -> str:
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    texts = [
        (slot_words(one.slot), safe(one.body), one.source_note)
        for one in texts_for_members(db.session(), group.id, now=now())
        if one.slot != CALM_CARD
    ]
    return render_template("texts/show.html", group=group, texts=texts)
