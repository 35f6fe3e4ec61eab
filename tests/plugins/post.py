"""A post office on this test's connection."""

import pytest
from sqlalchemy import Connection

from groupsite.mail.vault import Vault
from groupsite.services.calendars import Site
from groupsite.services.desk import Desk
from tests.plugins.application import Clock
from tests.post_office import PostOffice


@pytest.fixture
def post(connection: Connection, vault: Vault, clock: Clock, sample: None) -> PostOffice:
    site = Site("dates.invalid", "https://evenings.example", "Dates")
    return PostOffice(connection, Desk(site, "notes@evenings.example", vault), clock)
