"""My week: the dates of all my groups."""

from dataclasses import replace

from flask import Blueprint, render_template, request

from groupsite.domain.answers import NO_ANSWERS
from groupsite.domain.limits import is_asked_again
from groupsite.domain.permissions import Permission, Target
from groupsite.domain.words import Answer
from groupsite.extensions import db
from groupsite.models import Account
from groupsite.queries.calendars import answers_of
from groupsite.queries.joining import my_requests
from groupsite.queries.memberships import account_of, my_memberships
from groupsite.queries.week import my_week
from groupsite.services.sign_in_changes import has_news
from groupsite.services.sign_in_ways import asks_for_passkey
from groupsite.web.accounts.own import own_id
from groupsite.web.auth import authorise, requires, visit
from groupsite.web.clock import now
from groupsite.web.forms.one_answer import WORDS
from groupsite.web.presentation import date_view
from groupsite.web.reader_zone import reader_zone

blueprint = Blueprint("home", __name__)

DONE = {
    "welcome": "Your account is open. Nobody in a group will ever see your sign-in name.",
    "back": "You are back. Your groups are as they were; mail and calendars are off until you choose them again.",
    "safe": "Thank you. You are asked again in three months.",
    "stepped-down": "You no longer run the group. You are still in it.",
    "taken-back": "Your request is taken back. Nobody asks why, and you can ask again whenever you like.",
    "left": "You have left the group. Your name and your words are gone from it, and nothing more is sent to you.",
}


@blueprint.get("/home")
@requires(Permission.SEE_OWN_ACCOUNT)
def week() -> str:
    identity = authorise(Target())
    mine = own_id(identity)
    account = account_of(db.session(), mine)
    zone = account.timezone or reader_zone()
    rows = my_week(db.session(), mine, now=now())
    said = answers_of(db.session(), mine, [row.series_id for row, _ in rows])
    views = [
        replace(
            date_view(row, group, reader_zone=zone, now=now(), is_among_zones=True),
            answer=_words(said.get(row.series_id, NO_ANSWERS).about(row.original_local)),
        )
        for row, group in rows
    ]
    return render_template(
        "home/week.html",
        dates=views,
        changes=[view for view in views if view.status_label],
        memberships=my_memberships(db.session(), mine),
        asked=my_requests(db.session(), mine, today=now().date()),
        asks_whether_safe=_is_written_to(account) and is_asked_again(account.safe_on, now().date()),
        asks_for_passkey=asks_for_passkey(db.session(), identity, now=now()),
        has_news_of_ways=_is_news_here() and has_news(db.session(), mine),
        done=DONE.get(request.args.get("done", ""), ""),
    )


def _is_news_here() -> bool:
    """Not in the browser in which it was done."""
    here = visit()
    return here is not None and not here.made_change


def _is_written_to(account: Account) -> bool:
    return account.email_confirmed_at is not None and not account.never_contact


def _words(given: Answer | None) -> str:
    return WORDS[given].lower() if given else ""
