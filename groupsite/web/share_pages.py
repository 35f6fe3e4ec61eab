"""What pages print of shares: the same on the list, on a written day, and for their author."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup

from groupsite.domain.permissions import Identity
from groupsite.domain.share_states import HeldFor, ShareState
from groupsite.domain.shares import ShareAudience
from groupsite.domain.zones import to_local
from groupsite.mail.vault import Vault
from groupsite.models import Group, WrittenShare
from groupsite.queries.shares import ShareView
from groupsite.services.sealed_words import words_of
from groupsite.web.forms.shares import GUIDELINES
from groupsite.web.member_text import safe
from groupsite.web.reader_zone import reader_zone

FOR_WHOM = {
    ShareAudience.MEMBERS: "",
    ShareAudience.NEWCOMERS: "Fine for somebody new",
    ShareAudience.TRUSTED: "For trusted readers only",
}
WAITS = {
    HeldFor.FIRST_LOOK: "Somebody who looks at shares for the group reads it first. Nobody else sees it until then.",
    HeldFor.REPORTS: "Somebody asked for a second look. It is not shown until somebody who looks at shares has read it.",
    HeldFor.APPEAL: "Another person looks at it now. Nobody else sees it until then.",
}


@dataclass(frozen=True, slots=True)
class ShareOnPage:
    """What the page prints of one share; `withdraw_href` is there for its author alone, the other two for everybody else."""

    display_name: str
    content_note: str
    body: Markup
    for_whom: str
    posted: str
    stays_until: str
    withdraw_href: str
    hide_href: str
    report_href: str


@dataclass(frozen=True, slots=True)
class OwnShare:
    """What its author is told of a share that others do not see. The addresses are empty where there is nothing to do."""

    content_note: str
    body: Markup
    sentence: str
    stays_until: str
    withdraw_href: str
    again_href: str
    appeal_href: str


def on_page(share: ShareView, group: Group, identity: Identity) -> ShareOnPage:
    belonging = identity.in_group(group.id)
    is_own = belonging is not None and belonging.membership_id == share.membership_id
    here: dict[str, Any] = {"slug": group.slug, "share_id": share.id}
    return ShareOnPage(
        display_name=share.display_name,
        content_note=share.content_note,
        body=safe(share.body),
        for_whom=FOR_WHOM[share.audience],
        posted=day(share.published_at),
        stays_until=day(share.expires_at),
        withdraw_href=url_for("shares.withdraw", **here) if is_own else "",
        hide_href="" if is_own else url_for("hiding.from_author", **here),
        report_href="" if is_own else url_for("share_reports.ask", **here),
    )


def own_share(share: WrittenShare, group: Group, vault: Vault) -> OwnShare:
    """`share` is held, returned, or shown later."""
    body, content_note = words_of(share, vault)
    here: dict[str, Any] = {"slug": group.slug, "share_id": share.id}
    came_back = share.state is ShareState.RETURNED
    return OwnShare(
        content_note=content_note,
        body=safe(body),
        sentence=_sentence(share),
        stays_until=day(share.expires_at),
        withdraw_href=url_for("shares.withdraw", **here),
        again_href=url_for("own_shares.again", **here) if came_back else "",
        appeal_href=url_for("own_shares.appeal", **here) if came_back and not share.has_appealed else "",
    )


def day(moment: datetime) -> str:
    """`Tuesday 24 November`, where the reader is, or in UTC."""
    local = to_local(moment, reader_zone() or "UTC")
    return f"{local:%A} {local.day} {local:%B}"


def _sentence(share: WrittenShare) -> str:
    if share.state is ShareState.RETURNED and share.guideline is not None:
        return f"It came back to you. {GUIDELINES[share.guideline]}"
    if share.state is ShareState.HELD and share.held_for is not None:
        return WAITS[share.held_for]
    return f"It is shown on {day(share.published_at)}, when the day begins."
