"""A server for other people's programs to talk to, and its database to compare with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, create_engine

from tests.live import live_site
from tests.plugins.application import MORNING
from tests.programs.caldav import KeptCalendar, new_calendar, radicale


@dataclass(frozen=True)
class Served:
    """The application on a port, and the database behind it."""

    address: str
    engine: Engine


@pytest.fixture(scope="session")
def served(
    new_database: Callable[[], str], redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    database_url, folder = new_database(), tmp_path_factory.mktemp("served")
    engine = create_engine(database_url)
    with live_site(folder, database_url=database_url, redis_url=redis_url, begins=MORNING.isoformat()) as live:
        yield Served(live.address, engine)
    engine.dispose()


@pytest.fixture(scope="session")
def calendar_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a Radicale."""
    with radicale(tmp_path_factory.mktemp("radicale")) as port:
        yield port


@pytest.fixture
def kept(calendar_server: int) -> KeptCalendar:
    """An empty calendar on it."""
    return new_calendar(calendar_server)
