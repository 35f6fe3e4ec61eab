"""What `/readyz` asks the database."""

from datetime import datetime

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from groupsite.models import DerivedWith, Heartbeat

BEAT = "beat"
DATES = "dates"


def schema_revision(session: Session) -> str | None:
    """The revision that the database is at."""
    version = table("alembic_version", column("version_num"))
    return session.scalar(select(version.c.version_num))


def last_beat(session: Session) -> datetime | None:
    """When the periodic jobs last ran, aware UTC."""
    return session.scalar(select(Heartbeat.at).where(Heartbeat.name == BEAT))


def zone_data_of_dates(session: Session) -> str:
    """The version of the zone data that the dates follow from; empty before they were first derived as a whole."""
    return session.scalar(select(DerivedWith.tzdata).where(DerivedWith.name == DATES)) or ""
