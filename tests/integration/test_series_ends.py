"""A meeting ends, or goes on otherwise: no date is invented, none is lost, none is there twice, and what was announced holds."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.errors import Conflict, InvalidInput
from groupsite.domain.schedule import Override, Schedule, Venue
from groupsite.domain.succession import shortened
from groupsite.domain.words import Answer, OccurrenceStatus, OverrideAction
from groupsite.formats import group_file
from groupsite.mail.vault import Vault
from groupsite.models import MeetingSeries, Membership, OccurrenceRow, Rsvp, SeriesPause
from groupsite.services import answers, date_changes, group_files, pauses, series_ends
from groupsite.services import series as meetings
from tests.plugins.application import MORNING
from tests.weekly import FIRST, NOON, SECOND, THIRD, WEEKLY, House, new_house

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
FOURTH, FIFTH = THIRD + WEEK, THIRD + 2 * WEEK
TONIGHT = MORNING + timedelta(hours=10, minutes=30)
"""Half past seven in London: the first date has begun."""


@pytest.fixture
def house(session: Session, vault: Vault) -> House:
    return new_house(session, vault)


def held(house: House) -> list[datetime]:
    """Starts (local) of every date that takes place, of both series."""
    rows = house.rows()
    return sorted(row["start_local"] for row in rows if row["status"] is not OccurrenceStatus.CANCELLED)


def with_rule(house: House, **other: Any) -> House:
    meetings.replace_schedule(house.session, house.actor, house.series, replace(WEEKLY, **other), now=NOON)
    return house


def end(house: House, day: date, *, now: datetime = NOON) -> None:
    series_ends.end_series(house.session, house.actor, house.series, day, now=now)


def go_on(house: House, first: datetime, day: date, *, now: datetime = NOON, **other: Any) -> MeetingSeries:
    schedule = replace(WEEKLY, dtstart_local=first, **other)
    return series_ends.succeed(house.session, house.actor, house.series, SeriesDraft(schedule), day, now=now)


def rows_of(house: House, series: MeetingSeries) -> dict[datetime, OccurrenceRow]:
    house.session.expire_all()
    rows = (house.session.get(OccurrenceRow, (series.id, row["original_local"])) for row in house.rows())
    return {row.original_local: row for row in rows if row is not None}


@pytest.mark.parametrize("rrule", ["FREQ=WEEKLY;COUNT=4", "FREQ=WEEKLY;UNTIL=20261216T000000Z"])
def test_end_after_the_rule_has_ended_invents_no_dates(house: House, rrule: str) -> None:
    extra = datetime(2027, 1, 20, 19)
    with_rule(house, rrule=rrule, rdates_local=(extra,))
    before = held(house)
    end(house, date(2027, 1, 10))
    assert held(house) == [one for one in before if one != extra]


def test_meeting_that_takes_place_once_is_not_ended(house: House) -> None:
    with_rule(house, rrule=None)
    with pytest.raises(InvalidInput):
        end(house, date(2026, 11, 24), now=MORNING - DAY)
    with pytest.raises(InvalidInput) as refused:
        go_on(house, FIRST + HOUR, FIRST.date(), rrule=None)
    assert (refused.value.field, held(house)) == ("first_date", [FIRST])


@pytest.mark.parametrize("act", [end, lambda house, _: go_on(house, SECOND, SECOND.date())])
def test_later_date_that_was_moved_before_the_end_is_not_lost(house: House, act: Any) -> None:
    earlier = SECOND - DAY
    date_changes.move_date(house.session, house.actor, house.series, SECOND, earlier, now=NOON)
    with pytest.raises(InvalidInput) as refused:
        act(house, SECOND.date() - DAY)
    assert "1 December 2026 was moved to 30 November 2026" in refused.value.reason


def test_earlier_date_that_was_moved_onto_a_new_one_is_not_there_twice(house: House) -> None:
    later = THIRD + timedelta(minutes=30)
    date_changes.move_date(house.session, house.actor, house.series, SECOND, later, now=NOON)
    with pytest.raises(InvalidInput) as refused:
        go_on(house, later, THIRD.date())
    assert "8 December 2026" in refused.value.reason


def test_same_moment_in_another_zone_is_not_there_twice(house: House) -> None:
    """Los Angeles, Monday 11:00, is Auckland, Tuesday 08:00: days differ, the moment does not."""
    pacific = datetime(2026, 11, 30, 11)
    meetings.replace_schedule(
        house.session, house.actor, house.series,
        replace(WEEKLY, timezone="America/Los_Angeles", dtstart_local=pacific, rrule="FREQ=WEEKLY"), now=NOON,
    )  # fmt: skip
    tuesday = datetime(2026, 12, 15, 8)
    with pytest.raises(InvalidInput):
        go_on(house, tuesday, tuesday.date(), timezone="Pacific/Auckland")


def test_date_that_has_begun_stays_when_the_meeting_changes_today(house: House) -> None:
    go_on(house, FIRST + 2 * HOUR, FIRST.date(), now=TONIGHT)
    assert held(house)[:3] == [FIRST, FIRST + 2 * HOUR, SECOND + 2 * HOUR]


def test_hour_that_is_over_today_is_refused(house: House) -> None:
    with pytest.raises(InvalidInput) as refused:
        go_on(house, FIRST - HOUR, FIRST.date(), now=TONIGHT)
    assert (refused.value.field, held(house)[0]) == ("first_date", FIRST)


def test_what_was_announced_for_later_goes_along(house: House) -> None:
    date_changes.cancel_date(house.session, house.actor, house.series, THIRD, public_note="Snow.", now=NOON)
    date_changes.relocate_date(house.session, house.actor, house.series, FOURTH, Venue("Hall"), now=NOON)
    new = go_on(house, SECOND + HOUR, SECOND.date())
    rows = rows_of(house, new)
    assert (rows[THIRD + HOUR].status, rows[THIRD + HOUR].public_note) == (OccurrenceStatus.CANCELLED, "Snow.")
    assert (rows[FOURTH + HOUR].status, rows[FOURTH + HOUR].venue) == (OccurrenceStatus.RELOCATED, Venue("Hall"))
    assert rows[FIFTH + HOUR].status is OccurrenceStatus.SCHEDULED


def test_skipped_and_extra_dates_and_spans_go_along(house: House) -> None:
    extra = datetime(2026, 12, 31, 18)
    spring = Override(
        OverrideAction.RELOCATE, first_date=date(2026, 12, 1), last_date=date(2027, 3, 31), venue=Venue("Chapel")
    )
    with_rule(house, exdates_local=(THIRD,), rdates_local=(extra,), overrides=(spring,))
    new = go_on(house, SECOND + HOUR, SECOND.date())
    rows = rows_of(house, new)
    assert THIRD + HOUR not in rows
    assert extra in rows
    assert {row.venue for row in rows.values() if row.original_local < datetime(2027, 4, 1)} == {Venue("Chapel")}


def test_what_does_not_fit_the_new_days_is_said(house: House) -> None:
    date_changes.cancel_date(house.session, house.actor, house.series, THIRD, now=NOON)
    date_changes.move_date(house.session, house.actor, house.series, FOURTH, FOURTH + DAY, now=NOON)
    thursdays = replace(WEEKLY, dtstart_local=SECOND + 2 * DAY, rrule="FREQ=WEEKLY;BYDAY=TH")
    _, left_out = series_ends.proposed(house.series, SeriesDraft(thursdays), SECOND.date(), now=NOON)
    assert [sentence.split(" does")[0] for sentence in left_out] == [
        "The change of 8 December 2026", "The change of 15 December 2026",
    ]  # fmt: skip


def test_pause_takes_no_date_away_that_has_begun(house: House) -> None:
    with pytest.raises(InvalidInput):
        pauses.add_pause(house.session, house.actor, house.series, FIRST.date(), FIRST.date(), now=TONIGHT)
    assert held(house)[0] == FIRST


def test_pause_that_is_over_stays_and_one_that_runs_ends_yesterday(house: House) -> None:
    pauses.add_pause(house.session, house.actor, house.series, SECOND.date(), THIRD.date(), now=NOON)
    (pause,) = house.series.pauses
    between = MORNING + timedelta(days=9)
    pauses.remove_pause(house.session, house.actor, house.series, pause.id, now=between)
    assert held(house)[:2] == [FIRST, THIRD]
    assert house.session.get_one(SeriesPause, pause.id).last_date == date(2026, 12, 2)
    with pytest.raises(Conflict):
        pauses.remove_pause(house.session, house.actor, house.series, pause.id, now=between + WEEK)


def test_way_in_for_the_building_raises_no_number(house: House) -> None:
    words = meetings.SeriesWords(WEEKLY.title, WEEKLY.kind, WEEKLY.modality, Venue("Reading Room", "", "Ring twice."))
    meetings.reword(house.session, house.actor, house.series, words, now=NOON)
    assert (house.series.rule_sequence, house.series.revision) == (0, 1)


def test_schedule_without_a_later_date_is_shortened_to_itself() -> None:
    schedule: Schedule = replace(WEEKLY, rrule="FREQ=WEEKLY;COUNT=2")
    assert shortened(schedule, datetime(2027, 1, 1)) == schedule


def test_file_of_a_group_holds_no_meeting_that_was_taken_back_before_it_began(house: House) -> None:
    before = MORNING - timedelta(days=3)
    go_on(house, FIRST + HOUR, FIRST.date(), now=before)
    house.session.commit()
    raw = group_files.dump(house.session, house.group.slug)
    assert raw is not None
    (series,) = group_file.parse(raw).groups[0].series
    assert (series.slug, series.replaces) == ("tuesday-evening-2", None)


def test_answers_are_about_the_hour_that_they_were_given_for(house: House) -> None:
    member = house.session.scalars(select(Membership)).one()
    row = house.date(SECOND)
    answers.give(house.session, member, row, Answer.GOING, said_at=NOON, now=NOON)
    date_changes.relocate_date(house.session, house.actor, house.series, SECOND, Venue("Hall"), now=NOON)
    assert len(house.session.scalars(select(Rsvp)).all()) == 1
    date_changes.move_date(house.session, house.actor, house.series, SECOND, SECOND + HOUR, now=NOON)
    assert house.session.scalars(select(Rsvp)).all() == []
