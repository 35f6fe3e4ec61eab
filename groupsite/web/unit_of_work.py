"""One request, one transaction: committed when the view succeeded, rolled back otherwise; the worker is rung after."""

from collections.abc import Callable

from flask import Flask, Response

from groupsite.extensions import db
from groupsite.services.doorbell import take_ring


def init_unit_of_work(app: Flask, ring: Callable[[], None]) -> None:
    @app.after_request
    def finish(response: Response) -> Response:
        if response.status_code >= 400:  # noqa: PLR2004  HTTP: an error answer keeps nothing
            db.session.rollback()
            take_ring(db.session())
            return response
        db.session.commit()
        if take_ring(db.session()):
            ring()
        return response
