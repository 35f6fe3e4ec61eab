"""A change that cannot be is refused with its reason, and nothing of it is stored."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from groupsite.domain.permissions import VISITOR
from groupsite.domain.schedule import Venue
from groupsite.mail.vault import Vault
from groupsite.models import (
    Group,
)
from groupsite.services import date_changes, groups, pauses, series_ends
from groupsite.services import series as meetings
from tests.plugins.application import MORNING
from tests.weekly import FIRST, LISTING, NOON, SECOND, THIRD, WEEKLY, House, new_house


@pytest.fixture
def house(session: Session, vault: Vault) -> House:
    return new_house(session, vault)


REFUSED: dict[str, tuple[type[Exception], Callable[[House], object]]] = {
    "date that is none": (
        NotFound,
        lambda house: date_changes.cancel_date(
            house.session, house.actor, house.series, SECOND + timedelta(hours=1), now=NOON
        ),
    ),
    "date before all": (
        NotFound,
        lambda house: date_changes.cancel_date(house.session, house.actor, house.series, datetime(1, 1, 1), now=NOON),
    ),
    "date that is over": (
        InvalidInput,
        lambda house: date_changes.cancel_date(
            house.session, house.actor, house.series, FIRST, now=MORNING + timedelta(days=1)
        ),
    ),
    "move to the past": (
        InvalidInput,
        lambda house: date_changes.move_date(
            house.session, house.actor, house.series, SECOND, datetime(2026, 11, 23, 19), now=NOON
        ),
    ),
    "move onto another date": (
        InvalidInput,
        lambda house: date_changes.move_date(house.session, house.actor, house.series, SECOND, THIRD, now=NOON),
    ),
    "move out of time": (
        InvalidInput,
        lambda house: date_changes.move_date(
            house.session, house.actor, house.series, SECOND, datetime(9999, 12, 31, 23), now=NOON
        ),
    ),
    "move of a date that is none": (
        NotFound,
        lambda house: date_changes.move_date(
            house.session, house.actor, house.series, SECOND + timedelta(hours=1), SECOND + timedelta(hours=2), now=NOON
        ),
    ),
    "nowhere": (
        InvalidInput,
        lambda house: date_changes.relocate_date(
            house.session, house.actor, house.series, SECOND, Venue(" "), now=NOON
        ),
    ),
    "note with a control character": (
        InvalidInput,
        lambda house: date_changes.cancel_date(
            house.session, house.actor, house.series, SECOND, public_note="Snow\x00", now=NOON
        ),
    ),
    "nothing to undo": (
        NotFound,
        lambda house: date_changes.restore_date(house.session, house.actor, house.series, SECOND, now=NOON),
    ),
    "pause that ends before it begins": (
        InvalidInput,
        lambda house: pauses.add_pause(
            house.session, house.actor, house.series, date(2026, 12, 2), date(2026, 12, 1), now=NOON
        ),
    ),
    "pause in the past": (
        InvalidInput,
        lambda house: pauses.add_pause(
            house.session, house.actor, house.series, date(2020, 1, 1), date(9999, 12, 31), now=NOON
        ),
    ),
    "pause that is none": (
        NotFound,
        lambda house: pauses.remove_pause(house.session, house.actor, house.series, uuid4(), now=NOON),
    ),
    "end in the past": (
        InvalidInput,
        lambda house: series_ends.end_series(house.session, house.actor, house.series, date(2026, 11, 23), now=NOON),
    ),
    "end out of time": (
        InvalidInput,
        lambda house: series_ends.end_series(house.session, house.actor, house.series, date(9999, 12, 31), now=NOON),
    ),
    "address in use": (
        Conflict,
        lambda house: meetings.create_series(
            house.session, house.actor, house.group, SeriesDraft(WEEKLY, slug="tuesday-evening"), now=NOON
        ),
    ),
    "address of a page": (
        Conflict,
        lambda house: meetings.create_series(
            house.session, house.actor, house.group, SeriesDraft(WEEKLY, slug="new"), now=NOON
        ),
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_change_stores_nothing(house: House, what: str) -> None:
    before = house.stored()
    error, change = REFUSED[what]
    with pytest.raises(error):
        change(house)
    assert house.stored() == before


def test_visitor_cannot_begin_a_group(session: Session, vault: Vault) -> None:
    with pytest.raises(NotAllowed):
        groups.create_group(session, VISITOR, LISTING, display_name="Robin", vault=vault, now=MORNING)
    assert list(session.scalars(select(Group))) == []
