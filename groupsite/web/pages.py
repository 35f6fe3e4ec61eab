"""What every template may use."""

from flask import Flask, g

from groupsite.config import Settings
from groupsite.web.auth import viewer


def init_pages(app: Flask, settings: Settings) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["site_name"] = settings.site_name

    @app.context_processor
    def of_the_viewer() -> dict[str, object]:
        """`idle_seconds`: after so many seconds without a request the visit is over; None when nothing ends it."""
        identity = viewer()
        return {"viewer": identity if identity.account_id else None, "idle_seconds": g.get("idle_seconds")}
