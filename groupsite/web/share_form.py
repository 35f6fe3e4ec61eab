"""The form in which a share is written, and what is done with what it sends: asked about, kept as a draft, or posted."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.errors import InvalidInput
from groupsite.domain.exposures import in_words
from groupsite.domain.permissions import Identity
from groupsite.domain.share_states import ShareState
from groupsite.domain.shares import ShareWords
from groupsite.extensions import db
from groupsite.models import Group, WrittenShare
from groupsite.queries.own_shares import draft_of
from groupsite.queries.shares import names_read
from groupsite.services import shares
from groupsite.services.sealed_words import words_of
from groupsite.web.clock import now
from groupsite.web.forms.refusals import refusals_shown_on
from groupsite.web.forms.shares import ShareForm
from groupsite.web.pages import is_shared_device
from groupsite.web.second_look import SecondLook, second_look
from groupsite.web.vault import vault

Page = str | Response | tuple[str, int]
NO_DRAFT_HERE = (
    "Other people use this device, so no draft is kept from it. Post your words, or write them on a device of your own."
)


@dataclass(frozen=True, slots=True)
class WritingPage:
    """Where somebody writes: `back_href` leads to where it will stand, `heading` says what it is for."""

    group: Group
    identity: Identity
    back_href: str
    heading: str
    topic: str = ""
    may_open: bool = False
    may_keep_draft: bool = True

    @property
    def display_name(self) -> str:
        belonging = self.identity.in_group(self.group.id)
        return belonging.display_name if belonging else ""

    def form(self, *, begun_with: WrittenShare | None = None) -> ShareForm:
        """An empty form, or one with these words; of whoever cannot open a day, without that box."""
        form = ShareForm(**(filled_with(begun_with) if begun_with else {}))
        if not self.may_open:
            del form.opens_day
        return form

    def shown(self, form: ShareForm, look: SecondLook | None = None, draft: WrittenShare | None = None) -> str:
        return render_template(
            "shares/new.html",
            page=self,
            group=self.group,
            form=form,
            look=look,
            draft=draft,
            names=_names(self.group, self.identity, self.display_name),
            keeps_drafts=self.may_keep_draft and not is_shared_device(),
        )


def filled_with(share: WrittenShare) -> dict[str, str]:
    """What the form shows of words that are there already."""
    body, content_note = words_of(share, vault())
    chosen = {"audience": share.audience.value, "days": str(share.stays_days)}
    return {"body": body, "content_note": content_note, **chosen}


def own_draft(page: WritingPage) -> WrittenShare | None:
    """The draft of whoever writes, unless others use the device."""
    belonging = page.identity.in_group(page.group.id)
    if belonging is None or is_shared_device():
        return None
    return draft_of(db.session(), belonging.membership_id, now=now())


def answer_to(page: WritingPage, send: Callable[[ShareWords, bool], str]) -> Page:
    """What was sent is kept as a draft, asked about, or given to `send`, which names what the next page tells.

    What is refused stays in the form.
    """
    form = page.form()
    with refusals_shown_on(form):
        if form.validate_on_submit():
            if request.form.get("do") == "keep" and page.may_keep_draft:
                return _kept(page, form)
            look = second_look(in_words(form.all_text()))
            if look:
                return page.shown(form, look), 409
            done = send(form.words(), bool(page.may_open and form.opens_day.data))
            return redirect(f"{page.back_href}?done={done}", 303)
    return page.shown(form), 400


def what_became(share: WrittenShare) -> str:
    """The word by which the next page tells what became of a share that was posted."""
    return "held" if share.state is ShareState.HELD else "posted"


def _kept(page: WritingPage, form: ShareForm) -> Response:
    if is_shared_device():
        raise InvalidInput("body", NO_DRAFT_HERE)
    shares.keep_draft(db.session(), page.identity, page.group, form.words(), vault=vault(), now=now())
    return redirect(url_for("shares.list", slug=page.group.slug, done="kept"), 303)


def _names(group: Group, identity: Identity, own_name: str) -> list[str]:
    """Names that the browser looks for while she writes; only those that she reads here anyway."""
    if not group.sharing.nudges:
        return []
    names = names_read(db.session(), group.id, reader=identity, now=now())
    return [name for name in names if name != own_name]
