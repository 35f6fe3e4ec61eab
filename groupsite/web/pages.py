"""What every template may use."""

from flask import Flask

from groupsite.config import Settings
from groupsite.web.auth import visit


def init_pages(app: Flask, settings: Settings) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["site_name"] = settings.site_name

    app.jinja_env.globals["is_shared_device"] = is_shared_device

    @app.context_processor
    def of_the_viewer() -> dict[str, object]:
        here = visit()
        if here is None:
            return {"viewer": None}
        return {"viewer": here.identity, "idle_seconds": int(here.idle_limit.total_seconds())}


def is_shared_device() -> bool:
    """Whether others use the device too: then no field may be filled from what the browser has kept."""
    here = visit()
    return here is not None and here.is_shared
