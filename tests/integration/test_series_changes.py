"""One way for every change of a series: its dates, its calendar number, the mail that is owed, the audit."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.errors import Conflict, InvalidInput
from groupsite.domain.schedule import Venue
from groupsite.domain.words import OccurrenceStatus, OverrideAction
from groupsite.mail.vault import Vault
from groupsite.models import AuditEntry, DeliveryKind, MeetingSeries, Membership, SeriesPause
from groupsite.services import date_changes, groups, pauses, series_ends
from groupsite.services import series as meetings
from groupsite.services.page_addresses import add_or_refuse
from tests.plugins.application import MORNING
from tests.weekly import CHANGES, FIRST, LISTING, NOON, SECOND, THIRD, WEEKLY, House, new_house


@pytest.fixture
def house(session: Session, vault: Vault) -> House:
    return new_house(session, vault)


def test_new_group_is_run_by_whoever_began_it(house: House) -> None:
    member = house.session.scalars(select(Membership)).one()
    assert (member.display_name, member.roles, member.account_id) == ("Robin", ["secretary"], house.actor.account_id)
    assert (house.group.slug, house.series.slug) == ("window-seat", "tuesday-evening")
    assert set(house.verbs()) == {"group.created", "series.created"}


def test_new_series_has_its_dates_for_thirteen_months(house: House) -> None:
    found = house.originals()
    assert (found[0], found[-1], len(found)) == (FIRST, datetime(2027, 12, 28, 19), 58)


@pytest.mark.parametrize("status", CHANGES)
def test_change_of_one_date_leaves_the_others(house: House, status: str) -> None:
    before = {row["original_local"]: row for row in house.rows()}
    CHANGES[status](house)
    after = {row["original_local"]: row for row in house.rows()}
    assert (house.date(SECOND).status, list(after)) == (status, list(before))
    assert [one for one in after if after[one] != before[one]] == [SECOND]


@pytest.mark.parametrize("status", CHANGES)
def test_change_of_one_date_brings_number_mail_and_audit(house: House, status: str) -> None:
    CHANGES[status](house)
    series = house.series
    assert (series.sequence, series.changed_at, series.calendar_block, series.block_renews_at) == (1, NOON, None, None)
    invite = DeliveryKind.INVITE_CANCEL if status == "cancelled" else DeliveryKind.INVITE
    assert house.owed() == [(DeliveryKind.CHANGE, SECOND, 1), (invite, SECOND, 1)]
    entry = house.session.scalars(select(AuditEntry).where(AuditEntry.verb.startswith("date."))).one()
    assert (entry.actor_id, entry.group_id) == (house.actor.account_id, house.group.id)
    assert "Snow" not in str(entry.subject)


def test_each_change_raises_the_calendar_number(house: House) -> None:
    CHANGES["moved"](house)
    CHANGES["cancelled"](house)
    date_changes.restore_date(house.session, house.actor, house.series, SECOND, now=NOON)
    assert (house.series.sequence, house.series.overrides) == (3, [])
    assert house.date(SECOND).status is OccurrenceStatus.SCHEDULED


def test_date_that_was_moved_and_is_then_put_elsewhere_stays_moved(house: House) -> None:
    CHANGES["moved"](house)
    CHANGES["relocated"](house)
    row = house.date(SECOND)
    assert (row.start_utc.day, row.venue, row.status) == (2, Venue("Chapel"), OccurrenceStatus.RELOCATED)
    CHANGES["cancelled"](house)
    assert house.date(SECOND).status is OccurrenceStatus.CANCELLED
    CHANGES["moved"](house)
    assert [one.action for one in house.series.overrides] == [OverrideAction.RELOCATE, OverrideAction.MOVE]


def test_moved_date_can_still_be_cancelled_after_its_first_hour(house: House) -> None:
    CHANGES["moved"](house)
    later = MORNING + timedelta(days=8)
    date_changes.cancel_date(house.session, house.actor, house.series, SECOND, now=later)
    assert house.date(SECOND).status is OccurrenceStatus.CANCELLED


def test_pause_takes_dates_away_and_gives_them_back(house: House) -> None:
    before = house.rows()
    pauses.add_pause(
        house.session, house.actor, house.series, date(2026, 12, 1), date(2026, 12, 31), "Winter.", now=NOON
    )
    assert house.originals()[:2] == [FIRST, datetime(2027, 1, 5, 19)]
    pause_id = house.session.scalars(select(SeriesPause.id)).one()
    pauses.remove_pause(house.session, house.actor, house.series, pause_id, now=NOON)
    assert (house.rows(), house.series.sequence) == (before, 2)
    assert house.owed() == [(DeliveryKind.INVITE, None, 1), (DeliveryKind.INVITE, None, 2)]


def test_ended_series_keeps_what_was_until_its_last_day(house: House) -> None:
    series_ends.end_series(house.session, house.actor, house.series, SECOND.date(), now=NOON)
    assert house.originals() == [FIRST, SECOND]
    assert house.series.rrule == "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261201T235959Z"
    with pytest.raises(InvalidInput):
        series_ends.end_series(house.session, house.actor, house.series, date(2027, 1, 1), now=NOON)
    assert house.originals() == [FIRST, SECOND]


def test_same_title_gets_the_next_address(house: House) -> None:
    again = meetings.create_series(house.session, house.actor, house.group, SeriesDraft(WEEKLY), now=NOON)
    assert (again.slug, again.position, again.uid != house.series.uid) == ("tuesday-evening-2", 1, True)
    assert house.owed() == [(DeliveryKind.INVITE, None, 0)]


@pytest.mark.parametrize(
    ("words", "block"),
    [({"name": "Window Bench"}, None), ({"summary": "Tea."}, b"BEGIN:VEVENT")],
    ids=["another name", "another summary"],
)
def test_calendar_is_written_anew_for_another_name(house: House, words: dict[str, Any], block: bytes | None) -> None:
    groups.describe_group(house.session, house.actor, house.group, replace(LISTING, **words), now=NOON)
    house.session.expire_all()
    changed_at = MORNING if block else NOON
    assert (house.series.calendar_block, house.series.changed_at, house.group.changed_at) == (block, changed_at, NOON)


def test_preview_stores_nothing(house: House) -> None:
    before = house.stored()
    coming = meetings.preview(WEEKLY, now=NOON, count=3)
    assert ([one.original_local for one in coming], house.stored()) == ([FIRST, SECOND, THIRD], before)


def test_address_that_was_taken_meanwhile_is_refused(house: House) -> None:
    """Both read that the address is free; the database lets only the first have it."""
    again = MeetingSeries(id=uuid4(), uid=uuid4(), slug=house.series.slug, group_id=house.group.id)
    for name, value in (meetings.columns_of(WEEKLY) | meetings.unchanged_since(NOON)).items():
        setattr(again, name, value)
    with pytest.raises(Conflict):
        add_or_refuse(house.session, again)
    assert house.session.scalars(select(MeetingSeries.id)).all() == [house.series.id]
