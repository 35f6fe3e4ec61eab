"""One request, one transaction: committed when the view succeeded, rolled back otherwise; the worker is rung after."""

from collections.abc import Callable

from flask import Flask, Response

from groupsite.extensions import db
from groupsite.services.doorbell import Bell, take_rings


def init_unit_of_work(app: Flask, ring: Callable[[Bell], None]) -> None:
    @app.after_request
    def finish(response: Response) -> Response:
        if response.status_code >= 400:  # noqa: PLR2004  HTTP: an error answer keeps nothing
            db.session.rollback()
            take_rings(db.session())
            return response
        db.session.commit()
        for bell in take_rings(db.session()):
            ring(bell)
        return response
