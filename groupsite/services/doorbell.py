"""The mark that a transaction left work for a worker: whoever commits it rings for that afterwards, never before."""

from enum import StrEnum

from sqlalchemy.orm import Session

_MARK = "rings_for"


class Bell(StrEnum):
    """Jobs that are rung for at once, by their names in `celery_app.RHYTHMS`."""

    MAIL = "deliver"
    LINES = "write_lines"


def ask_for_ring(session: Session, bell: Bell = Bell.MAIL) -> None:
    session.info.setdefault(_MARK, set()).add(bell)


def take_rings(session: Session) -> list[Bell]:
    """What was asked for since the last call."""
    return sorted(session.info.pop(_MARK, ()))
