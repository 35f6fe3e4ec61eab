"""A series' lines are written in the background after each change; a calendar that is fetched joins what is there."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from groupsite.domain.words import FeedLevel
from groupsite.mail.vault import Vault
from groupsite.services import date_changes, feeds
from groupsite.services.feeds import FeedWishes
from tests.browser import Browser
from tests.plugins.application import MORNING, Clock
from tests.weekly import NOON, SECOND, House, new_house

PUBLIC = "/groups/window-seat/calendar.ics"


@pytest.fixture
def house(app: Flask, session: Session, vault: Vault, clock: Clock) -> House:
    house = new_house(session, vault)
    house.series.calendar_block = house.series.block_renews_at = None
    session.commit()
    return house


@pytest.mark.parametrize("level", list(FeedLevel))
def test_change_is_in_every_calendar_though_no_other_was_fetched(
    house: House, client: Browser, level: FeedLevel
) -> None:
    _, token = feeds.create_feed(house.session, house.actor, FeedWishes(level=level), now=MORNING)
    house.session.commit()
    assert b"STATUS:CANCELLED" not in client.get(f"/calendar/{token}.ics").data
    date_changes.cancel_date(house.session, house.actor, house.series, SECOND, now=NOON)
    house.session.commit()
    assert b"STATUS:CANCELLED" in client.get(f"/calendar/{token}.ics").data
