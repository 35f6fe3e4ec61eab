"""Say whether I go: on the date's own page, or from a mail without a sign-in."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from groupsite.domain.errors import InvalidInput
from groupsite.domain.permissions import Permission
from groupsite.domain.recurrence import parse_key
from groupsite.extensions import csrf, db
from groupsite.queries.groups import group_named, series_of
from groupsite.queries.subjects import Subject
from groupsite.services import answers
from groupsite.services.letter_words import date_words_for
from groupsite.tasks.jobs import desk_of
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forms.one_answer import WORDS, AnswerForm
from groupsite.web.targets import group_target
from groupsite.web.vault import vault

blueprint = Blueprint("answers", __name__)

NO_BUTTON = "Please use one of the buttons. Nothing was changed."


@blueprint.post("/groups/<slug>/meetings/<series>/<key>/answer")
@requires(Permission.ANSWER)
def give(slug: str, series: str, key: str) -> Response:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    meeting = series_of(db.session(), group.id, series)
    form = AnswerForm()
    if not form.validate_on_submit():
        raise InvalidInput("answer", NO_BUTTON)
    answers.answer_own(db.session(), identity, group, (meeting.id, parse_key(key)), form.chosen(), now=now())
    return redirect(url_for("dates.show", slug=slug, series=series, key=key) + "#answer", 303)


@blueprint.get("/a/<token>")
@requires(Permission.SEE_PUBLIC)
def ask(token: str) -> str:
    """Changes nothing: mail scanners follow links."""
    return _page(answers.behind_link(db.session(), token, vault(), now=now()))


@blueprint.post("/a/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF ships no types
@requires(Permission.SEE_PUBLIC)
def answer(token: str) -> str:
    """The link is the proof: there is no session, so there is none to misuse."""
    form = AnswerForm(meta={"csrf": False})
    chosen = form.chosen() if form.validate() else None
    if chosen is None:
        raise InvalidInput("answer", NO_BUTTON)
    return _page(answers.answer_by_link(db.session(), token, chosen, vault(), now=now()), said=WORDS[chosen])


def _page(subject: Subject, *, said: str = "") -> str:
    """In the words that her mails use: whoever opens the link reads no more than the mail said."""
    words, _ = date_words_for(subject, desk_of(current_app), now())
    return render_template("answers/show.html", words=words, said=said, choices=WORDS)
