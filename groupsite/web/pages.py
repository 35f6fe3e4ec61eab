"""What every template may use."""

from flask import Flask

from groupsite.config import Settings
from groupsite.domain.permissions import Identity
from groupsite.web.auth import viewer


def init_pages(app: Flask, settings: Settings) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["site_name"] = settings.site_name

    @app.context_processor
    def of_the_viewer() -> dict[str, Identity | None]:
        identity = viewer()
        return {"viewer": identity if identity.account_id else None}
