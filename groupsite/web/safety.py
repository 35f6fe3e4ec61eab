"""Leave now, and get help now: for everybody, without an account, a cookie or JavaScript."""

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from sqlalchemy.exc import OperationalError

from groupsite.domain.errors import NotFound
from groupsite.domain.help_lines import HelpBook, HelpCountry, HelpKind
from groupsite.domain.permissions import Permission
from groupsite.web.auth import forget_records, requires, sign_out
from groupsite.web.clock import now
from groupsite.web.forgetting import EVERYTHING, Asker, asker, forget
from groupsite.web.help_cards import cards
from groupsite.web.sessions import cookie_session

blueprint = Blueprint("safety", __name__)


@blueprint.get("/leave")
@requires(Permission.SEE_PUBLIC)
def leave() -> Response:
    """End the session, ask the browser to forget this site, go on to the neutral site that the operator set.

    Changes nothing unless a reader asked for it: see docs/threat-model.md.
    """
    match asker(request):
        case Asker.NOBODY_YET:
            return forget_nothing(503)  # a browser throws such an answer away, and asks again when it is wanted
        case Asker.PART_OF_A_PAGE:
            return forget_nothing(204)
        case Asker.ANOTHER_SITE:
            return _to_the_neutral_site()
    if cookie_session().session_id is not None:
        _end_session()
    return forget(_to_the_neutral_site(), EVERYTHING)


def forget_nothing(status: int) -> Response:
    answer = make_response("", status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _to_the_neutral_site() -> Response:
    answer = make_response(redirect(current_app.extensions["groupsite.settings"].exit_url))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _end_session() -> None:
    """Nobody is held back because the database does not answer: then the browser at least forgets."""
    try:
        sign_out(now())
    except OperationalError:
        forget_records()


@blueprint.get("/help")
@requires(Permission.SEE_PUBLIC)
def help() -> Response:  # noqa: A001  the endpoint's name
    """Emergency numbers and the list of countries. Those of the browser's languages come first; the address is not looked at."""
    regions = {language.partition("-")[2].upper() for language in request.accept_languages.values()}
    book = _book()
    near = [one for one in book.countries if one.code in regions]
    page = render_template("safety/help.html", near=near, countries=book.countries, emergency=HelpKind.EMERGENCY)
    answer = make_response(page)
    answer.vary.add("Accept-Language")
    return answer


@blueprint.get("/help/<code>")
@requires(Permission.SEE_PUBLIC)
def country(code: str) -> str:
    found = _country(code)
    return render_template("safety/country.html", country=found, parts=cards(found, now().date()))


@blueprint.get("/help/safety")
@requires(Permission.SEE_PUBLIC)
def traces() -> str:
    """What stays behind on a device, and what to do about it; also for printing."""
    return render_template("safety/traces.html")


@blueprint.get("/help/enough")
@requires(Permission.SEE_PUBLIC)
def enough() -> str:
    """When peers are not enough, and who is."""
    return render_template("safety/enough.html")


def _book() -> HelpBook:
    book: HelpBook = current_app.extensions["groupsite.help"]
    return book


def _country(code: str) -> HelpCountry:
    found = _book().country(code)
    if found is None:
        raise NotFound("We have no entry for this country. The list of countries has all that we have.")
    return found
