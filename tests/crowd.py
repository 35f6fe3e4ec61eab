"""Many groups with one weekly meeting each, written by the database itself."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.plugins.application import MORNING

GROUPS = """
INSERT INTO "group" (id, slug, name, family, locale, city, summary, attendance, audience, listing_state, holidays,
                     arrival_note, type_codes, created_at, changed_at)
SELECT md5('g' || n)::uuid, 'crowd-' || n, 'Crowd ' || n, 'independent', 'en', 'Town ' || n % 500,
       'We listen to each other, without advice.', 'observers_welcome', '{}', 'active', 'ask', '', '{}', :now, :now
FROM generate_series(1, :groups) n"""
SERIES = """
INSERT INTO meeting_series (id, group_id, slug, position, title, kind, kind_by_week_of_month, kind_by_weekday, modality,
                            timezone, dtstart_local, duration_minutes, rrule, exdates_local, rdates_local, uid, revision,
                            sequence, rule_sequence, created_at, changed_at, rule_raised_at, rule_changed_at)
SELECT md5('s' || n)::uuid, md5('g' || n)::uuid, 'main', 0, 'Evening ' || n, 'sharing', '{}', '{}', 'online',
       'UTC', CAST(:first AS timestamp) + n % 10080 * interval '1 minute', 60, 'FREQ=WEEKLY', '{}', '{}',
       md5('u' || n)::uuid, 0, 0, 0, :now, :now, :now, :now
FROM generate_series(1, :groups) n"""
DATES = """
INSERT INTO occurrence (series_id, original_local, group_id, series_slug, original_utc, start_local, start_utc, end_utc,
                        timezone, status, title, kind, modality, public_note)
SELECT id, start, group_id, slug, start AT TIME ZONE 'UTC', start, start AT TIME ZONE 'UTC',
       (start + interval '1 hour') AT TIME ZONE 'UTC', 'UTC', 'scheduled', title, 'sharing', 'online', ''
FROM meeting_series, generate_series(dtstart_local, dtstart_local + (:weeks - 1) * interval '1 week', '1 week') start
WHERE series_slug_is_ours"""


def gather(session: Session, *, groups: int, weeks: int) -> None:
    """So many groups, each with so many weekly dates from this morning on, one minute apart; the statistics are fresh."""
    told = {"now": MORNING, "first": MORNING.replace(tzinfo=None), "groups": groups, "weeks": weeks}
    for statement in (GROUPS, SERIES, DATES.replace("series_slug_is_ours", "title LIKE 'Evening %'")):
        session.execute(text(statement), told)
    session.execute(text("ANALYZE"))
    session.commit()
