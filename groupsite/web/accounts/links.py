"""Links by mail that sign in: asked for by name, opened with a button in the browser that asked."""

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.permissions import Permission, Target
from groupsite.extensions import db, limiter
from groupsite.services import sign_in_links
from groupsite.web import limits
from groupsite.web.accounts.blueprint import blueprint
from groupsite.web.accounts.coming_in import come_in
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forms.sign_in_ways import LinkForm
from groupsite.web.passkey_page import browser_id
from groupsite.web.sessions import cookie_session
from groupsite.web.vault import vault

Page = str | Response | tuple[str, int]


@blueprint.get("/sign-in/link")
@requires(Permission.SEE_PUBLIC)
def link() -> str:
    return render_template("accounts/link.html", form=LinkForm(), was_asked=request.args.get("done") == "asked")


@blueprint.post("/sign-in/link")
@limiter.limit(limits.SIGN_INS_FROM_ONE_PLACE, key_func=limits.place)
@limiter.limit(limits.LINKS_ASKED_FOR_ONE_LOGIN, key_func=limits.login_tried)
@requires(Permission.SEE_PUBLIC)
def ask_for_link() -> Page:
    """The same answer and the same work for every name."""
    form = LinkForm()
    if not form.validate_on_submit():
        return render_template("accounts/link.html", form=form, was_asked=False), 400
    sign_in_links.ask(db.session(), form.login.data or "", browser_id(), vault=vault(), now=now())
    return redirect(url_for("accounts.link", done="asked"), 303)


@blueprint.get("/sign-in/link/<token>")
@requires(Permission.SEE_PUBLIC)
def open_link(token: str) -> Response:
    """Shows a button and changes nothing: mail programs open links by themselves."""
    sign_in_links.check(db.session(), token, cookie_session().session_id, now=now())
    return make_response(render_template("accounts/link_open.html"))


@blueprint.post("/sign-in/link/<token>")
@limiter.limit(limits.SIGN_INS_FROM_ONE_PLACE, key_func=limits.place)
@requires(Permission.SEE_PUBLIC)
def open_link_now(token: str) -> Response:
    """Not sure enough for what gives the account away: such pages ask for the password all the same."""
    account = sign_in_links.use(db.session(), token, cookie_session().session_id, now=now())
    return come_in(account, is_shared=request.form.get("shared") == "y", is_sure=False)


@blueprint.post("/account/ways/links")
@requires(Permission.SEE_OWN_ACCOUNT, fresh=True)
def allow_links() -> Response:
    is_on = request.form.get("links") == "yes"
    here = cookie_session().session_id
    sign_in_links.allow(db.session(), authorise(Target()), is_on=is_on, here=here, now=now())
    return redirect(url_for("accounts.ways", done="links-on" if is_on else "links-off"), 303)
