"""A planner's tick at 1,000, 100,000 and 1,000,000 memberships, with the same 500 reminders falling due."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from bench.site import Site, migrate
from bench.table import Line, best_rate
from groupsite.models import Heartbeat
from groupsite.queries.readiness import PLANNED_UNTIL
from groupsite.services import planning
from groupsite.tasks.jobs import PLANNED_AHEAD

SIZES = (1_000, 100_000, 1_000_000)
MEMBERS = 20
"""In each group, which meets once a week."""
DUE = 500
LIMIT = 1 / 1.5
ROUNDS = 9
START = datetime(2027, 6, 2, 19, tzinfo=UTC)
LEAD = timedelta(minutes=60)
TICK = timedelta(seconds=30)


def lines(site: Site) -> list[Line]:
    site.postgres.run("CREATE DATABASE planning")
    migrate(site, "planning")
    engine = create_engine(site.postgres.url("planning"))
    rates, before = [], 0
    for size in SIZES:
        _grow(engine, before, size)
        rates.append(_ticks_per_second(engine))
        before = size
    engine.dispose()
    return [
        Line(f"planner's ticks, {DUE} due, {size:,} memberships", rate, f"the same among {SIZES[0]:,}", rates[0], LIMIT)
        for size, rate in zip(SIZES[1:], rates[1:], strict=True)
    ]


def _ticks_per_second(engine: Engine) -> float:
    """Of the same tick, each time taken back again: the one after which what is due at START less LEAD is owed."""
    now = START - LEAD - PLANNED_AHEAD + TICK / 2

    def tick() -> int:
        with Session(engine) as session:
            session.merge(Heartbeat(name=PLANNED_UNTIL, at=now + PLANNED_AHEAD - TICK))
            session.flush()
            if planning.plan(session, now=now, ahead=PLANNED_AHEAD).planned != DUE:
                raise SystemExit(f"The tick did not owe {DUE} reminders.")
            session.rollback()
        return 1

    tick()
    return best_rate(tick, ROUNDS)


def _grow(engine: Engine, before: int, size: int) -> None:
    """From so many memberships to so many. Foreign keys are not checked row by row: the numbers here are right."""
    values = {
        "first": before // MEMBERS, "groups": size // MEMBERS - 1, "members": MEMBERS, "due": DUE // MEMBERS, "start": START,
    }  # fmt: skip
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in GROWTH:
            connection.execute(text(statement), values)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


GROWTH = (
    """
    INSERT INTO "group" (id, slug, name, family, locale, city, summary, attendance, audience, listing_state, holidays,
                         arrival_note, type_codes, changed_at, created_at)
    SELECT md5('group' || n)::uuid, 'group-' || n, 'Group ' || n, 'independent', 'en', '', '', 'observers_welcome', '{}',
           'active', 'yes', '', '{}', CAST(:start AS timestamptz), CAST(:start AS timestamptz)
    FROM generate_series(CAST(:first AS int), CAST(:groups AS int)) AS n
    """,
    """
    INSERT INTO meeting_series (id, group_id, slug, position, title, kind, kind_by_week_of_month, kind_by_weekday, modality,
                                timezone, dtstart_local, duration_minutes, rrule, exdates_local, rdates_local, uid, revision,
                                sequence, rule_sequence, rule_raised_at, rule_changed_at, changed_at, created_at)
    SELECT md5('group' || n)::uuid, md5('group' || n)::uuid, 'main', 0, 'Evening', 'sharing', '{}', '{}', 'in_person',
           'Europe/London', '2027-01-01 19:00', 60, 'FREQ=WEEKLY', '{}', '{}', md5('uid' || n)::uuid, 0, 0, 0,
           CAST(:start AS timestamptz), CAST(:start AS timestamptz), CAST(:start AS timestamptz), CAST(:start AS timestamptz)
    FROM generate_series(CAST(:first AS int), CAST(:groups AS int)) AS n
    """,
    """
    INSERT INTO occurrence (series_id, original_local, group_id, series_slug, original_utc, start_local, start_utc, end_utc,
                            timezone, status, title, kind, modality, public_note)
    SELECT md5('group' || n)::uuid, moment AT TIME ZONE 'UTC', md5('group' || n)::uuid, 'main', moment,
           moment AT TIME ZONE 'UTC', moment, moment + interval '1 hour', 'Europe/London', 'scheduled', 'Evening', 'sharing',
           'in_person', ''
    FROM generate_series(CAST(:first AS int), CAST(:groups AS int)) AS n, generate_series(-2, 7) AS week,
         LATERAL (SELECT CAST(:start AS timestamptz) + week * interval '168 hours'
                  + CASE WHEN n < CAST(:due AS int) THEN 0 ELSE 1500 + n * 37 % 8000 END * interval '1 minute' AS moment) AS at
    """,
    """
    INSERT INTO account (id, login, password_hash, email_confirmed_at, timezone, locale, is_admin, adult_confirmed_at,
                         created_at, discreet, discreet_title, allows_urgent, quiet_from, quiet_until)
    SELECT md5('account' || n)::uuid, 'account-' || n, '-', moment, zone, 'en', false, moment, moment, true, '', false,
           CASE WHEN n % 3 = 0 THEN time '21:30' + n % 4 * interval '15 minutes' END,
           CASE WHEN n % 3 = 0 THEN time '07:00' + n % 3 * interval '30 minutes' END
    FROM generate_series(CAST(:first AS int) * CAST(:members AS int), (CAST(:groups AS int) + 1) * CAST(:members AS int) - 1) AS n,
         LATERAL (SELECT CAST(:start AS timestamptz) AS moment) AS long_ago,
         LATERAL (SELECT (ARRAY['America/New_York', 'America/Chicago', 'America/Los_Angeles', 'Europe/London', 'Europe/Dublin',
                          'Europe/Madrid', 'Africa/Lagos'])[1 + n % 7] AS zone) AS hers
    """,
    """
    INSERT INTO membership (id, group_id, account_id, display_name, state, roles, joined_month, lead_minutes, wants_invites,
                            reminders_since, unsubscribe_hash)
    SELECT md5('member' || n)::uuid, md5('group' || n / CAST(:members AS int))::uuid, md5('account' || n)::uuid, 'M. ' || n,
           'active', '{}', '2027-01-01', CASE WHEN n % 2 = 0 THEN '{60}'::int[] ELSE '{1440,60}' END, false,
           CAST(:start AS timestamptz) - interval '300 days', decode(md5('stop' || n), 'hex')
    FROM generate_series(CAST(:first AS int) * CAST(:members AS int), (CAST(:groups AS int) + 1) * CAST(:members AS int) - 1) AS n
    """,
)
