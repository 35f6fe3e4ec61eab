"""The vault of the running application."""

from flask import current_app

from groupsite.mail.vault import Vault


def vault() -> Vault:
    found: Vault = current_app.extensions["groupsite.vault"]
    return found
