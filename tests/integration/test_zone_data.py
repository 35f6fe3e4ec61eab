"""Newer zone data: the dates follow it, and so do the reminders that were owed for the old hour."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from groupsite.domain.zones import as_numbers, tzdata_version
from groupsite.models import Delivery, DeliveryState, DerivedWith, Group, MeetingSeries, OccurrenceRow
from groupsite.services import occurrences
from tests.browser import Browser
from tests.plugins.application import MORNING
from tests.post_office import EVENING, PostOffice, tonight

HOUR = timedelta(hours=1)


def derived_by_old_data(session: Session) -> None:
    """As if the zone data of then had every clock an hour off."""
    row = DerivedWith(name="dates", tzdata="2020.1")
    session.merge(row)
    session.execute(update(OccurrenceRow).values(start_utc=OccurrenceRow.start_utc + HOUR))
    session.commit()


def plan(app: Flask) -> None:
    app.extensions["celery"].tasks["groupsite.plan"]()


def test_dates_follow_newer_zone_data(app: Flask, sample: None, session: Session) -> None:
    starts = select(OccurrenceRow.series_id, OccurrenceRow.original_local, OccurrenceRow.start_utc)
    right = set(session.execute(starts))
    derived_by_old_data(session)
    plan(app)
    session.expire_all()
    assert set(session.execute(starts)) == right
    assert session.get_one(DerivedWith, "dates").tzdata == tzdata_version()


def test_reminder_of_the_old_hour_is_not_sent_and_the_new_one_is(
    app: Flask, post: PostOffice, session: Session
) -> None:
    derived_by_old_data(session)
    start = tonight(session).start_utc
    post.plan()
    plan(app)
    session.expire_all()
    post.deliver(at=EVENING + HOUR)
    rows = session.execute(
        select(Delivery.start_utc, Delivery.state).where(
            Delivery.lead_minutes == 180, Delivery.start_utc.in_([start, start - HOUR])
        )
    )
    found = {(row.start_utc == start, row.state) for row in rows}
    assert found == {(False, DeliveryState.SENT)}


@pytest.mark.parametrize("noted", [tzdata_version(), "2999.1"])
def test_dates_stay_as_they_are_with_the_same_or_newer_data(session: Session, sample: None, noted: str) -> None:
    """While servers are brought up one by one, an old worker must not undo what a new one has derived."""
    derived_by_old_data(session)
    session.get_one(DerivedWith, "dates").tzdata = noted
    session.flush()
    assert occurrences.follow_zone_data(session, now=MORNING) is False


@pytest.mark.parametrize("job", ["roll_forward", "plan"])
def test_jobs_of_an_old_worker_leave_dates_of_newer_data_alone(
    app: Flask, session: Session, sample: None, job: str
) -> None:
    derived_by_old_data(session)
    session.get_one(DerivedWith, "dates").tzdata = "2999.1"
    session.commit()
    starts = select(OccurrenceRow.series_id, OccurrenceRow.original_local, OccurrenceRow.start_utc)
    before = set(session.execute(starts))
    session.commit()
    app.extensions["celery"].tasks[f"groupsite.{job}"]()
    session.expire_all()
    assert set(session.execute(starts)) == before
    assert session.get_one(DerivedWith, "dates").tzdata == "2999.1"


def test_command_goes_back_to_older_data_on_purpose(app: Flask, session: Session, sample: None) -> None:
    session.merge(DerivedWith(name="dates", tzdata="2999.1"))
    session.commit()
    assert app.test_cli_runner().invoke(args=["occurrences", "rebuild"]).exit_code == 0
    session.expire_all()
    assert session.get_one(DerivedWith, "dates").tzdata == tzdata_version()


def test_dates_are_derived_by_one_process_at_a_time(session: Session, sample: None, sample_engine: Engine) -> None:
    derived_by_old_data(session)
    jobs = (occurrences.follow_zone_data, occurrences.roll_forward)
    with sample_engine.begin() as other:
        other.execute(select(func.pg_advisory_xact_lock(occurrences.DERIVING)))
        assert [job(session, now=MORNING) for job in jobs] == [False, False]
    assert [job(session, now=MORNING) for job in jobs] == [True, True]


def test_reminders_are_planned_even_when_deriving_fails(app: Flask, post: PostOffice, session: Session) -> None:
    derived_by_old_data(session)
    gone = select(Group.id).where(Group.slug == "harbour-thursdays").scalar_subquery()
    session.execute(update(MeetingSeries).where(MeetingSeries.group_id == gone).values(timezone="Mars/Olympus"))
    session.commit()
    post.clock.now = EVENING - timedelta(minutes=3)
    with capture_logs() as logged:
        plan(app)
    failed = [(one["task"], one["log_level"]) for one in logged if one["event"] == "job_failed"]
    assert failed == [("follow_zone_data", "error")]
    session.expire_all()
    assert session.get_one(DerivedWith, "dates").tzdata == "2020.1"
    assert session.scalars(select(Delivery)).first() is not None


def test_versions_are_compared_as_numbers() -> None:
    assert (
        as_numbers("") < as_numbers("2026.9") < as_numbers("2026.10") < as_numbers("2026.10.1") < as_numbers("2027.1")
    )


def test_readiness_tells_both_versions(client: Browser, session: Session, sample: None) -> None:
    occurrences.rebuild(session, now=MORNING)
    session.commit()
    told = client.get("/readyz").json or {}
    assert (told.get("tzdata"), told.get("dates_tzdata")) == (tzdata_version(), tzdata_version())
