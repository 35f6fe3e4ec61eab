"""Whom passkeys are made for, and the questions that pages ask with."""

from flask import current_app

from groupsite.config import Settings
from groupsite.domain.permissions import Identity
from groupsite.extensions import db
from groupsite.formats.passkeys import OwnSite
from groupsite.services import passkeys
from groupsite.web.clock import now
from groupsite.web.sessions import cookie_session
from groupsite.web.vault import vault


def own_site() -> OwnSite:
    """The site as devices know it; its host is empty where no passkey can be made."""
    settings: Settings = current_app.extensions["groupsite.settings"]
    return OwnSite(settings.passkey_host, settings.origin, settings.site_name)


def browser_id() -> str:
    """To which questions are bound: the id of this browser's cookie, which it is given now if it has none."""
    return cookie_session().session_id or cookie_session().renew()


def question_to_enter() -> str:
    """For the sign-in page; empty where no passkey can be made."""
    site = own_site()
    return passkeys.question_to_enter(site, vault(), browser_id(), now=now()) if site.host else ""


def question_to_confirm(identity: Identity) -> str:
    """For one who is signed in; empty when she has none."""
    site = own_site()
    if not site.host or identity.account_id is None:
        return ""
    return passkeys.question_to_confirm(db.session(), identity.account_id, site, vault(), browser_id(), now=now())


def question_for_new(identity: Identity) -> str:
    site = own_site()
    return (
        passkeys.question_for_new(db.session(), identity, site, vault(), browser_id(), now=now()) if site.host else ""
    )
