"""What `/readyz` asks the database."""

from datetime import datetime, timedelta

from sqlalchemy import column, func, select, table
from sqlalchemy.orm import Session

from groupsite.models import WAITING, Account, Delivery, DerivedWith, Heartbeat, SenderPause

DATES = "dates"
PLANNED_UNTIL = "planned_until"
"""The planner's mark among the heartbeats: no job, and it lies ahead."""
TRIED_AGAIN_WITHIN = timedelta(minutes=5)
"""What is due is tried this soon after a rest of the sender; without a new one by then, nothing is known to be wrong."""


def schema_revision(session: Session) -> str | None:
    """The revision that the database is at."""
    version = table("alembic_version", column("version_num"))
    return session.scalar(select(version.c.version_num))


def last_runs(session: Session) -> dict[str, datetime]:
    """When each periodic job last ran to its end, aware UTC."""
    runs = select(Heartbeat.name, Heartbeat.at).where(Heartbeat.name != PLANNED_UNTIL)
    return {row.name: row.at for row in session.execute(runs)}


def planned_until(session: Session) -> datetime | None:
    """Up to which moment (aware UTC) all that falls due is planned; None before the first planning."""
    return session.scalar(select(Heartbeat.at).where(Heartbeat.name == PLANNED_UNTIL))


def oldest_due(session: Session, *, now: datetime) -> datetime | None:
    """Since when the longest waiting message is due, aware UTC; None when nothing waits that is due."""
    ripe = select(func.min(Delivery.next_try_at)).where(Delivery.state.in_(WAITING), Delivery.next_try_at <= now)
    return session.scalar(ripe)


def oldest_deleted(session: Session) -> datetime | None:
    """When the first of the accounts was deleted that are not erased yet, aware UTC; None without any."""
    return session.scalar(select(func.min(Account.deleted_at)))


def mail_is_taken(session: Session, *, now: datetime) -> bool:
    """False from when the sender had to rest for a fault of ours until a mail was taken again."""
    trouble = select(SenderPause.name).where(SenderPause.resumed_at.is_(None))
    return session.scalar(trouble.where(SenderPause.until > now - TRIED_AGAIN_WITHIN)) is None


def zone_data_of_dates(session: Session) -> str:
    """The version of the zone data that the dates follow from; empty before they were first derived as a whole."""
    return session.scalar(select(DerivedWith.tzdata).where(DerivedWith.name == DATES)) or ""
