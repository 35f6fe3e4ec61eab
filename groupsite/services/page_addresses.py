"""Addresses of pages, which two people may want at the same moment."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from groupsite.domain.errors import Conflict
from groupsite.models import Group, MeetingSeries


def add_or_refuse(session: Session, made: Group | MeetingSeries) -> None:
    """Store what has a new address. Raises Conflict when somebody else took the address in the meantime."""
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise Conflict("Somebody took this address a moment ago. Nothing was stored. Please try again.") from None
