"""Is it well? One list of checks, for `/readyz`, for `/metrics` and for `doctor`, so that they never disagree."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from groupsite.queries.readiness import (
    last_runs,
    mail_is_taken,
    oldest_deleted,
    oldest_due,
    schema_revision,
    zone_data_of_dates,
)

JOBS_REST_AT_MOST = timedelta(seconds=90)
MAIL_WAITS_AT_MOST = timedelta(seconds=120)
HAVE_TO_RUN = ("plan", "deliver")


@dataclass(frozen=True, slots=True)
class Health:
    """What the database says. `waits` is how long the oldest message that is due has been waiting."""

    database: bool = False
    migrations: bool = False
    ran: dict[str, timedelta] = field(default_factory=dict)
    """How long ago each job last ran to its end."""
    waits: timedelta = timedelta()
    mail: bool = False
    """Whether the mail server takes what we send, as far as is known."""
    dates_tzdata: str = ""
    unerased: timedelta = timedelta()
    """For how long the account that was deleted first has been waiting to be erased."""

    @property
    def checks(self) -> dict[str, bool]:
        """Each check by its name."""
        return {name: bool(getattr(self, name)) for name in ("database", "migrations", "beat", "on_time", "mail")}

    @property
    def beat(self) -> bool:
        """Whether the jobs for mail have run lately, whoever rang for them."""
        return all(self.ran.get(name, JOBS_REST_AT_MOST) < JOBS_REST_AT_MOST for name in HAVE_TO_RUN)

    @property
    def on_time(self) -> bool:
        return self.migrations and self.waits < MAIL_WAITS_AT_MOST


def examine(session: Session, newest_revision: str | None, *, now: datetime) -> Health:
    """Look once; a database that is away or at another revision is not asked for more. Never raises."""
    try:
        if schema_revision(session) != newest_revision:
            return Health(database=True)
        waiting, deleted = oldest_due(session, now=now), oldest_deleted(session)
        return Health(
            database=True,
            migrations=True,
            ran={name: now - at for name, at in last_runs(session).items()},
            waits=now - waiting if waiting else timedelta(),
            mail=mail_is_taken(session, now=now),
            dates_tzdata=zone_data_of_dates(session),
            unerased=now - deleted if deleted else timedelta(),
        )
    except SQLAlchemyError:
        session.rollback()
        return Health()
