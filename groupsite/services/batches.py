"""Deleting some rows at a time, so that no lock lasts and several processes may do it at once."""

from typing import Any

from sqlalchemy import ColumnElement, delete, inspect, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from groupsite.models import Base


def delete_some(
    session: Session,
    table: type[Base],
    *which: ColumnElement[bool],
    at_once: int,
    order: InstrumentedAttribute[Any] | None = None,
) -> int:
    """Delete at most so many of these rows, those that nobody else holds; returns how many they were.

    They are chosen in a part of their own (WITH), which is run once: a subquery may be run for each row, for others each time.
    """
    key = inspect(table).primary_key
    free = select(*key).where(*which).order_by(order).limit(at_once).with_for_update(skip_locked=True).cte("free")
    gone = delete(table).where(tuple_(*key).in_(select(*free.c))).returning(key[0])
    return len(session.execute(gone, execution_options={"synchronize_session": False}).all())
