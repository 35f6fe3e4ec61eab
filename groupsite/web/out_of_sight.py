"""Out of sight at once: from one's own page with one button, or with a code on paper and without a sign-in."""

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response

from groupsite.domain.disappearing import Extent
from groupsite.domain.permissions import Permission, Target
from groupsite.extensions import db, limiter
from groupsite.queries.memberships import account_of
from groupsite.services import own_disappearing, recovery, slips
from groupsite.web import auth, limits
from groupsite.web.accounts.own import own_id
from groupsite.web.auth import authorise, requires, viewer
from groupsite.web.calendars import site
from groupsite.web.clock import now
from groupsite.web.forgetting import EVERYTHING, forget
from groupsite.web.forms.disappearing import EXTENTS, CodeForm, NowForm, SlipForm
from groupsite.web.forms.refusals import refusals_shown_on

blueprint = Blueprint("out_of_sight", __name__)

Page = str | Response | tuple[str, int]


@blueprint.get("/account/now")
@requires(Permission.SEE_OWN_ACCOUNT)
def ask() -> str:
    authorise(Target())
    return _now_page(NowForm())


@blueprint.post("/account/now")
@limiter.limit(limits.PASSWORDS_ASKED_OF_ONE_ACCOUNT, key_func=limits.account_asking, deduct_when=limits.was_refused)
@requires(Permission.SEE_OWN_ACCOUNT)
def go() -> Page:
    """Asks for no password but to delete: somebody in a hurry gets out."""
    identity = authorise(Target())
    form = NowForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            extent, password = Extent(form.extent.data), form.password.data or ""
            own_disappearing.go(db.session(), identity, extent, password=password, now=now())
            return _gone("It is done.", goes_on=form.goes_on.data)
    return _now_page(form), 400


@blueprint.get("/account/slip")
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def slip() -> str:
    authorise(Target())
    return _slip_page(SlipForm())


@blueprint.post("/account/slip")
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def make_slip() -> Page:
    identity = authorise(Target())
    form = SlipForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            extent = Extent(form.extent.data)
            return _slip_page(form, code=slips.make(db.session(), identity, extent, now=now()))
    return _slip_page(form), 400


@blueprint.get("/now")
@requires(Permission.SEE_PUBLIC)
def enter() -> Response:
    return _entry_page(CodeForm())


@blueprint.post("/now")
@limiter.limit(limits.CODES_TRIED_FROM_ONE_PLACE, key_func=limits.place)
@requires(Permission.SEE_PUBLIC)
def use() -> Response:
    """The same answer for every whole code, so that whoever finds a paper, or looks on, cannot learn what it was for."""
    form = CodeForm()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            slips.use(db.session(), form.code.data or "", now=now())
            return _gone("If the code was right and not used before, it is done.", goes_on=form.goes_on.data)
    return _entry_page(form, 400)


def _gone(words: str, *, goes_on: bool) -> Response:
    """A page of ours, and from there to the other site: a form may not lead elsewhere by itself (form-action)."""
    auth.sign_out(now())
    return forget(make_response(render_template("out_of_sight/done.html", words=words, goes_on=goes_on)), EVERYTHING)


def _entry_page(form: CodeForm, status: int = 200) -> Response:
    answer = make_response(render_template("out_of_sight/enter.html", form=form), status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _now_page(form: NowForm) -> str:
    account = account_of(db.session(), own_id(viewer()))
    return render_template("out_of_sight/now.html", form=form, codes_left=recovery.codes_left(db.session(), account))


def _slip_page(form: SlipForm, *, code: str = "") -> str:
    """`code` is shown this once."""
    account = account_of(db.session(), own_id(viewer()))
    had = slips.slip_of(db.session(), account, now=now())
    return render_template(
        "out_of_sight/slip.html",
        form=form,
        code=code,
        address=f"{site().base_url.partition('://')[2]}/now",
        had=EXTENTS[had[0]] if had else "",
        made=f"{had[1]:%B %Y}" if had else "",
        codes_left=recovery.codes_left(db.session(), account),
    )
